package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way through with a real module on wasmtime. */
@Timeout(120)
class RealWorkerTest {
    private static final String INPUT = "{\"A\":\"[[1,2],[3,4]]\",\"B\":\"[[5,6],[7,8]]\"}";

    @Test
    void theMatrixOfTheRequirementIsMultipliedByCallByEnvelopeAndByTask() throws Exception {
        Path root = Path.of(System.getProperty("cloche.root"));
        try (Engine engine = Engines.open(EngineSettings.of(Optional.of(Path.of(System.getProperty("cloche.native"))), Optional.empty()));
                CoordinatorServer server = new CoordinatorServer(CoordinatorSettings.USUAL.withSlots(2), WorkerOpener.on(() -> engine))) {
            server.publish("matrix", Files.readAllBytes(root.resolve("examples/workers/matrix/matrix.wasm")));

            CoordinatorServer.Answer answer = server.send("POST", "/api/workers/matrix/call/multiply", "application/json", INPUT.getBytes(StandardCharsets.UTF_8));
            assertThat(answer.text()).isEqualTo("[[19,22],[43,50]]");
            assertThat(answer.header("content-type")).isEqualTo("application/json");

            CoordinatorServer.Answer rpc = server.json("POST", "/rpc", Map.of("meta", java.util.List.of(Map.of("name", "method", "value", "multiply")), "content", INPUT));
            assertThat(rpc.text()).isEqualTo("[[19,22],[43,50]]");

            String id = server.task(Map.of("worker", "matrix", "function", "multiply", "content", INPUT));
            assertThat(server.send("GET", "/result/" + id + "?wait=30").text()).isEqualTo("[[19,22],[43,50]]");

            CoordinatorServer.Answer wrong = server.send("POST", "/api/workers/matrix/call/multiply", "application/json", "{\"A\":[[1,2]],\"B\":[[1,2]]}".getBytes(StandardCharsets.UTF_8));
            assertThat(wrong.status()).isEqualTo(422);
            assertThat(wrong.json().at("/errors/0/field").asText()).isEqualTo("B");
            assertThat(server.send("POST", "/api/workers/matrix/call/nothing").status()).isEqualTo(404);
        }
    }
}
