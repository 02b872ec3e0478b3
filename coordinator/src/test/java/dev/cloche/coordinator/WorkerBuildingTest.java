package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.RunningServer;
import dev.cloche.http.SocketClient;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.TestServer;
import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workspaces.FileEntry;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceConfig;
import dev.cloche.workspaces.WorkspaceId;
import dev.cloche.workspaces.WorkspaceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Over a socket, with a compiler that the test makes. */
class WorkerBuildingTest {
    @TempDir
    private Path programs;

    private static final WorkspaceId WORKSPACE = new WorkspaceId("0123456789abcdef");

    private final TestServer people = new TestServer();
    private final Map<String, String> workspace = new TreeMap<>(Map.of("sums/adder/adder.c", "int y;", "readme.md", "# Sums"));
    private ProjectId project = new ProjectId("0000000000000000");
    private String publisher = "";
    private String reader = "";
    /** How long the compiler of {@code endless.c} sleeps, in a number that no other process has among its words. */
    private final String nap = "57." + (1_000_000 + new SecureRandom().nextInt(1_000_000));

    @BeforeEach
    void makeTokens() throws IOException {
        TestServer.Client owner = people.byLink(people.firstLink());
        publisher = CoordinatorServer.token(owner, List.of("read", "publish"));
        reader = CoordinatorServer.token(owner, List.of("read"));
        project = new ProjectId(owner.send("GET", "/api/projects").json().at("/projects/0/id").asText());
        Path clang = programs.resolve("clang");
        Files.writeString(clang, """
                #!/bin/sh
                to=; last=; for word in "$@"; do [ "$last" = -o ] && to=$word; last=$word; done
                [ ! -f bad.c ] || case "$*" in *bad.c*) echo 'bad.c:1:1: error: no'; exit 1;; esac
                [ ! -f endless.c ] || sleep %s
                [ ! -f odd.c ] || case "$*" in *odd.c*) echo './odd.c:3:7: warning: odd [-Wodd]';; esac
                printf '\\0asm\\1\\0\\0\\0' >"$to"
                """.formatted(nap));
        Files.setPosixFilePermissions(clang, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void close() {
        people.close();
    }

    @Test
    void sourcesBecomeABundle() throws IOException {
        SocketClient.Answer answer = build(WorkerBuilding.Permission.UNSANDBOXED, publisher, SourceFilesTest.zip("adder.c", "int x;", "worker.json", "{\"name\":\"adder\",\"wasm\":[{\"path\":\"adder.wasm\"}]}"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        WorkerBundle bundle = bundle(answer);
        assertThat(bundle.manifest().name()).isEqualTo("adder").isEqualTo(answer.json().path("name").asText());
        assertThat(answer.json().path("digest").asText()).isEqualTo(bundle.digest().hex());
        assertThat(answer.json().path("problems")).isEmpty();
    }

    @Test
    void warningsTravelWithTheBundle() throws IOException {
        SocketClient.Answer answer = build(WorkerBuilding.Permission.UNSANDBOXED, publisher, SourceFilesTest.zip("odd.c", "int x;"));

        assertThat(answer.json().path("output").asText()).isEqualTo("./odd.c:3:7: warning: odd [-Wodd]");
        assertThat(answer.json().path("problems")).hasSize(1);
        assertThat(answer.json().at("/problems/0")).hasToString("{\"severity\":\"warning\",\"path\":\"odd.c\",\"line\":3,\"column\":7,\"code\":\"\",\"message\":\"odd [-Wodd]\"}");
        assertThat(bundle(answer).manifest().name()).isEqualTo("worker");
    }

    @Test
    void withoutTheSettingNothingIsBuilt() throws IOException {
        SocketClient.Answer answer = build(WorkerBuilding.Permission.OFF, publisher, SourceFilesTest.zip("adder.c", "int x;"));

        assertThat(answer.status()).isEqualTo(501);
        assertThat(answer.json().path("detail").asText()).contains("workers.build");
    }

    @Test
    void whatTheCompilerSaysIsInTheRefusal() throws IOException {
        SocketClient.Answer answer = build(WorkerBuilding.Permission.UNSANDBOXED, publisher, SourceFilesTest.zip("bad.c", "no"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("output").asText()).isEqualTo("bad.c:1:1: error: no");
        assertThat(answer.json().at("/problems/0/path").asText()).isEqualTo("bad.c");
        assertThat(answer.json().at("/problems/0/severity").asText()).isEqualTo("error");
    }

    @Test
    void onlyWhoMayPublishMayBuild() throws IOException {
        assertThat(build(WorkerBuilding.Permission.UNSANDBOXED, reader, SourceFilesTest.zip("adder.c", "")).status()).isEqualTo(403);
        assertThat(build(WorkerBuilding.Permission.UNSANDBOXED, "", SourceFilesTest.zip("adder.c", "")).status()).isEqualTo(401);
        assertThat(build(WorkerBuilding.Permission.UNSANDBOXED, publisher, new byte[0]).status()).isEqualTo(400);
    }

    @Test
    void aFolderOfAWorkspaceBecomesAWorkerOfItsName() {
        SocketClient.Answer answer = ofWorkspace(publisher, "&folder=sums/adder");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        WorkerBundle bundle = bundle(answer);
        assertThat(bundle.manifest().name()).isEqualTo("adder").isEqualTo(answer.json().path("name").asText());
        assertThat(answer.json().path("digest").asText()).isEqualTo(bundle.digest().hex());
        assertThat(answer.json().path("problems")).isEmpty();
    }

    @Test
    void theRootOfAWorkspaceBecomesAWorkerOfTheWorkspacesNameWithoutWhatNoCompilerReads() {
        workspace.put("main.c", "int x;");
        workspace.put("my notes (1).txt", "");
        workspace.put("old.worker", "PK");

        SocketClient.Answer answer = ofWorkspace(publisher, "");

        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(bundle(answer).manifest().name()).isEqualTo("My-sums");
    }

    @Test
    void mistakesInAWorkspaceAreNamedByTheirPlaceInTheFolder() {
        workspace.put("sums/wrong/bad.c", "no");

        SocketClient.Answer answer = ofWorkspace(publisher, "&folder=sums/wrong/");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("output").asText()).isEqualTo("bad.c:1:1: error: no");
    }

    @Test
    void aFolderThatIsNotThereAndSourcesWithOddNamesAreRefused() {
        workspace.put("odd/my adder.c", "int x;");

        assertThat(ofWorkspace(publisher, "&folder=none").json().at("/errors/0/field").asText()).isEqualTo("folder");
        assertThat(ofWorkspace(publisher, "&folder=odd").json().at("/errors/0/rule").asText()).isEqualTo("pattern");
        assertThat(ofWorkspace(reader, "&folder=sums/adder").status()).isEqualTo(403);
    }

    @Test
    void rustIsAPermissionOfItsOwn() throws IOException {
        byte[] sources = SourceFilesTest.zip("Cargo.toml", "[lib]", "src/lib.rs", "");

        for (WorkerBuilding.Permission less : List.of(WorkerBuilding.Permission.OFF, WorkerBuilding.Permission.UNSANDBOXED)) {
            SocketClient.Answer refused = build(less, publisher, sources);
            assertThat(refused.status()).isEqualTo(501);
            assertThat(refused.json().path("detail").asText()).contains("workers.build = \"unsandboxed-rust\"", "cloche worker build");
        }

        // no cargo in this test's PATH: the way to get it is one line
        SocketClient.Answer allowed = build(WorkerBuilding.Permission.UNSANDBOXED_RUST, publisher, sources);
        assertThat(allowed.status()).isEqualTo(501);
        assertThat(allowed.json().path("detail").asText()).startsWith("The server lacks cargo").contains("rustup target add").doesNotContain("\n");
    }

    @Test
    void theSettingHasThreeWords() {
        assertThat(permission("off")).isEqualTo(WorkerBuilding.Permission.OFF);
        assertThat(permission("unsandboxed")).isEqualTo(WorkerBuilding.Permission.UNSANDBOXED);
        assertThat(permission("unsandboxed-rust")).isEqualTo(WorkerBuilding.Permission.UNSANDBOXED_RUST);
        assertThatThrownBy(() -> permission("rust")).isInstanceOf(Problem.class).hasMessageContaining("'unsandboxed-rust'");
    }

    @Test
    void assemblyScriptIsBuiltElsewhere() {
        workspace.put("script/assembly/index.ts", "");

        assertThat(ofWorkspace(publisher, "&folder=script").text()).contains("The IDE builds it in the tab");
    }

    private static WorkerBuilding.Permission permission(String word) {
        return WorkerBuilding.Permission.from(new Configuration(Map.of("workers.build", new Configuration.Setting(word, "test")), Map.of(), Map.of()));
    }

    private static WorkerBundle bundle(SocketClient.Answer answer) {
        return WorkerBundle.read(Base64.getDecoder().decode(answer.json().path("bundle").asText()), "x");
    }

    private SocketClient.Answer ofWorkspace(String token, String more) {
        return ask(WorkerBuilding.Permission.UNSANDBOXED, "?workspace=" + WORKSPACE.value() + more, token, new byte[0]);
    }

    private SocketClient.Answer build(WorkerBuilding.Permission permission, String token, byte[] body) {
        return ask(permission, "", token, body);
    }

    private SocketClient.Answer ask(WorkerBuilding.Permission permission, String query, String token, byte[] body) {
        try (RunningServer running = running(permission); SocketClient client = SocketClient.connect(running.port())) {
            return client.send(request(running, query, token, body)).read();
        }
    }

    private RunningServer running(WorkerBuilding.Permission permission) {
        WorkerBuilding building = new WorkerBuilding(permission, new OneWorkspace(), people.identity().access(), Map.of("PATH", programs.toString()));
        return RunningServer.of(HttpConfig.on("127.0.0.1", 0),
                origins -> new FrontDoor.Parts(building.routes(), List.of(), Assets.none(), people.identity().authenticator(), Contract.load()));
    }

    private static byte[] request(RunningServer running, String query, String token, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("POST /api/workers/build" + query + " HTTP/1.1\r\nHost: " + running.controlHost() + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n"
                + (body.length == 0 ? "" : "Content-Type: application/zip\r\n") + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** Whether the compiler of {@code endless.c} is at work, wherever it has been put. */
    private boolean isCompiling() {
        return ProcessHandle.allProcesses().anyMatch(process -> List.of(process.info().arguments().orElse(new String[0])).contains(nap));
    }

    private void untilCompiling(boolean wanted) throws InterruptedException {
        while (isCompiling() != wanted) {
            if (Thread.interrupted()) {
                throw new InterruptedException("the test took too long");
            }
        }
    }

    @Test
    @Timeout(50)
    void aBuildEndsWithTheConnectionOfWhoWantedIt() throws Exception {
        try (RunningServer running = running(WorkerBuilding.Permission.UNSANDBOXED)) {
            try (SocketClient client = SocketClient.connect(running.port())) {
                client.send(request(running, "", publisher, SourceFilesTest.zip("endless.c", "int x;")));
                untilCompiling(true);
                try (SocketClient other = SocketClient.connect(running.port())) {
                    assertThat(other.send(request(running, "", publisher, SourceFilesTest.zip("adder.c", "int x;"))).read().text()).contains("Another worker is being built");
                }
            }

            untilCompiling(false);
        }
    }

    /** One, with the files of this test. */
    private final class OneWorkspace implements WorkspaceCatalog {
        @Override
        public Workspace get(WorkspaceId id) {
            if (!id.equals(WORKSPACE)) {
                throw Problem.notFound("The workspace");
            }
            return new Workspace(id, project, "My sums", "", WorkspaceType.PYODIDE, new WorkspaceConfig(Map.of(), List.of()), 1, Instant.EPOCH, Instant.EPOCH, Optional.empty());
        }

        @Override
        public List<FileEntry> tree(WorkspaceId id, long revision) {
            return workspace.entrySet().stream().map(file -> new FileEntry(file.getKey(), digest(file.getValue()), file.getValue().length(), 1)).toList();
        }

        @Override
        public Optional<byte[]> read(WorkspaceId id, String path) {
            return Optional.ofNullable(workspace.get(path)).map(text -> text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public byte[] content(Digest digest) {
            return workspace.values().stream().filter(text -> digest(text).equals(digest)).findFirst().orElseThrow().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public long write(WorkspaceId id, Map<String, byte[]> files) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void configure(WorkspaceId id, WorkspaceConfig config) {
            throw new UnsupportedOperationException();
        }

        private static Digest digest(String text) {
            return Digest.of(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
