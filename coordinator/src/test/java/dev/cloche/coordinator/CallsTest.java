package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Publishing and calling over a socket, on the server's own places. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class CallsTest {
    private CoordinatorServer server;

    @BeforeAll
    void start() {
        server = new CoordinatorServer();
        server.publish("texts", FakeWorkers.module(1));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private CoordinatorServer.Answer call(String path, String input) {
        return server.send("POST", "/api/workers/" + path, "text/plain", input.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aPublishedWorkerAnswersAndSaysWhereItRan() {
        CoordinatorServer.Answer answer = call("texts/call/reverse", "abc");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("cba");
        assertThat(answer.header("cloche-ran-on")).isEqualTo("local");
        assertThat(answer.header("cloche-digest")).isEqualTo(Digest.of(FakeWorkers.module(1)).hex());
        assertThat(answer.header("cloche-ran-ms")).isEqualTo("0.001");
    }

    @Test
    void aCallThatCannotBeAnsweredSaysWhy() {
        JsonNode bad = call("texts/call/bad", "x").json();
        assertThat(bad.path("status").asInt()).isEqualTo(422);
        assertThat(bad.path("failure").asText()).isEqualTo("bad_input");
        assertThat(bad.at("/errors/0/field").asText()).isEqualTo("B");
        assertThat(bad.at("/errors/0/rule").asText()).isEqualTo("shape");
        assertThat(call("texts/call/fail", "x").json().path("detail").asText()).isEqualTo("out of luck");
        assertThat(call("texts/call/nothing", "x").status()).isEqualTo(404);
        assertThat(call("nothing/call/echo", "x").status()).isEqualTo(404);
        assertThat(call("texts/call/echo?where=node", "x").status()).isEqualTo(503);
        assertThat(call("texts/call/echo?where=nowhere", "x").status()).isEqualTo(400);
        assertThat(call("texts/call/echo?divide=2", "x").json().at("/errors/0/rule").asText()).isEqualTo("divisible");
        assertThat(server.sendAs("", "POST", "/api/workers/texts/call/echo", "text/plain", new byte[1]).status()).isEqualTo(401);
        assertThat(server.sendAs("cloche_wrong", "POST", "/api/workers/texts/call/echo", "text/plain", new byte[1]).status()).isEqualTo(401);
        assertThat(server.sendAs(CoordinatorServer.token(server.owner, List.of("read")), "POST", "/api/workers/texts/call/echo", "text/plain", new byte[1]).status()).isEqualTo(403);
        assertThat(server.sendAs(CoordinatorServer.token(server.people.person("stranger"), CoordinatorServer.ALL), "POST", "/api/workers/texts/call/echo", "text/plain", new byte[1]).status()).isEqualTo(404);
    }

    @Test
    void aCallInPartsGivesTheSumOfTheParts() {
        server.publish("sums", FakeWorkers.bundle(FakeWorkers.divisible()));

        for (String divide : List.of("0", "1", "3", "7", "auto")) {
            CoordinatorServer.Answer answer = server.send("POST", "/api/workers/sums/call/sum?divide=" + divide, "application/octet-stream", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});

            assertThat(answer.text()).isEqualTo("45");
            assertThat(answer.header("cloche-parts")).isEqualTo(divide.equals("0") ? "2" : divide.equals("auto") ? "1" : divide);
        }
        assertThat(call("sums/call/sum?divide=65", "x").status()).isEqualTo(400);
    }

    @Test
    void versionsAreKeptAndCanBeCalledAgain() {
        server.publish("versions", FakeWorkers.module(10));
        JsonNode second = server.publish("versions", FakeWorkers.module(11));
        assertThat(second.path("versions")).hasSize(2);
        assertThat(second.at("/worker/digest").asText()).isEqualTo(Digest.of(FakeWorkers.module(11)).hex());

        JsonNode back = server.send("POST", "/api/workers/versions/rollback").json();
        assertThat(back.at("/worker/digest").asText()).isEqualTo(Digest.of(FakeWorkers.module(10)).hex());
        assertThat(server.send("POST", "/api/workers/versions/rollback").status()).isEqualTo(409);
        assertThat(server.json("POST", "/api/workers/versions/rollback", Map.of("digest", Digest.of(FakeWorkers.module(11)).hex())).status()).isEqualTo(200);
        assertThat(server.json("POST", "/api/workers/versions/rollback", Map.of("digest", "0".repeat(64))).json().at("/errors/0/field").asText()).isEqualTo("digest");
        assertThat(server.send("GET", "/api/workers/versions/versions/" + Digest.of(FakeWorkers.module(10)).hex()).on().body()).isEqualTo(FakeWorkers.module(10));

        assertThat(server.send("DELETE", "/api/workers/versions").status()).isEqualTo(204);
        assertThat(server.send("GET", "/api/workers/versions").status()).isEqualTo(404);
    }

    @Test
    void whatCannotBeCompiledIsRefusedWithTheReason() {
        CoordinatorServer.Answer answer = server.send("POST", "/api/workers?name=broken", "application/wasm", FakeWorkers.module(666));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("detail").asText()).contains("bad magic in section 3");
        assertThat(server.send("GET", "/api/workers/broken").status()).isEqualTo(404);
        assertThat(server.send("POST", "/api/workers?name=text", "application/wasm", "hello".getBytes(StandardCharsets.UTF_8)).json().at("/errors/0/rule").asText()).isEqualTo("format");
        assertThat(server.send("POST", "/api/workers?name=events", "application/wasm", FakeWorkers.module(1)).json().at("/errors/0/rule").asText()).isEqualTo("worker-name");
    }

    @Test
    void settingsReachTheWorkerAndSecretsAreNotShown() {
        server.publish("set", FakeWorkers.bundle(FakeWorkers.manifest(Map.of("allowed_hosts", List.of("api.example.org", "b.example.org")))));

        JsonNode shown = server.json("PUT", "/api/workers/set/settings", Map.of("hosts", List.of("api.example.org"),
                "config", Map.of("key", Map.of("value", "geheim", "secret", true), "plain", Map.of("value", "1")), "memoryPages", 16)).json();
        assertThat(shown.at("/worker/settings/config/key").has("value")).isFalse();
        assertThat(shown.at("/worker/settings/config/plain/value").asText()).isEqualTo("1");
        assertThat(shown.at("/worker/tabs").asBoolean()).isFalse();
        assertThat(call("set/call/settings", "").text()).isEqualTo("[api.example.org] {key=geheim, plain=1} 1048576");

        server.json("PUT", "/api/workers/set/settings", Map.of("config", Map.of("key", Map.of("secret", true))));
        assertThat(call("set/call/settings", "").text()).isEqualTo("[] {key=geheim} 1073741824");
        assertThat(server.json("PUT", "/api/workers/set/settings", Map.of("hosts", List.of("evil.example.org"))).json().at("/errors/0/rule").asText()).isEqualTo("wanted");
        assertThat(server.json("PUT", "/api/workers/set/settings", Map.of("config", Map.of("new", Map.of("secret", true)))).json().at("/errors/0/field").asText()).isEqualTo("config.new");
    }

    @Test
    void theEnvelopeIsAnsweredAsInTheRequirementAndRefusedInItsOwnForm() {
        CoordinatorServer.Answer plain = rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"reverse\"},{\"name\":\"worker\",\"value\":\"texts\"}],\"content\":\"abc\"}");
        assertThat(plain.text()).isEqualTo("cba");
        JsonNode envelope = rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"reverse\"},{\"name\":\"worker\",\"value\":\"texts\"},{\"name\":\"answer\",\"value\":\"envelope\"},{\"name\":\"id\",\"value\":\"7\"}],\"content\":\"abc\"}").json();
        assertThat(envelope.path("content").asText()).isEqualTo("cba");
        assertThat(envelope.path("meta").toString()).contains("\"ok\"", "\"7\"");

        assertRefused(rpc("{"), 400, "bad_envelope", "");
        assertRefused(rpc("{\"meta\":[],\"content\":\"\"}"), 400, "bad_envelope", "method");
        assertRefused(rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"reverse\"}]}"), 400, "bad_envelope", "content");
        assertRefused(rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"nothing\"},{\"name\":\"worker\",\"value\":\"texts\"}],\"content\":\"\"}"), 404, "unknown_function", "");
        assertRefused(rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"bad\"},{\"name\":\"worker\",\"value\":\"texts\"}],\"content\":\"\"}"), 422, "bad_input", "B");
        assertRefused(rpc("{\"meta\":[{\"name\":\"method\",\"value\":\"bad\"},{\"name\":\"worker\",\"value\":\"missing\"}],\"content\":\"\"}"), 404, "not_found", "");
        byte[] large = new byte[TaskQueue.LARGEST + 1];
        java.util.Arrays.fill(large, (byte) ' ');
        assertRefused(server.send("POST", "/rpc", "application/json", large), 413, "too_large", "body");
    }

    private CoordinatorServer.Answer rpc(String envelope) {
        return server.send("POST", "/rpc", "application/json", envelope.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(CoordinatorServer.Answer answer, int status, String error, String field) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        String meta = answer.json().path("meta").toString();
        assertThat(meta).contains("{\"name\":\"status\",\"value\":\"error\"}", "{\"name\":\"error\",\"value\":\"" + error + "\"}");
        if (!field.isEmpty()) {
            assertThat(meta).contains("{\"name\":\"field\",\"value\":\"" + field + "\"}");
        }
    }

    @Test
    void figuresAndNodesAreShown() {
        call("texts/call/echo", "x");

        JsonNode statistics = server.send("GET", "/api/workers/statistics").json();
        assertThat(statistics.path("places").toString()).contains("\"echo\"", "\"local\"");
        assertThat(statistics.at("/queue/waiting").asInt()).isZero();
        assertThat(statistics.at("/nodes/0/id").asText()).isEqualTo("local");
        assertThat(server.send("GET", "/api/nodes").json().at("/nodes/0/engine").asText()).isEqualTo("fake 1");
    }
}
