package dev.cloche.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A node over real sockets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodeHttpTest {
    private static final int BODY = 100_000;
    private static final String ENDLESS = "{\"meta\":[{\"name\":\"method\",\"value\":\"endless\"}],\"content\":\"\"}";

    private Node node;
    private HttpClient client;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        node = Node.start(settings(folder, List.of(TestWorker.in(folder, "probe.wasm")), Optional.empty()));
        client = HttpClient.newHttpClient();
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    static NodeSettings settings(Path folder, List<Path> files, Optional<NodeSettings.Coordinator> coordinator) {
        return new NodeSettings(files, "127.0.0.1", 0, 2, 100, BODY, Duration.ofSeconds(5), Set.of("http://page.example"), Optional.empty(), coordinator,
                new NodeSettings.Grants(List.of(), false, Map.of(), Map.of()),
                new NodeSettings.Places(Optional.of(Path.of(System.getProperty("cloche.native"))), Optional.of(folder.resolve("cache"))));
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<byte[]> post(String path, byte[] body, String... headers) throws Exception {
        HttpRequest.Builder request = to(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int k = 0; k < headers.length; k += 2) {
            request.header(headers[k], headers[k + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private HttpResponse<byte[]> rpc(String envelope) throws Exception {
        return post("/rpc", envelope.getBytes(UTF_8));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String text(HttpResponse<byte[]> answer) {
        return new String(answer.body(), UTF_8);
    }

    private static Map<String, String> meta(byte[] envelope) {
        Map<String, String> meta = new java.util.TreeMap<>();
        Json.tree(envelope).path("meta").forEach(entry -> meta.put(entry.path("name").asText(), entry.path("value").asText()));
        return meta;
    }

    @Test
    void anEnvelopeIsAnsweredWithTheOutputAsItIs() throws Exception {
        HttpResponse<byte[]> answer = rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"echo\"}],\"content\":\"[[19,22],[43,50]]\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo("[[19,22],[43,50]]");
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        assertThat(answer.headers().firstValue("content-length")).contains("17");
    }

    private void untilBusy(int calls) {
        while (node.workers().busy() != calls) {
            Thread.onSpinWait();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/call/endless", "/rpc"})
    @Timeout(20)
    void aCallEndsWithTheConnectionOfItsCaller(String path) throws Exception {
        byte[] envelope = ENDLESS.getBytes(UTF_8);
        try (Socket caller = new Socket("127.0.0.1", node.port())) {
            caller.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + envelope.length + "\r\n\r\n").getBytes(UTF_8));
            caller.getOutputStream().write(envelope);
            untilBusy(1);
        }

        untilBusy(0);
        assertThat(get("/metrics").body()).contains("cloche_node_busy 0");
    }

    @Test
    @Timeout(20)
    void callsEndWithTheSocketOfTheirCaller() {
        WebSocket socket = client.newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + node.port() + "/rpc/ws"), new WebSocket.Listener() { }).join();
        socket.sendText(ENDLESS, true).join();
        socket.sendText(ENDLESS, true).join();
        untilBusy(2);

        socket.abort();

        untilBusy(0);
    }

    @Test
    void anAnswerCanBeAnEnvelopeThatCarriesTheIdentifier() throws Exception {
        HttpResponse<byte[]> answer = rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"echo\"},{\"name\":\"id\",\"value\":\"a 1\"},{\"name\":\"answer\",\"value\":\"envelope\"}],\"content\":\"5\"}");

        assertThat(meta(answer.body())).containsExactlyInAnyOrderEntriesOf(Map.of("status", "ok", "id", "a 1"));
        assertThat(Json.tree(answer.body()).path("content").asText()).isEqualTo("5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"meta":[{"name":"method","value":"echo"}]}                                    | content  | required
            {"content":"1"}                                                                | meta     | required
            {"meta":[],"content":"1"}                                                      | method   | required
            {"meta":[{"name":"method"}],"content":"1"}                                     | meta[0]  | required
            {"meta":[null],"content":"1"}                                                  | meta[0]  | required
            {"meta":[{"name":"method","value":"echo"},{"name":"method","value":"echo"}],"content":"1"} | meta | uniqueItems
            {"meta":{"method":"echo"},"content":"1"}                                       | meta     | type
            {"meta":[{"name":"method","value":"echo"}],"content":{}}                       | content  | type
            {"meta":[{"name":"method","value":"echo"}],"content":"1","more":1}             | more     | unknown
            {"meta":[{"name":"method","value":"echo"},{"name":"answer","value":"xml"}],"content":"1"} | answer | enum
            """)
    void aMalformedEnvelopeIsRefusedWithFieldAndRule(String envelope, String field, String rule) throws Exception {
        HttpResponse<byte[]> answer = rpc(envelope);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(meta(answer.body())).containsEntry("status", "error").containsEntry("error", "bad_envelope").containsEntry("field", field).containsEntry("rule", rule);
        assertThat(Json.tree(answer.body()).path("content").asText()).isNotBlank();
    }

    @Test
    void whatIsNoJsonIsRefused() throws Exception {
        for (String body : List.of("{\"meta\":[", "", "null", "5", "[]")) {
            HttpResponse<byte[]> answer = rpc(body);

            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(meta(answer.body())).containsEntry("error", "bad_envelope").containsKeys("field", "rule");
        }
        assertThat(meta(rpc("{").body())).containsEntry("field", "body").containsEntry("rule", "json");
    }

    /** The matrix worker itself, behind a secret. */
    @Test
    void matricesThatCannotBeMultipliedAndAWrongSecretAreRefusedWithFieldAndRule(@TempDir Path other) throws Exception {
        NodeSettings plain = settings(other, List.of(Path.of(System.getProperty("cloche.root"), "examples/workers/matrix/matrix.wasm")), Optional.empty());
        NodeSettings behind = new NodeSettings(plain.files(), plain.bind(), 0, plain.slots(), plain.queue(), plain.bodyBytes(), plain.drain(), plain.origins(), Optional.of("word"), Optional.empty(), plain.grants(), plain.places());
        try (Node matrix = Node.start(behind)) {
            URI rpc = URI.create("http://127.0.0.1:" + matrix.port() + "/rpc");
            for (String expected : List.of("B shape {\"A\":[[1,2]],\"B\":[[1,2]]}", "A number {\"A\":[[NaN]],\"B\":[[1]]}", "B missing {\"A\":[[1]]}")) {
                String[] parts = expected.split(" ", 3);
                byte[] body = Json.bytes(Map.of("meta", List.of(Map.of("name", "method", "value", "multiply")), "content", parts[2]));
                HttpResponse<byte[]> refused = client.send(HttpRequest.newBuilder(rpc).header("authorization", "Bearer word").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(refused.statusCode()).isEqualTo(422);
                assertThat(meta(refused.body())).containsEntry("error", "bad_input").containsEntry("field", parts[0]).containsEntry("rule", parts[1]);
                HttpResponse<byte[]> stranger = client.send(HttpRequest.newBuilder(rpc).header("authorization", "Bearer wrong").POST(HttpRequest.BodyPublishers.ofByteArray(body)).build(), HttpResponse.BodyHandlers.ofByteArray());
                assertThat(stranger.statusCode()).isEqualTo(401);
                assertThat(meta(stranger.body())).containsEntry("error", "unauthenticated").containsEntry("field", "authorization").containsEntry("rule", "secret");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"nothing,404,unknown_function", "refuse,422,bad_input", "fail,500,failed", "trap,500,trapped"})
    void failuresOfCallsComeAsEnvelopes(String function, int status, String error) throws Exception {
        HttpResponse<byte[]> byRpc = rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"" + function + "\"},{\"name\":\"id\",\"value\":\"7\"}],\"content\":\"\"}");
        HttpResponse<byte[]> byCall = post("/call/" + function, new byte[0]);

        assertThat(byRpc.statusCode()).isEqualTo(status);
        assertThat(meta(byRpc.body())).containsEntry("status", "error").containsEntry("error", error).containsEntry("id", "7");
        assertThat(byCall.statusCode()).isEqualTo(status);
        assertThat(meta(byCall.body())).containsEntry("status", "error").containsEntry("error", error);
        if (function.equals("nothing")) {
            assertThat(meta(byRpc.body())).containsEntry("field", "method").containsEntry("rule", "exists");
            assertThat(meta(byCall.body())).containsEntry("field", "method").containsEntry("rule", "exists");
        }
        if (function.equals("refuse")) {
            assertThat(meta(byCall.body())).containsEntry("field", "B").containsEntry("rule", "shape");
            assertThat(Json.tree(byCall.body()).path("content").asText()).isEqualTo("B must have 2 rows.");
        }
    }

    @Test
    void bytesGoThroughAsTheyAre() throws Exception {
        byte[] all = new byte[BODY];
        new Random(5).nextBytes(all);

        HttpResponse<byte[]> answer = post("/call/echo", all);

        assertThat(answer.body()).isEqualTo(all);
        assertThat(answer.headers().firstValue("content-type")).contains("application/octet-stream");
        assertThat(answer.headers().firstValue("cloche-ran-ms").orElseThrow()).matches("[0-9]+\\.[0-9]{3}");
        assertThat(post("/call/probe/echo", all).body()).isEqualTo(all);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndTheConnectionGoesOn() throws Exception {
        HttpResponse<byte[]> announced = post("/call/echo", new byte[BODY + 1]);
        HttpResponse<byte[]> chunked = client.send(to("/call/echo").POST(HttpRequest.BodyPublishers.ofInputStream(() -> InputStream.nullInputStream())).build(), HttpResponse.BodyHandlers.ofByteArray());
        HttpResponse<byte[]> tooMuch = client.send(to("/call/echo").POST(HttpRequest.BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[2 * BODY]))).build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(meta(announced.body())).containsEntry("field", "body").containsEntry("rule", "maxLength");
        assertThat(chunked.statusCode()).isEqualTo(200);
        assertThat(tooMuch.statusCode()).isEqualTo(413);
    }

    @Test
    void otherPathsAreNotFoundAndNamesOfWorkersAreChecked() throws Exception {
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/rpc").statusCode()).isEqualTo(404);
        assertThat(post("/call/other/echo", new byte[0]).statusCode()).isEqualTo(422);
        assertThat(meta(post("/call/other/echo", new byte[0]).body())).containsEntry("field", "worker").containsEntry("rule", "exists");
        assertThat(post("/call/a/b/c", new byte[0]).statusCode()).isEqualTo(404);
        assertThat(meta(post("/call/" + "f".repeat(201), new byte[0]).body())).containsEntry("field", "method").containsEntry("rule", "maxLength");
    }

    @Test
    void aNodeSaysWhatItIs() throws Exception {
        post("/call/echo", new byte[3]);

        assertThat(Json.tree(get("/health/ready").body().getBytes(UTF_8)).path("status").asText()).isEqualTo("ready");
        JsonNode worker = Json.tree(get("/").body().getBytes(UTF_8)).path("workers").path(0);
        assertThat(worker.path("name").asText()).isEqualTo("probe");
        assertThat(worker.path("digest").asText()).isEqualTo(Digest.of(TestWorker.bytes()).hex());
        assertThat(worker.path("functions").toString()).contains("\"name\":\"echo\"").contains("\"input\":\"bytes\"");
        assertThat(get("/metrics").body()).containsPattern("cloche_node_calls_total\\{worker=\"probe\",function=\"echo\",outcome=\"ok\"} [1-9]")
                .contains("cloche_node_slots 2").contains("cloche_node_call_seconds_bucket");
    }

    @Test
    void pagesMayCallOnlyWhereTheirOriginIsAllowed() throws Exception {
        HttpResponse<byte[]> allowed = post("/call/echo", "1".getBytes(UTF_8), "origin", "http://page.example");
        HttpResponse<byte[]> foreign = post("/call/echo", "1".getBytes(UTF_8), "origin", "http://page.example.evil");

        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().firstValue("access-control-allow-origin")).contains("http://page.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
    }

    @Test
    void connectionsThatAreUsedAgainAndClosedAtRandomNeverGetAShortAnswer() throws Exception {
        List<CompletableFuture<Integer>> clients = IntStream.range(0, 8).mapToObj(seed -> CompletableFuture.supplyAsync(() -> session(seed), command -> Thread.ofVirtual().start(command))).toList();

        assertThat(clients.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(8 * 300);
    }

    /** Three hundred requests over plain sockets that are closed now and then; returns how many were answered whole. */
    private int session(int seed) {
        Random random = new Random(seed);
        int whole = 0;
        try {
            Socket socket = new Socket("127.0.0.1", node.port());
            for (int k = 0; k < 300; k++) {
                byte[] body = new byte[random.nextInt(5000)];
                random.nextBytes(body);
                boolean last = random.nextInt(5) == 0;
                String head = "POST /call/echo HTTP/1.1\r\nHost: node\r\nContent-Length: " + body.length + (last && random.nextBoolean() ? "\r\nConnection: close" : "") + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(UTF_8));
                socket.getOutputStream().write(body);
                whole += java.util.Arrays.equals(answer(socket.getInputStream()), body) ? 1 : 0;
                if (last) {
                    socket.close();
                    socket = new Socket("127.0.0.1", node.port());
                }
            }
            socket.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return whole;
    }

    private static byte[] answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the connection ended within the head: " + head);
            }
            head.append((char) next);
        }
        java.util.regex.Matcher length = java.util.regex.Pattern.compile("(?i)content-length: ([0-9]+)").matcher(head);
        assertThat(length.find()).isTrue();
        return in.readNBytes(Integer.parseInt(length.group(1)));
    }

    @Test
    void aSocketTakesEnvelopesAndAnswersInAnyOrder() throws Exception {
        LinkedBlockingQueue<String> received = new LinkedBlockingQueue<>();
        WebSocket socket = client.newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + node.port() + "/rpc/ws"), listener(received)).get(10, TimeUnit.SECONDS);

        for (int k = 0; k < 200; k++) {
            socket.sendText("{\"meta\":[{\"name\":\"method\",\"value\":\"echo\"},{\"name\":\"id\",\"value\":\"" + k + "\"}],\"content\":\"" + k + "\"}", true).get(10, TimeUnit.SECONDS);
        }
        socket.sendText("{\"meta\":[{\"name\":\"method\",\"value\":\"refuse\"},{\"name\":\"id\",\"value\":\"r\"}],\"content\":\"\"}", true).get(10, TimeUnit.SECONDS);
        socket.sendText("nonsense", true).get(10, TimeUnit.SECONDS);

        Set<String> answered = new HashSet<>();
        List<Map<String, String>> errors = new ArrayList<>();
        for (int k = 0; k < 202; k++) {
            byte[] envelope = received.poll(20, TimeUnit.SECONDS).getBytes(UTF_8);
            Map<String, String> meta = meta(envelope);
            if (meta.get("status").equals("ok")) {
                assertThat(Json.tree(envelope).path("content").asText()).isEqualTo(meta.get("id"));
                answered.add(meta.get("id"));
            } else {
                errors.add(meta);
            }
        }
        assertThat(answered).hasSize(200);
        assertThat(errors).extracting(meta -> meta.get("error")).containsExactlyInAnyOrder("bad_input", "bad_envelope");
        socket.abort();
    }

    private static WebSocket.Listener listener(LinkedBlockingQueue<String> received) {
        return new WebSocket.Listener() {
            private final StringBuilder message = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                message.append(data);
                if (last) {
                    received.add(message.toString());
                    message.setLength(0);
                }
                from.request(1);
                return CompletableFuture.completedFuture(null);
            }
        };
    }

    @Test
    void aNodeThatStopsFinishesWhatItHasBegun(@TempDir Path other) throws Exception {
        Node stopping = Node.start(settings(other, List.of(TestWorker.in(other, "probe.wasm")), Optional.empty()));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + stopping.port() + "/call/echo")).POST(HttpRequest.BodyPublishers.ofByteArray(new byte[BODY])).build();
        List<CompletableFuture<HttpResponse<byte[]>>> calls = IntStream.range(0, 20).mapToObj(k -> client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())).toList();
        calls.getFirst().get(20, TimeUnit.SECONDS);

        stopping.close();

        // what had arrived is answered whole; what had not, is refused by the closed port, never cut
        long whole = calls.stream().filter(call -> call.handle((answer, thrown) -> thrown == null && answer.body().length == BODY).join()).count();
        assertThat(whole).isGreaterThanOrEqualTo(1);
    }
}
