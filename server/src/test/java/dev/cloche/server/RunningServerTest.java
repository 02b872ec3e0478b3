package dev.cloche.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.storage.DatabaseAddress;
import dev.cloche.storage.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server as a process of its own, and the command beside it. */
@Timeout(180)
class RunningServerTest {
    @TempDir Path folder;
    private final List<Process> started = new ArrayList<>();

    /** What a process printed until it was ready. */
    private record Up(Process process, String url, Optional<String> signIn) {}

    @BeforeEach
    void othersMayWalkThrough() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @AfterEach
    void endAll() throws InterruptedException {
        started.forEach(Process::destroy);
        for (Process process : started) {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Test
    void itStartsServesAndStopsCleanly() throws Exception {
        Up up = up();

        assertThat(up.signIn()).hasValueSatisfying(link -> assertThat(link).startsWith(up.url()));
        assertThat(get("/health/ready", "").statusCode()).isEqualTo(200);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(serverFile()))).isEqualTo("rw-------");

        String secret = cloche(0, "token", "create", "--scope", "read").strip();
        assertThat(get("/api/projects", secret).statusCode()).isEqualTo(200);
        assertThat(Json.tree(get("/api/projects", secret).body()).path("projects")).hasSize(1);
        assertThat(get("/api/projects", "wrong").statusCode()).isEqualTo(401);

        List<ProcessHandle> children = up.process().descendants().toList();
        assertThat(children).isNotEmpty();
        assertThat(cloche(0, "stop")).contains("Stopped");
        assertThat(up.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(up.process().exitValue()).isZero();
        children.forEach(child -> child.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        assertThat(serverFile()).doesNotExist();
        cloche(3, "status");
    }

    @Test
    void aSecondServerOnTheSameDataIsRefusedAndTheFirstGoesOn() throws Exception {
        Up first = up();

        Process second = java("dev.cloche.server.Main", "--data", data().toString(), "--port", "0").start();
        started.add(second);
        String said = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(second.waitFor()).isEqualTo(2);
        assertThat(said).contains("process " + first.process().pid()).contains("--data").doesNotContain("\tat ");
        assertThat(get("/health/ready", "").statusCode()).isEqualTo(200);
    }

    @Test
    void workSurvivesTheServersSuddenDeath() throws Exception {
        Up first = up();
        String id = cloche(0, "workspace", "create", "kept", "--template", "hello").strip();
        List<ProcessHandle> children = first.process().descendants().toList();

        first.process().destroyForcibly().waitFor();
        Up second = up();

        assertThat(cloche(0, "workspace", "list", "--json")).contains(id);
        children.forEach(child -> child.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        assertThat(second.url()).isNotEmpty();
    }

    @Test
    void aPostgresqlOfOnesOwnIsUsedInsteadOfOurs() throws Exception {
        try (TestDatabase own = TestDatabase.unmigrated()) {
            DatabaseAddress address = own.address();
            String url = address.url().replace("jdbc:postgresql://", "postgresql://" + address.user() + ":" + address.password() + "@");
            Up up = up(Map.of("CLOCHE_DATABASE_URL", url));
            String id = cloche(0, "workspace", "create", "elsewhere", "--template", "hello").strip();

            assertThat(up.process().descendants()).as("processes of the server").isEmpty();
            assertThat(data().resolve("postgres")).doesNotExist();
            assertThat(own.database().<String>read(handle -> handle.createQuery("SELECT name FROM workspace WHERE id = :id").bind("id", id).mapTo(String.class).one()))
                    .isEqualTo("elsewhere");
            up.process().destroy();
            assertThat(up.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void wrongSettingsAreToldInOneLineEach() throws Exception {
        Process process = java("dev.cloche.server.Main", "--data", data().toString(), "--prot", "1", "--public.domian", "x").start();
        started.add(process);

        String said = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(said.lines().filter(line -> line.startsWith("cloche: "))).hasSize(2)
                .anyMatch(line -> line.contains("Did you mean 'port'?"))
                .anyMatch(line -> line.contains("Did you mean 'public.domain'?"));
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path serverFile() {
        return data().resolve("run/server.json");
    }

    private Up up() throws Exception {
        return up(Map.of());
    }

    private Up up(Map<String, String> environment) throws Exception {
        ProcessBuilder server = java("dev.cloche.server.Main", "--data", data().toString(), "--port", "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        server.environment().putAll(environment);
        Process process = server.start();
        started.add(process);
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        assertThat(line).startsWith("Cloche is ready at ");
        Optional<String> signIn = Optional.ofNullable(lines.readLine()).filter(next -> next.startsWith("Sign in: ")).map(next -> next.substring(9));
        return new Up(process, line.substring("Cloche is ready at ".length()), signIn);
    }

    private java.net.http.HttpResponse<byte[]> get(String path, String token) throws Exception {
        JsonNode server = Json.tree(Files.readAllBytes(serverFile()));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.path("port").asInt() + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        }
    }

    private String cloche(int exit, String... words) throws Exception {
        Process process = java("dev.cloche.cli.Main", Stream.concat(Stream.of(words), Stream.of("--data", data().toString())).toArray(String[]::new))
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(process);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", words) + ": " + said).isEqualTo(exit);
        return said;
    }

    private static ProcessBuilder java(String main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }
}
