package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.RunningServer;
import dev.cloche.http.SocketClient;
import dev.cloche.identity.TestServer;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workspaces.FileEntry;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceConfig;
import dev.cloche.workspaces.WorkspaceId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a socket, with a compiler that the test makes. */
class WorkerBuildingTest {
    @TempDir
    private Path programs;

    private final TestServer people = new TestServer();
    private String publisher = "";
    private String reader = "";

    @BeforeEach
    void makeTokens() throws IOException {
        TestServer.Client owner = people.byLink(people.firstLink());
        publisher = CoordinatorServer.token(owner, List.of("read", "publish"));
        reader = CoordinatorServer.token(owner, List.of("read"));
        Path clang = programs.resolve("clang");
        Files.writeString(clang, """
                #!/bin/sh
                to=; last=; for word in "$@"; do [ "$last" = -o ] && to=$word; last=$word; done
                [ ! -f bad.c ] || case "$*" in *bad.c*) echo 'bad.c:1:1: error: no'; exit 1;; esac
                printf '\\0asm\\1\\0\\0\\0' >"$to"
                """);
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
        WorkerBundle bundle = WorkerBundle.read(answer.body(), "x");
        assertThat(bundle.manifest().name()).isEqualTo("adder");
        assertThat(answer.header("cloche-digest")).contains(bundle.digest().hex());
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
    }

    @Test
    void onlyWhoMayPublishMayBuildAndOnlyC() throws IOException {
        assertThat(build(WorkerBuilding.Permission.UNSANDBOXED, reader, SourceFilesTest.zip("adder.c", "")).status()).isEqualTo(403);
        assertThat(build(WorkerBuilding.Permission.UNSANDBOXED, "", SourceFilesTest.zip("adder.c", "")).status()).isEqualTo(401);
        SocketClient.Answer rust = build(WorkerBuilding.Permission.UNSANDBOXED, publisher, SourceFilesTest.zip("Cargo.toml", "[lib]"));
        assertThat(rust.status()).isEqualTo(400);
        assertThat(rust.json().at("/errors/0/rule").asText()).isEqualTo("language");
        assertThat(build(WorkerBuilding.Permission.UNSANDBOXED, publisher, new byte[0]).status()).isEqualTo(400);
    }

    private SocketClient.Answer build(WorkerBuilding.Permission permission, String token, byte[] body) {
        WorkerBuilding building = new WorkerBuilding(permission, new NoWorkspaces(), people.identity().access(), Map.of("PATH", programs.toString()));
        RunningServer running = RunningServer.of(HttpConfig.on("127.0.0.1", 0),
                origins -> new FrontDoor.Parts(building.routes(), List.of(), Assets.none(), people.identity().authenticator(), Contract.load()));
        try (running; SocketClient client = SocketClient.connect(running.port())) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.writeBytes(("POST /api/workers/build HTTP/1.1\r\nHost: " + running.controlHost() + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n"
                    + (body.length == 0 ? "" : "Content-Type: application/zip\r\n") + (token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n") + "\r\n").getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(body);
            return client.send(bytes.toByteArray()).read();
        }
    }

    /** There are none. */
    private static final class NoWorkspaces implements WorkspaceCatalog {
        @Override
        public Workspace get(WorkspaceId id) {
            throw Problem.notFound("The workspace");
        }

        @Override
        public List<FileEntry> tree(WorkspaceId id, long revision) {
            return List.of();
        }

        @Override
        public Optional<byte[]> read(WorkspaceId id, String path) {
            return Optional.empty();
        }

        @Override
        public byte[] content(Digest digest) {
            throw Problem.notFound("The content");
        }

        @Override
        public long write(WorkspaceId id, Map<String, byte[]> files) {
            throw Problem.notFound("The workspace");
        }

        @Override
        public void configure(WorkspaceId id, WorkspaceConfig config) {
            throw Problem.notFound("The workspace");
        }
    }
}
