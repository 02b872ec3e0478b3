package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the server says to wrong input, with the matrix worker on wasmtime: field and rule, and the queue stays as it is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class BadInputTest {
    private static final String GOOD = "{\"A\":[[1]],\"B\":[[2]]}";

    private Engine engine;
    private CoordinatorServer server;
    private String queue;

    @BeforeAll
    void start() throws Exception {
        engine = Engines.open(EngineSettings.of(Optional.of(Path.of(System.getProperty("cloche.native"))), Optional.empty()));
        server = new CoordinatorServer(CoordinatorSettings.USUAL.withSlots(2), WorkerOpener.on(() -> engine));
        server.publish("matrix", Files.readAllBytes(Path.of(System.getProperty("cloche.root"), "examples/workers/matrix/matrix.wasm")));
    }

    @AfterAll
    void stop() {
        server.close();
        engine.close();
    }

    @BeforeEach
    void look() {
        queue = tasks();
    }

    @AfterEach
    void theQueueIsAsItWas() {
        assertThat(tasks()).isEqualTo(queue);
    }

    private String tasks() {
        return server.send("GET", "/task").json().path("tasks").toString();
    }

    /** The status, and the fields {@code error}, {@code field} and {@code rule} of an envelope's meta. */
    private static String envelope(CoordinatorServer.Answer answer) {
        Map<String, String> meta = new java.util.HashMap<>();
        answer.json().path("meta").forEach(one -> meta.put(one.path("name").asText(), one.path("value").asText()));
        assertThat(meta).as(answer.text()).containsEntry("status", "error");
        assertThat(answer.json().path("content").asText()).isNotBlank();
        return answer.status() + " " + meta.get("error") + " " + meta.get("field") + " " + meta.get("rule");
    }

    private static String problem(CoordinatorServer.Answer answer) {
        JsonNode first = answer.json().path("errors").path(0);
        return answer.status() + " " + first.path("field").asText() + " " + first.path("rule").asText();
    }

    private CoordinatorServer.Answer rpc(String method, String content) {
        return server.json("POST", "/rpc", Map.of("meta", List.of(Map.of("name", "method", "value", method)), "content", content));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {                                                          | body    | json
            null                                                       | body    | json
            []                                                         |         | type
            {"meta":[],"content":"1"}                                  | method  | required
            {"meta":[{"name":"method"}],"content":"1"}                 | meta[0] | required
            {"meta":[{"name":"method","value":"multiply"}]}            | content | required
            {"meta":[{"name":"method","value":"multiply"}],"content":5,"x":1} | x | unknown
            """)
    void aMalformedEnvelope(String body, String field, String rule) {
        assertThat(envelope(server.send("POST", "/rpc", "application/json", body.getBytes(StandardCharsets.UTF_8)))).isEqualTo("400 bad_envelope " + (field == null ? "" : field) + " " + rule);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"A":[[1,2]],"B":[[1,2]]}       | B | shape
            {"A":[[1,2],[3]],"B":[[1],[2]]} | A | shape
            {"A":[[NaN]],"B":[[1]]}         | A | number
            {"A":[[1]],"B":"[[Infinity]]"}  | B | number
            {"A":[[1]]}                     | B | missing
            """)
    void matricesThatCannotBeMultiplied(String input, String field, String rule) {
        assertThat(envelope(rpc("multiply", input))).isEqualTo("422 bad_input " + field + " " + rule);
        CoordinatorServer.Answer call = server.send("POST", "/api/workers/matrix/call/multiply", "application/octet-stream", input.getBytes(StandardCharsets.UTF_8));
        assertThat(problem(call)).isEqualTo("422 " + field + " " + rule);
    }

    @Test
    void aFunctionOrWorkerThatIsNotThere() {
        assertThat(envelope(rpc("divide", GOOD))).isEqualTo("404 unknown_function method exists");
        assertThat(problem(server.send("POST", "/api/workers/matrix/call/divide"))).isEqualTo("404 function exists");
        assertThat(problem(server.send("POST", "/api/workers/other/call/multiply"))).isEqualTo("404 worker exists");
        assertThat(problem(server.json("POST", "/task", Map.of("worker", "matrix", "function", "divide")))).isEqualTo("400 function exists");
        CoordinatorServer.Answer other = server.json("POST", "/rpc", Map.of("meta", List.of(Map.of("name", "method", "value", "multiply"), Map.of("name", "worker", "value", "other")), "content", GOOD));
        assertThat(envelope(other)).isEqualTo("404 not_found worker exists");
    }

    @Test
    void aBodyThatIsTooLarge() {
        byte[] large = new byte[TaskQueue.LARGEST + 1];
        Arrays.fill(large, (byte) ' ');
        assertThat(envelope(server.send("POST", "/rpc", "application/json", large))).isEqualTo("413 too_large body maxLength");
        assertThat(problem(server.send("POST", "/task?worker=matrix&function=multiply", "application/octet-stream", large))).isEqualTo("413 body maxLength");
    }

    @Test
    void whoShowsNoTokenOrAWrongOne() {
        byte[] good = Json.bytes(Map.of("meta", List.of(Map.of("name", "method", "value", "multiply")), "content", GOOD));
        for (String token : List.of("", "cloche_wrong")) {
            CoordinatorServer.Answer answer = server.sendAs(token, "POST", "/rpc", "application/json", good);
            assertThat(envelope(answer)).isEqualTo("401 unauthenticated authorization token");
            assertThat(answer.header("www-authenticate")).startsWith("Bearer");
            assertThat(server.sendAs(token, "POST", "/task?worker=matrix&function=multiply", "application/octet-stream", new byte[1]).status()).isEqualTo(401);
        }
        assertThat(envelope(server.sendAs(CoordinatorServer.token(server.owner, List.of("read")), "POST", "/rpc", "application/json", good))).startsWith("403 forbidden");
    }

    @Test
    void aLeaseThatHasPassedOnAndAResultForAnUnknownTask() {
        assertThat(problem(server.json("POST", "/task/0123456789abcdef/result", Map.of("lease", "x", "content", "1")))).isEqualTo("404 id exists");
        assertThat(problem(server.json("POST", "/task/0123456789abcdef/lease", Map.of("lease", "x")))).isEqualTo("404 id exists");
        assertThat(problem(server.send("GET", "/result/0123456789abcdef"))).isEqualTo("404 id exists");
        String id = server.task(Map.of("worker", "matrix", "function", "multiply", "content", GOOD, "where", "pull"));
        queue = tasks();

        assertThat(problem(server.json("POST", "/task/" + id + "/result", Map.of("lease", "stale", "content", "1")))).isEqualTo("409 lease lease");
        assertThat(problem(server.json("POST", "/task/" + id + "/result", Map.of("lease", "stale", "error", Map.of("message", "no"))))).isEqualTo("409 lease lease");
        assertThat(problem(server.json("POST", "/task/" + id + "/lease", Map.of("lease", "stale")))).isEqualTo("409 lease lease");
        assertThat(problem(server.json("POST", "/task/" + id + "/result", Map.of("lease", "stale", "output", "%")))).isEqualTo("400 output base64");
    }

    @Test
    void aModuleThatIsNone() {
        assertThat(problem(server.send("POST", "/api/workers?name=matrix", "application/wasm", new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 77}))).startsWith("400 wasm");
        assertThat(server.send("GET", "/api/workers/matrix").json().path("versions")).hasSize(1);
    }
}
