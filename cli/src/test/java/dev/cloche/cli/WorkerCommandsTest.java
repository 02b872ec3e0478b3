package dev.cloche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WorkerCommandsTest {
    private static final String DIGEST = "ab".repeat(32);
    private static final String WORKER = "{\"worker\":{\"name\":\"matrix\",\"description\":\"Products.\",\"digest\":\"" + DIGEST + "\",\"bytes\":4,\"tabs\":false,"
            + "\"functions\":[{\"name\":\"multiply\",\"description\":\"A by B.\",\"input\":\"json\",\"output\":\"json\",\"divisible\":true},{\"name\":\"multiply_split\",\"description\":\"\",\"input\":\"bytes\",\"output\":\"bytes\",\"divisible\":false,\"partOf\":\"multiply\"}],\"wants\":{\"memoryPages\":4096,\"timeoutMs\":30000},"
            + "\"settings\":{\"hosts\":[\"a.example\"],\"config\":{\"key\":{\"secret\":true},\"plain\":{\"value\":\"1\",\"secret\":false}},\"memoryPages\":16}},"
            + "\"versions\":[{\"digest\":\"" + DIGEST + "\",\"current\":true,\"publishedAt\":\"2026-01-01T00:00:00Z\",\"publishedBy\":\"ada\"}]}";

    @TempDir Path folder;
    private FakeDatabases server;
    private String typed = "";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        server = new FakeDatabases();
        server.on("GET /api/workers/matrix", 200, WORKER);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int cloche(String... words) {
        Map<String, String> environment = Map.of("CLOCHE_URL", server.url(), "CLOCHE_TOKEN", FakeDatabases.TOKEN);
        out.reset();
        err.reset();
        return Main.run(new Main.Surroundings(environment, new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8)), words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aFileIsPublishedUnderItsName() throws Exception {
        Path file = Files.write(folder.resolve("matrix.wasm"), new byte[] {0, 'a', 's', 'm'});
        server.on("POST /api/workers?name=matrix", 201, WORKER);

        assertThat(cloche("worker", "publish", file.toString())).as(err.toString(StandardCharsets.UTF_8)).isZero();

        assertThat(out()).isEqualTo("matrix published, function multiply, digest " + DIGEST + "\n");
        assertThat(server.bodies.get("POST /api/workers?name=matrix")).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void workersAreListedAndShown() {
        server.on("GET /api/workers", 200, "{\"workers\":[" + WORKER.substring(10, WORKER.indexOf(",\"versions\"")) + "]}");

        assertThat(cloche("worker", "list")).isZero();
        assertThat(out()).contains("matrix  1          4      abababababab  Products.");
        assertThat(cloche("worker", "show", "matrix")).isZero();
        assertThat(out()).contains("multiply (json -> json), divisible: A by B.", "config key = (secret)", "config plain = 1", "* " + DIGEST, "not in tabs").doesNotContain("multiply_split");
    }

    @Test
    void aCallPrintsItsOutput() throws Exception {
        server.on("POST /api/workers/matrix/call/multiply?where=node&divide=0", 200, "[[19,22],[43,50]]");
        Path out = folder.resolve("out");

        assertThat(cloche("worker", "call", "matrix", "multiply", "{\"A\":1}", "--where", "node", "--divide", "0")).isZero();
        assertThat(out()).isEqualTo("[[19,22],[43,50]]\n");
        assertThat(server.body("POST /api/workers/matrix/call/multiply?where=node&divide=0")).isEqualTo("{\"A\":1}");
        server.on("POST /api/workers/matrix/call/multiply", 422, "{\"detail\":\"B must have two rows.\",\"errors\":[{\"field\":\"B\",\"rule\":\"shape\",\"message\":\"B must have two rows.\"}]}");
        assertThat(cloche("worker", "call", "matrix", "multiply", "-o", out.toString())).isEqualTo(7);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("cloche: B must have two rows.\n");
        assertThat(out).doesNotExist();
    }

    @Test
    void aLargeCallOfANodeGoesToTheNodeItself() throws Exception {
        Path input = folder.resolve("input");
        Files.write(input, new byte[300_000]);
        Path out = folder.resolve("out");
        String asked = "POST /api/workers/matrix/ticket/multiply?where=node&bytes=300000";
        String[] words = {"worker", "call", "matrix", "multiply", "--where", "node", "-f", input.toString(), "-o", out.toString()};
        server.on(asked, 200, "{\"node\":\"n\",\"url\":\"" + server.url() + "/ticket-call\",\"ticket\":\"secret\",\"until\":\"2026-01-01T00:00:00Z\"}").on("POST /ticket-call", 200, "of the node");

        assertThat(cloche(words)).isZero();
        assertThat(out).hasContent("of the node");
        assertThat(server.bodies.get("POST /ticket-call")).hasSize(300_000);

        server.on("POST /ticket-call", 422, "{\"meta\":[{\"name\":\"status\",\"value\":\"error\"}],\"content\":\"B must have two rows.\"}");
        assertThat(cloche(words)).isEqualTo(7);
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo("cloche: B must have two rows.\n");

        server.on("POST /api/workers/matrix/call/multiply?where=node", 200, "by the server");
        server.on("POST /ticket-call", 503, "{\"meta\":[{\"name\":\"error\",\"value\":\"cancelled\"}],\"content\":\"Taken back.\"}");
        assertThat(cloche(words)).as("it may have run").isNotZero();
        for (int status : new int[] {401, 409, 503}) {
            Files.delete(out);
            server.on("POST /ticket-call", status, "{\"meta\":[{\"name\":\"error\",\"value\":\"busy\"}],\"content\":\"\"}");
            assertThat(cloche(words)).isZero();
            assertThat(out).hasContent("by the server");
        }
        server.on(asked, 204, "");
        assertThat(cloche(words)).isZero();
    }

    @Test
    void settingsThatAreNotNamedStayAsTheyAre() {
        server.on("PUT /api/workers/matrix/settings", 200, WORKER);

        assertThat(cloche("worker", "settings", "matrix", "--allow-host", "b.example", "--forbid-host", "a.example", "--config", "new=2", "--secret", "s=3", "--unset", "plain", "--memory", "0", "--timeout", "5")).isZero();

        assertThat(server.body("PUT /api/workers/matrix/settings")).isEqualTo("{\"hosts\":[\"b.example\"],\"config\":{\"key\":{\"secret\":true},\"new\":{\"value\":\"2\",\"secret\":false},\"s\":{\"value\":\"3\",\"secret\":true}},\"timeoutMs\":5000}");
    }

    @Test
    void olderVersionsComeBackAndDeletingAsksFirst() {
        server.on("POST /api/workers/matrix/rollback", 200, WORKER).on("DELETE /api/workers/matrix", 204, "");

        assertThat(cloche("worker", "rollback", "matrix", DIGEST)).isZero();
        assertThat(server.body("POST /api/workers/matrix/rollback")).isEqualTo("{\"digest\":\"" + DIGEST + "\"}");
        assertThat(cloche("worker", "delete", "matrix")).isEqualTo(1);
        assertThat(server.requests).doesNotContain("DELETE /api/workers/matrix");
        typed = "y\n";
        assertThat(cloche("worker", "delete", "matrix")).isZero();
        assertThat(server.requests).contains("DELETE /api/workers/matrix");
    }

    @Test
    void aFolderWithItsModulesIsPublishedAsABundle() throws Exception {
        Path sources = Files.createDirectory(folder.resolve("mine"));
        Files.writeString(sources.resolve("worker.json"), "{\"name\":\"matrix\",\"wasm\":[{\"path\":\"m.wasm\"}]}");
        server.on("POST /api/workers?name=matrix", 201, WORKER);

        assertThat(cloche("worker", "publish", sources.toString())).isEqualTo(ExitStatus.FAILED.code());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("The folder has no module 'm.wasm'");
        Files.write(sources.resolve("m.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        assertThat(cloche("worker", "publish", sources.toString())).as(err.toString(StandardCharsets.UTF_8)).isZero();
        assertThat(server.bodies.get("POST /api/workers?name=matrix")).startsWith('P', 'K');

        Files.delete(sources.resolve("worker.json"));
        assertThat(cloche("worker", "publish", sources.toString())).isEqualTo(ExitStatus.INVALID.code());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("has no worker.json", "cloche worker build");
        assertThat(cloche("worker", "publish", folder.resolve("none").toString())).isEqualTo(ExitStatus.NOT_FOUND.code());
    }

    @Test
    void tasksAreAddedWatchedAndTakenBack() {
        server.on("POST /task?worker=matrix&function=multiply&priority=9&delayMs=2000&key=k%2F1", 201, "{\"id\":\"t1\",\"state\":\"waiting\"}")
                .on("GET /task/t1", 200, "{\"task\":{\"id\":\"t1\",\"state\":\"done\"}}").on("GET /result/t1", 200, "42")
                .on("GET /task?limit=50&state=dead", 200, "{\"tasks\":[{\"id\":\"t2\",\"state\":\"dead\",\"worker\":\"matrix\",\"function\":\"multiply\",\"attempts\":3,\"mostAttempts\":3,\"createdAt\":\"now\",\"lastOn\":{\"id\":\"0123456789abcdef\",\"name\":\"rack-7\"},\"errors\":[{\"message\":\"out of luck\"}]}]}")
                .on("DELETE /task/t1", 204, "").on("POST /task/t2/retry", 200, "{\"id\":\"t2\",\"state\":\"waiting\"}");

        assertThat(cloche("worker", "task", "add", "matrix", "multiply", "{}", "--priority", "9", "--delay", "2", "--key", "k/1")).isZero();
        assertThat(out()).isEqualTo("t1\n");
        assertThat(server.body("POST /task?worker=matrix&function=multiply&priority=9&delayMs=2000&key=k%2F1")).isEqualTo("{}");
        assertThat(cloche("worker", "task", "result", "t1")).isZero();
        assertThat(out()).isEqualTo("42\n");
        assertThat(cloche("worker", "task", "list", "--state", "dead")).isZero();
        assertThat(out()).contains("t2  dead", "3/3", "rack-7   out of luck");
        assertThat(cloche("worker", "task", "show", "t1")).isZero();
        assertThat(out()).contains("\"done\"");
        assertThat(cloche("worker", "task", "cancel", "t1")).isZero();
        assertThat(cloche("worker", "task", "retry", "t2")).isZero();
    }

    @Test
    void nodesAreListed() {
        server.on("GET /api/nodes", 200, "{\"nodes\":[{\"id\":\"local\",\"kind\":\"local\",\"name\":\"This server\",\"engine\":\"wasmtime\",\"busy\":1,\"slots\":2,\"ran\":7,\"failed\":0,\"publicUrl\":\"http://one.example:8081\",\"draining\":false}]}");

        assertThat(cloche("worker", "nodes")).isZero();
        assertThat(out()).contains("local  local  This server  wasmtime  1/2   7    0       http://one.example:8081");
    }
}
