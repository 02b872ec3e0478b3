package dev.cloche.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private static final LinkedBlockingQueue<String> EVENTS = new LinkedBlockingQueue<>();
    private static final CountDownLatch STREAM_ENDED = new CountDownLatch(1);
    private static final AtomicInteger WRITTEN = new AtomicInteger();
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.of(List.of(
                Route.get("/hello", request -> Response.text(200, "hello " + request.query("name").orElse("you"))).open(),
                Route.get("/thread", request -> Response.text(200, "" + Thread.currentThread().isVirtual())).open(),
                Route.post("/echo", request -> Response.bytes(200, "application/octet-stream", request.body())).open().bodyLimit(1_000_000),
                Route.post("/small", request -> Response.text(200, "" + request.body().length)).open().bodyLimit(10),
                Route.get("/large", request -> Response.json(Map.of("text", "x".repeat(5000)))).open(),
                Route.get("/broken", request -> {
                    throw new IllegalStateException("secret inside");
                }).open(),
                Route.get("/refused", request -> {
                    throw Problem.field("name", "maxLength", "Too long.");
                }).open(),
                Route.get("/events", request -> Response.stream("text/event-stream", out -> {
                    try {
                        while (true) {
                            out.write(("data: " + EVENTS.take() + "\n\n").getBytes(UTF_8));
                            out.flush();
                        }
                    } catch (InterruptedException e) {
                        // the client went away while the stream waited; while it writes, the writing fails
                    } finally {
                        STREAM_ENDED.countDown();
                    }
                })).open(),
                Route.get("/endless", request -> Response.stream("application/octet-stream", out -> {
                    byte[] block = new byte[16 * 1024];
                    while (true) {
                        out.write(block);
                        WRITTEN.addAndGet(block.length);
                    }
                })).open(),
                Route.get("/tagged", request -> Response.text(200, "same").tagged(request, "v1")).open()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void aRouteAnswersOnAVirtualThread() {
        assertThat(server.send("GET", "/hello?name=J%C3%BCrgen+B").text()).isEqualTo("hello Jürgen B");
        assertThat(server.send("GET", "/thread").text()).isEqualTo("true");
    }

    @Test
    void severalRequestsUseOneConnection() {
        try (SocketClient client = SocketClient.connect(server.port())) {
            for (int i = 0; i < 3; i++) {
                client.send("POST /echo HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nContent-Length: 3\r\n\r\nab" + i);

                assertThat(client.read().text()).isEqualTo("ab" + i);
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        String one = "GET /hello?name=%d HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n\r\n";
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send(one.formatted(1) + one.formatted(2) + one.formatted(3));

            assertThat(client.read().text()).isEqualTo("hello 1");
            assertThat(client.read().text()).isEqualTo("hello 2");
            assertThat(client.read().text()).isEqualTo("hello 3");
        }
    }

    @Test
    void headHasTheHeadersAndNoBody() {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send("HEAD /hello HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n\r\n");

            assertThat(client.read(true).header("content-length")).contains("9");
            client.send("GET /hello HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("hello you");
        }
    }

    @Test
    void everyFailureIsProblemJson() {
        assertProblem(server.send("GET", "/nowhere"), 404, "not-found");
        assertProblem(server.send("GET", "/broken"), 500, "internal");
        assertProblem(server.send("GET", "/refused"), 400, "invalid-field");
        assertProblem(server.send("PUT", "/echo"), 405, "method-not-allowed");
        assertThat(server.send("GET", "/broken").text()).doesNotContain("secret");
        assertThat(server.send("PUT", "/hello").header("allow")).contains("GET, HEAD");
        assertThat(server.send("GET", "/refused").json().at("/errors/0/rule").asText()).isEqualTo("maxLength");
    }

    @Test
    void aBodyAboveTheLimitIsRefusedWhetherItsLengthIsToldOrNot() {
        assertProblem(server.sendJson("POST", "/small", "12345678901"), 413, "too-large");
        String chunked = "POST /small HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "6\r\n123456\r\n6\r\n123456\r\n0\r\n\r\n";
        assertProblem(SocketClient.once(server.port(), chunked), 413, "too-large");
        assertThat(server.sendJson("POST", "/small", "1234567890").text()).isEqualTo("10");
    }

    @Test
    void aHugeDeclaredBodyIsRefusedBeforeItIsSent() {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send("POST /small HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n");

            assertProblem(client.read(), 413, "too-large");
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aClientThatAsksIsToldToContinue() {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send("POST /echo HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("body").read().text()).isEqualTo("body");
        }
    }

    @Test
    void eventsArriveWhenTheyHappenAndTheStreamEndsWithItsClient() throws InterruptedException {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send("GET /events HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nAccept-Encoding: gzip\r\n\r\n");
            EVENTS.add("one");
            assertThat(client.line()).contains("200");
            assertThat(client.headers()).containsKey("transfer-encoding").doesNotContainKey("content-encoding");
            client.line();
            assertThat(client.line()).isEqualTo("data: one");
        }

        assertThat(STREAM_ENDED.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatDoesNotReadHoldsTheWriterBack() throws InterruptedException {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send("GET /endless HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n\r\n");
            client.line();
            int before;
            int after = WRITTEN.get();
            do {
                before = after;
                TimeUnit.MILLISECONDS.sleep(300);
                after = WRITTEN.get();
            } while (after != before);

            assertThat(after).isLessThan(32 * 1024 * 1024);
        }
    }

    @Test
    void largeTextIsCompressedForWhoTakesIt() {
        SocketClient.Answer gzip = server.send("GET", "/large", "Accept-Encoding: br, gzip");

        assertThat(gzip.header("content-encoding")).contains("gzip");
        assertThat(gzip.body().length).isLessThan(500);
        assertThat(server.send("GET", "/large").text()).hasSizeGreaterThan(5000);
        assertThat(server.send("GET", "/large", "Accept-Encoding: gzip;q=0").text()).hasSizeGreaterThan(5000);
    }

    @Test
    void anUnchangedAnswerIsNotSentAgain() {
        assertThat(server.send("GET", "/tagged").header("etag")).contains("\"v1\"");
        assertThat(server.send("GET", "/tagged", "If-None-Match: W/\"v0\", \"v1\"").status()).isEqualTo(304);
        assertThat(server.send("GET", "/tagged", "If-None-Match: \"v2\"").status()).isEqualTo(200);
    }

    @Test
    void headersThatOverflowAreAnsweredWithTheCureForACookieBomb() {
        SocketClient.Answer answer = server.send("GET", "/hello", "Cookie: a=" + "x".repeat(40_000));

        assertThat(answer.status()).isEqualTo(431);
        assertThat(answer.header("clear-site-data")).contains("\"cookies\"");
        assertThat(answer.json().path("status").asInt()).isEqualTo(431);
        assertThat(server.send("GET", "/hello?" + "x".repeat(20_000)).status()).isEqualTo(414);
    }

    @Test
    void aHeadThatTricklesIsCutOff() {
        HttpConfig quick = HttpConfig.on("127.0.0.1", 0)
                .times(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofSeconds(1));
        try (RunningServer slow = RunningServer.of(quick, origins -> new FrontDoor.Parts(
                        List.of(Route.post("/echo", request -> Response.empty()).open()), List.of(), Assets.none(), Authenticator.nobody(), RequestCheck.none()));
                SocketClient head = SocketClient.connect(slow.port());
                SocketClient body = SocketClient.connect(slow.port())) {
            head.send("GET /echo HTTP/1.1\r\nHos");
            body.send("POST /echo HTTP/1.1\r\nHost: " + slow.controlHost() + "\r\nContent-Length: 100\r\n\r\nabc");

            assertThat(head.isClosed()).isTrue();
            assertProblem(body.read(), 400, "invalid-request");
        }
    }

    @Test
    void theHeadOfAStreamIsSentBeforeThereIsAnythingToSay() {
        CountDownLatch ended = new CountDownLatch(1);
        try (RunningServer quiet = RunningServer.of(List.of(Route.get("/quiet", request -> Response.stream("text/plain", out -> {
                    out.flush();
                    try {
                        ended.await();
                    } catch (InterruptedException e) {
                        // the client went away
                    }
                })).open()));
                SocketClient client = SocketClient.connect(quiet.port())) {
            client.send("GET /quiet HTTP/1.1\r\nHost: " + quiet.controlHost() + "\r\n\r\n");

            assertThat(client.line()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(client.headers()).containsKey("transfer-encoding");
            ended.countDown();
            assertThat(client.line()).isEqualTo("0");
        }
    }

    @Test
    void aServerStopsAlthoughAStreamIsOpen() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        RunningServer stopping = RunningServer.of(List.of(Route.get("/events", request -> Response.stream("text/event-stream", out -> {
            try {
                out.write('\n');
                out.flush();
                Thread.sleep(Duration.ofHours(1));
            } catch (InterruptedException e) {
                // the end that is expected
            } finally {
                ended.countDown();
            }
        })).open()));
        try (SocketClient client = SocketClient.connect(stopping.port())) {
            client.send("GET /events HTTP/1.1\r\nHost: " + stopping.controlHost() + "\r\n\r\n");
            client.line();
            client.headers();
            client.line();
            long start = System.nanoTime();

            stopping.close();

            // without its interrupt the stream would hold the server for an hour
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void assertProblem(SocketClient.Answer answer, int status, String code) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("content-type")).contains("application/problem+json");
        assertThat(answer.json().path("code").asText()).isEqualTo(code);
        assertThat(answer.json().path("error").asText()).isEqualTo(answer.json().path("title").asText());
        assertThat(ErrorCode.valueOf(code.toUpperCase(java.util.Locale.ROOT).replace('-', '_'))).isNotNull();
    }
}
