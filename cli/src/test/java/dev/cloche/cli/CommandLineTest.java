package dev.cloche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.text.Normalizer;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandLineTest {
    private static final String ID = FakeServer.WORKSPACE;

    @TempDir Path folder;
    private FakeServer server;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        server = new FakeServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aNewTokenIsAllThatIsPrinted() {
        assertThat(cloche("token", "create", "--scope", "read,write", "--scope", "publish")).isZero();

        assertThat(out()).isEqualTo("cloche_made\n");
        assertThat(server.requests.getFirst()).contains("\"scopes\":[\"read\",\"write\",\"publish\"]");
    }

    @Test
    void resultsAreJsonForScripts() {
        assertThat(cloche("workspace", "create", "mine", "--template", "hello", "--json")).isZero();

        assertThat(Json.tree(out().getBytes(StandardCharsets.UTF_8)).path("workspace").path("id").asText()).isEqualTo(ID);
    }

    @Test
    void templatesAreListedByTheNameThatCreateTakes() {
        assertThat(cloche("workspace", "templates")).isZero();

        assertThat(out()).containsPattern("chat +PYODIDE +People who talk live\\.");
    }

    @Test
    void exitCodesTellWhatWentWrong() {
        assertThat(cloche("workspace", "frobnicate")).isEqualTo(2);
        assertThat(cloche("--data", folder.toString(), "status")).isEqualTo(3);
        assertThat(cloche("app", "rollback", "gone")).isEqualTo(5);
        assertThat(cloche("app", "rollback", "taken")).isEqualTo(6);
        assertThat(cloche("workspace", "push", "nobodys", folder.toString())).isEqualTo(5);
        assertThat(run(Map.of("CLOCHE_URL", server.url(), "CLOCHE_TOKEN", "wrong"), "workspace", "list")).isEqualTo(4);
        assertThat(run(Map.of("CLOCHE_URL", "http://127.0.0.1:1", "CLOCHE_TOKEN", "x"), "workspace", "list")).isEqualTo(3);
        assertThat(out()).isEmpty();
    }

    @Test
    void refusalsAreProblemsForScriptsToo() {
        cloche("app", "rollback", "gone", "--json");

        assertThat(Json.tree(err().getBytes(StandardCharsets.UTF_8)).path("detail").asText()).isEqualTo("No such app.");
    }

    @Test
    void aPushSendsWhatIsNewAndNothingThatIsNeverSynced() throws Exception {
        write("main.py", "print(1)");
        write("data/noise.bin", "\u00ff");
        Files.write(folder.resolve("data/noise.bin"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        for (String never : new String[] {"node_modules/x/a.js", ".git/config", "a/__pycache__/b.pyc", ".env", "build/out", "secret.key", "logs/x"}) {
            write(never, "no");
        }
        write(".clocheignore", "*.key\nlogs/\n");

        assertThat(cloche("workspace", "push", "mine", folder.toString())).as(err()).isZero();

        assertThat(server.files).containsOnlyKeys("main.py", "data/noise.bin", ".clocheignore");
        assertThat(server.files.get("data/noise.bin")).containsExactly(0xff, 0, 0xfe);
        assertThat(cloche("workspace", "push", ID, folder.toString())).isZero();
        assertThat(server.batches).containsExactly(3); // nothing the second time
    }

    @Test
    void changesAndDeletionsTravelBothWays() throws Exception {
        server.put("a.txt", "a1");
        server.put("b/c.txt", "c1");
        assertThat(cloche("workspace", "pull", ID, folder.toString())).isZero();
        assertThat(folder.resolve("b/c.txt")).hasContent("c1");

        write("a.txt", "a2");
        Files.delete(folder.resolve("b/c.txt"));
        server.put("new.txt", "n1");
        assertThat(cloche("workspace", "push", ID, folder.toString())).isZero();
        assertThat(server.files).containsOnlyKeys("a.txt", "new.txt");
        assertThat(server.text("a.txt")).isEqualTo("a2");
        assertThat(folder.resolve("new.txt")).doesNotExist();

        server.files.remove("a.txt");
        assertThat(cloche("workspace", "pull", ID, folder.toString())).isZero();
        assertThat(folder.resolve("a.txt")).doesNotExist();
        assertThat(folder.resolve("new.txt")).hasContent("n1");
    }

    @Test
    void aFirstPullKnowsTheWorkspacesRules() throws Exception {
        server.put(".clocheignore", "*.key\n");
        server.put("a.txt", "a");
        server.put("secret.key", "never synced");

        assertThat(cloche("workspace", "pull", ID, folder.toString())).as(err()).isZero();

        assertThat(folder.resolve("a.txt")).hasContent("a");
        assertThat(folder.resolve("secret.key")).doesNotExist();
        assertThat(cloche("workspace", "push", ID, folder.toString())).as(err()).isZero();
        assertThat(server.files).containsKey("secret.key");
    }

    @Test
    void namesInTheFormOfMacOsTravelInTheOneFormOfWorkspaces() throws Exception {
        String composed = Normalizer.normalize("\u00fcber/caf\u00e9.txt", Normalizer.Form.NFC);
        String decomposed = Normalizer.normalize(composed, Normalizer.Form.NFD);
        write(decomposed, "one");

        assertThat(cloche("workspace", "push", ID, folder.toString())).as(err()).isZero();
        assertThat(server.files).containsOnlyKeys(composed);
        server.put(composed, "two");
        assertThat(cloche("workspace", "pull", ID, folder.toString())).as(err()).isZero();

        assertThat(folder.resolve(decomposed)).hasContent("two");
        assertThat(folder.resolve(composed)).doesNotExist();
        Files.createDirectories(folder.resolve(composed).getParent());
        write(composed, "a second file");
        assertThat(cloche("workspace", "push", ID, folder.toString())).isNotZero();
        assertThat(err()).contains("Unicode form");
    }

    @Test
    void whatChangedOnBothSidesStopsBothWaysUntilForced() throws Exception {
        server.put("a.txt", "1");
        cloche("workspace", "pull", ID, folder.toString());
        write("a.txt", "mine");
        server.put("a.txt", "theirs");

        assertThat(cloche("workspace", "push", ID, folder.toString())).isEqualTo(6);
        assertThat(cloche("workspace", "pull", ID, folder.toString())).isEqualTo(6);
        assertThat(server.text("a.txt")).isEqualTo("theirs");
        assertThat(folder.resolve("a.txt")).hasContent("mine");
        assertThat(err()).contains("a.txt").contains("--force");

        assertThat(cloche("workspace", "pull", ID, folder.toString(), "--force")).isZero();
        assertThat(folder.resolve("a.txt")).hasContent("theirs");
    }

    @Test
    void theFirstPushOfAFolderWinsAndTheFirstPullDoesNot() throws Exception {
        server.put("main.py", "template");
        write("main.py", "mine");

        assertThat(cloche("workspace", "pull", ID, folder.toString())).isEqualTo(6);
        assertThat(folder.resolve("main.py")).hasContent("mine");
        assertThat(cloche("workspace", "push", ID, folder.toString())).isZero();
        assertThat(server.text("main.py")).isEqualTo("mine");
    }

    @Test
    void manyFilesGoInBatchesAndHugeOnesAlone() throws Exception {
        for (int i = 0; i < 1500; i++) {
            write("many/" + i, "x" + i);
        }
        Files.write(folder.resolve("huge.bin"), new byte[17 * 1024 * 1024]);

        assertThat(cloche("workspace", "push", ID, folder.toString())).as(err()).isZero();

        assertThat(server.files).hasSize(1501);
        assertThat(server.batches).hasSize(2);
        assertThat(server.requests).anyMatch(request -> request.startsWith("PUT /api/workspaces/" + ID + "/files/huge.bin"));
    }

    @Test
    void aServerCannotWriteOutsideTheFolder() throws Exception {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Files.createSymbolicLink(inner.resolve("link"), Files.createDirectory(folder.resolve("elsewhere")));
        for (String path : new String[] {"../evil", "/tmp/evil", "a/../../evil", "link/evil"}) {
            server.files.clear();
            server.put(path, "evil");

            assertThat(cloche("workspace", "pull", ID, inner.toString())).as(path).isEqualTo(1);
        }
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(path -> path.endsWith("evil"))).isEmpty();
        }
    }

    @Test
    void doctorTriesThePortOfTheConfiguration() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String line = taken.getLocalPort() + " is taken by another program";
            Files.writeString(folder.resolve("cloche.toml"), "port = " + taken.getLocalPort() + "\n");

            assertThat(cloche("doctor", "--data", folder.toString())).as(err()).isIn(0, 1);
            assertThat(out()).contains(line);
            out.reset();
            assertThat(run(Map.of("CLOCHE_PORT", "0"), "doctor", "--data", folder.toString())).as(err()).isIn(0, 1);
            assertThat(out()).contains(" is free").doesNotContain(line);
        }
    }

    @Test
    void doctorNamesWhatIsWrongWithThePort() throws Exception {
        Files.writeString(folder.resolve("cloche.toml"), "port = 70000\n");

        assertThat(cloche("doctor", "--data", folder.toString())).isEqualTo(1);

        assertThat(err()).startsWith("cloche: The setting 'port' (").contains("is a whole number from 0 to 65535");
    }

    @Test
    void doctorNamesWhatIsThere() {
        assertThat(cloche("doctor", "--json", "--data", folder.toString())).isIn(0, 1);

        assertThat(Json.tree(out().getBytes(StandardCharsets.UTF_8)).path("findings")).anyMatch(one -> one.path("about").asText().equals("JDK"));
    }

    @Test
    void stoppingWhatDoesNotRunIsFine() {
        assertThat(cloche("stop", "--data", folder.toString())).isZero();
    }

    private void write(String path, String text) throws Exception {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private int cloche(String... words) {
        return run(Map.of("CLOCHE_URL", server.url(), "CLOCHE_TOKEN", FakeServer.TOKEN), words);
    }

    private int run(Map<String, String> environment, String... words) {
        return Main.run(new Main.Surroundings(environment, InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true)), words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
