package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain WASI programs: {@code resources/wasi/program.c}, by clang and wasi-libc. */
abstract class CommandConformance extends WorkersTestBase {
    @TempDir Path folder;
    private Path granted;
    private Worker worker;

    static byte[] program() throws IOException {
        try (InputStream in = CommandConformance.class.getResourceAsStream("/wasi/program.wasm")) {
            return in.readAllBytes();
        }
    }

    @BeforeEach
    void openProgram() throws IOException {
        granted = Files.createDirectory(folder.resolve("granted"));
        worker = open("data");
    }

    private Worker open(String name) throws IOException {
        return worker(Plugins.bundle("{\"name\":\"program\",\"wasm\":[{\"path\":\"program.wasm\"}],\"allowed_paths\":{\"" + name + "\":\"/data\"}}", Map.of("program.wasm", program())),
                WorkerSettings.DEFAULT.withPaths(Map.of("data", granted)));
    }

    private CallOutcome run(String function, String input) {
        return worker.call(function, bytes(input), LONG);
    }

    @Test
    void standardInputComesInAndStandardOutputGoesOut() {
        assertThat(text(run("upper", "hello, wörld"))).isEqualTo("HELLO, WöRLD");
        assertThat(text(run("upper", "x".repeat(500_000)))).isEqualTo("X".repeat(500_000));
        assertThat(text(run("upper", ""))).isEmpty();
        assertThat(worker.functions()).extracting(WorkerFunction::name).containsExactly("_start");
    }

    @Test
    void eachCallBeginsAnew() {
        assertThat(text(run("calls", ""))).isEqualTo("1");
        assertThat(text(run("calls", ""))).isEqualTo("1");
        assertThat(text(run("environment", ""))).isEqualTo("none");
    }

    @Test
    void anExitCodeIsAFailureWithWhatWasSaid() {
        assertThat(failure(run("fail", "not so"))).isEqualTo(CallOutcome.Failed.of(Failure.FAILED, "not so"));
        assertThat(failure(run("exit", "7"))).isEqualTo(CallOutcome.Failed.of(Failure.FAILED, "exit code 7"));
        assertThat(text(run("exit", "0"))).isEmpty();
        assertThat(failure(run("nothing", "")).message()).isEqualTo("there is no function nothing");
        CallOutcome.Failed input = failure(run("fail", "{\"field\":\"B\",\"rule\":\"shape\",\"message\":\"B must have 2 rows.\"}"));
        assertThat(input.kind()).isEqualTo(Failure.BAD_INPUT);
        assertThat(input.field()).contains("B");
    }

    @Test
    void clockAndChanceAreReal() {
        String[] parts = text(run("clock", "")).split(" ");
        assertThat(parts[0]).isEqualTo("1");
        assertThat(Long.parseLong(parts[1])).isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
        assertThat(((CallOutcome.Answer) run("random", "")).output()).hasSize(32).isNotEqualTo(((CallOutcome.Answer) run("random", "")).output());
    }

    @Test
    void aSleeperIsEndedInTime() {
        assertThat(failure(worker.call("sleep", bytes(""), Duration.ofMillis(50))).kind()).isEqualTo(Failure.TIMED_OUT);
    }

    @Test
    void filesAreMadeReadMovedAndRemoved() throws IOException {
        assertThat(text(run("files", "/data"))).isEqualTo("hello, WORLD|13 1|5|./ ../ ");
        assertThat(text(run("many", "/data"))).isEqualTo("202");
        try (Stream<Path> left = Files.list(granted)) {
            assertThat(left).hasSize(200);
        }
    }

    @Test
    void foldersAreListed() throws IOException {
        Files.createDirectory(granted.resolve("inner"));
        Files.writeString(granted.resolve("a.txt"), "");

        assertThat(text(run("list", "/data"))).isEqualTo("./ ../ a.txt inner/ ");
        assertThat(text(run("list", "/data/inner"))).isEqualTo("./ ../ ");
        assertThat(failure(run("list", "/")).message()).startsWith("opendir");
        assertThat(failure(run("list", "/data/a.txt")).message()).startsWith("opendir");
    }

    @Test
    void aFolderForReadingIsNotChanged() throws IOException {
        Files.writeString(granted.resolve("mine"), "");
        worker = open("ro:data");

        assertThat(failure(run("files", "/data")).message()).startsWith("fopen");
        assertThat(text(run("list", "/data"))).contains("mine");
        assertThat(text(run("escape", "/data/mine"))).isEqualTo("5"); // it may be read, and is there
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/../secret", "/secret", "/data/link", "/data/links/secret", "/data/./../secret", "/data/inner/../../secret", "/data/inner/link/secret", "/data//../secret",
            "/data/../granted-not/secret", "../secret", "/proc/self/environ"})
    void noPathLeadsOut(String path) throws IOException {
        Files.createDirectory(granted.resolve("inner"));
        Files.createDirectory(folder.resolve("granted-not"));
        Files.writeString(folder.resolve("granted-not/secret"), "secret");
        Files.writeString(folder.resolve("secret"), "secret");
        Files.writeString(granted.resolve("mine"), "mine");
        Files.createSymbolicLink(granted.resolve("link"), folder.resolve("secret"));
        Files.createSymbolicLink(granted.resolve("links"), folder);
        Files.createSymbolicLink(granted.resolve("inner/link"), Path.of("../.."));

        String ways = text(run("escape", path));

        // a new folder beside a link that lies inside is no way out
        assertThat(ways).isIn("0", "64");
        assertThat(Files.readString(folder.resolve("secret"))).isEqualTo("secret");
        assertThat(Files.readString(folder.resolve("granted-not/secret"))).isEqualTo("secret");
        assertThat(Files.isSymbolicLink(granted.resolve("link"))).isTrue();
        try (Stream<Path> outside = Files.list(folder)) {
            assertThat(outside.map(one -> one.getFileName().toString())).containsExactlyInAnyOrder("granted", "granted-not", "secret");
        }
    }

    @Test
    void tooMuchOutputEndsIt() {
        CallOutcome.Failed failed = failure(run("spill", ""));

        assertThat(failed.kind()).isEqualTo(Failure.TRAPPED);
        assertThat(failed.message()).contains("the output has more than");
        assertThat(failure(run("complain", "")).message()).hasSizeLessThanOrEqualTo(65_536).startsWith("this is wrong\n");
    }
}
