package dev.cloche.workers;

import static dev.cloche.wasm.ValueType.I64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.cloche.kernel.Problem;
import dev.cloche.outbound.Lookup;
import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.HostImport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Third-party plug-ins: results, errors and rules as libextism 1.41.0 has them. See resources/extism/README.md. */
abstract class ExtismConformance extends WorkersTestBase {
    @TempDir Path folder;

    private static HostImport texts(String module, String name, UnaryOperator<String> function) {
        return new HostImport(module, name, FunctionType.of(I64).returning(I64), frame -> {
            PluginMemory memory = frame.context(PluginMemory.class);
            frame.result(memory.write(bytes(function.apply(new String(memory.read(frame.i64(0)), java.nio.charset.StandardCharsets.UTF_8)))));
        });
    }

    // ---- results

    @Test
    void vowelsAreCountedAndTheTotalIsKeptByTheSession() {
        WorkerSession session = session("count_vowels");

        assertThat(call(session, "count_vowels", "aaa")).isEqualTo("{\"count\":3,\"total\":3,\"vowels\":\"aeiouAEIOU\"}");
        assertThat(call(session, "count_vowels", "aaaa")).isEqualTo("{\"count\":4,\"total\":7,\"vowels\":\"aeiouAEIOU\"}");
        assertThat(call(session, "count_vowels", "")).isEqualTo("{\"count\":0,\"total\":7,\"vowels\":\"aeiouAEIOU\"}");
        assertThat(call(session, "count_vowels", "hello world, HELLO")).isEqualTo("{\"count\":5,\"total\":12,\"vowels\":\"aeiouAEIOU\"}");
    }

    @Test
    void callsWithoutASessionKnowNothingOfEachOther() {
        Worker worker = worker(Plugins.bundle("count_vowels"), WorkerSettings.DEFAULT);

        for (int i = 0; i < 5; i++) {
            assertThat(text(worker.call("count_vowels", bytes("aaa"), LONG))).isEqualTo("{\"count\":3,\"total\":3,\"vowels\":\"aeiouAEIOU\"}");
        }
    }

    @Test
    void theManifestsConfigurationIsSeenAndTheSettingsGoBeforeIt() {
        String keys = "\"config\":{\"vowels\":\"lo\"}";

        assertThat(call(session(Plugins.bundle("count_vowels", keys), WorkerSettings.DEFAULT), "count_vowels", "hello world")).isEqualTo("{\"count\":5,\"total\":5,\"vowels\":\"lo\"}");
        assertThat(call(session(Plugins.bundle("count_vowels", keys), WorkerSettings.DEFAULT.withConfig(Map.of("vowels", "w"))), "count_vowels", "hello world"))
                .isEqualTo("{\"count\":1,\"total\":1,\"vowels\":\"w\"}");
        assertThat(call(session("config"), "run_test", "")).isEqualTo("{\"config\": \"<unset by host>\"}");
        assertThat(call(session(Plugins.bundle("config", "\"config\":{\"thing\":\"hello\"}"), WorkerSettings.DEFAULT), "run_test", "")).isEqualTo("{\"config\": \"hello\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alloc", "noop", "log"})
    void pluginsWithoutOutputAnswerNothing(String name) {
        WorkerSession session = session(name);

        assertThat(call(session, "run_test", "abc")).isEmpty();
        assertThat(call(session, "run_test", "abc")).isEmpty();
    }

    @Test
    void outputsAreThoseOfTheReference() {
        assertThat(call(session("hello"), "run_test", "abc")).isEqualTo("Hello, world!");
        assertThat(call(session("replace"), "run_test", "{{ replace me }} hello")).isEqualTo("{{ replace me }} hello");
        assertThat(call(session("input_offset"), "input_offset_length", "{{ replace me }} hello")).isEqualTo("\u0016\0\0\0\0\0\0\0");
        assertThat(call(session("consume"), "consume", "hi")).isEmpty();
        assertThat(call(session("allocations"), "allocations", "")).isEmpty();
        WorkerSession globals = session("globals");
        for (int i = 0; i < 3; i++) {
            assertThat(call(globals, "globals", "")).isEqualTo("{\"count\": " + i + "}");
        }
    }

    @Test
    void loadsBeyondTheInputGiveZeros() {
        WorkerSession echo = session("echo");

        assertThat(call(echo, "echo", "hi")).isEqualTo("\0\0");
        assertThat(call(echo, "echo", "123456789")).isEqualTo("123456789");
        assertThat(call(echo, "echo", "x".repeat(100_000))).isEqualTo("x".repeat(100_000));
    }

    // ---- errors

    @Test
    void anErrorThatThePluginSetsIsTheFailure() {
        WorkerSession session = session("fail");

        for (int i = 0; i < 2; i++) {
            CallOutcome.Failed failed = failed(session, "run_test", "");
            assertThat(failed.kind()).isEqualTo(Failure.FAILED);
            assertThat(failed.message()).isEqualTo("Some error message");
        }
    }

    @Test
    void anUnknownFunctionIsNamed() {
        WorkerSession session = session("count_vowels");

        assertThat(failed(session, "nope", "")).isEqualTo(CallOutcome.Failed.of(Failure.UNKNOWN_FUNCTION, "Function not found: nope"));
        assertThat(failed(session, "memory", "").kind()).isEqualTo(Failure.UNKNOWN_FUNCTION);
        assertThat(call(session, "count_vowels", "a")).contains("\"count\":1");
    }

    @Test
    void anAbortIsATrapAndTheNextCallRunsAgain() {
        WorkerSession session = session("unreachable");

        assertThat(failed(session, "do_unreachable", "").kind()).isEqualTo(Failure.TRAPPED);
        assertThat(failed(session, "do_unreachable", "").kind()).isEqualTo(Failure.TRAPPED);
    }

    @Test
    void exitCodesAreAnswersOrFailures() {
        assertThat(call(session(Plugins.bundle("exit", "\"config\":{\"code\":\"0\"}"), WorkerSettings.DEFAULT), "_start", "")).isEmpty();
        WorkerSession three = session(Plugins.bundle("exit", "\"config\":{\"code\":\"3\"}"), WorkerSettings.DEFAULT);
        assertThat(failed(three, "_start", "")).isEqualTo(CallOutcome.Failed.of(Failure.FAILED, "exit code 3"));
        assertThat(failed(three, "_start", "")).isEqualTo(CallOutcome.Failed.of(Failure.FAILED, "exit code 3"));
        assertThat(failed(session("exit"), "_start", "").message()).isEqualTo("exit code 2");
    }

    @Test
    void aPluginThatSleepsTooLongIsEnded() {
        assertThat(call(session(Plugins.bundle("sleep", "\"config\":{\"duration\":\"0\"}"), WorkerSettings.DEFAULT), "run_test", "")).isEqualTo("slept for 0 seconds");
        WorkerSession session = session(Plugins.bundle("sleep", "\"config\":{\"duration\":\"600\"},\"timeout_ms\":100"), WorkerSettings.DEFAULT);

        CallOutcome.Failed failed = failed(session, "run_test", "");

        assertThat(failed.kind()).isEqualTo(Failure.TIMED_OUT);
        assertThat(failed.message()).startsWith("timeout");
    }

    // ---- variables, languages

    @Test
    void variablesAreKeptAndLimited() {
        WorkerSession session = session("var");

        assertThat(call(session, "run_test", "")).isEqualTo("a: 0");
        assertThat(call(session, "run_test", "")).isEqualTo("a: 0");
        CallOutcome.Failed none = failed(session(Plugins.bundle("var", "\"memory\":{\"max_var_bytes\":0}"), WorkerSettings.DEFAULT), "run_test", "");
        assertThat(none.kind()).isEqualTo(Failure.TRAPPED);
        assertThat(none.message()).isEqualTo("Vars are disabled by this host");
    }

    // ---- functions of the host, linked modules

    @Test
    void functionsOfTheHostAreCalled() {
        WorkerSettings settings = WorkerSettings.DEFAULT.withFunctions(List.of(
                new HostImport("extism:host/user", "mult", FunctionType.of(I64, I64).returning(I64), frame -> frame.result(frame.i64(0) * frame.i64(1))),
                texts("host", "to_upper", text -> text.toUpperCase(Locale.ROOT)),
                texts("extism:host/user", "hostGreenMessage", text -> "green " + text),
                texts("extism:host/user", "hostPurpleMessage", text -> "purple " + text),
                texts("extism:host/user", "hello_world", text -> "HW:" + text),
                texts("extism:host/user", "host_reflect", text -> text.toUpperCase(Locale.ROOT))));

        assertThat(call(session(Plugins.bundle("host"), settings), "run_test", "")).isEqualTo("42 x 2 = 84");
        assertThat(call(session(Plugins.bundle("host_memory"), settings), "run_test", "Frodo")).isEqualTo("HELLO FRODO!");
        WorkerSession multiple = session(Plugins.bundle("host_multiple"), settings);
        assertThat(call(multiple, "say_green", "John")).isEqualTo("green 🫱 Hey from say_green John");
        assertThat(call(multiple, "say_purple", "John")).isEqualTo("purple 👋 Hello from say_purple John");
        assertThat(call(session(Plugins.bundle("code-functions"), settings), "count_vowels", "this is a test")).isEqualTo("HW:{\"count\": 4}");
        assertThat(call(session(Plugins.bundle("reflect"), settings), "reflect", "this is a test")).isEqualTo("THIS IS A TEST");
    }

    @Test
    void aFunctionThatNobodyOffersIsNamedBeforeAnyCall() {
        assertThatThrownBy(() -> worker(Plugins.bundle("host"), WorkerSettings.DEFAULT)).isInstanceOf(Problem.class)
                .hasMessageContaining("unknown import: `extism:host/user::mult` has not been defined");
    }

    @Test
    void modulesOfOneWorkerAreLinked() {
        WorkerSession linked = session(Plugins.bundle("{\"wasm\":[{\"path\":\"lib.wasm\",\"name\":\"lib\"},{\"path\":\"main.wasm\"}]}",
                Map.of("lib.wasm", Plugins.module("lib"), "main.wasm", Plugins.module("main"))), WorkerSettings.DEFAULT);
        assertThat(call(linked, "run_test", "benjamin")).isEqualTo("Hello, BENJAMIN");
        assertThat(call(linked, "run_test", "x")).isEqualTo("Hello, X");

        WorkerSession instead = session(Plugins.bundle("{\"wasm\":[{\"path\":\"u.wasm\",\"name\":\"extism:host/user\"},{\"path\":\"r.wasm\",\"name\":\"main\"}]}",
                Map.of("u.wasm", Plugins.module("upper"), "r.wasm", Plugins.module("reflect"))), WorkerSettings.DEFAULT);
        assertThat(call(instead, "reflect", "this is a test")).isEqualTo("THIS IS A TEST");
    }

    // ---- log

    @Test
    void logLinesArrive() {
        List<WorkerSettings.WorkerLog> lines = Collections.synchronizedList(new ArrayList<>());
        call(session(Plugins.bundle("log"), WorkerSettings.DEFAULT.withLog(lines::add)), "run_test", "");

        assertThat(lines).extracting(WorkerSettings.WorkerLog::level).contains(WorkerSettings.WorkerLog.Level.INFO, WorkerSettings.WorkerLog.Level.WARN, WorkerSettings.WorkerLog.Level.ERROR)
                .doesNotContain(WorkerSettings.WorkerLog.Level.DEBUG);
    }

    // ---- hosts

    @Test
    void onlyHostsThatAreWantedAndGrantedAreAsked() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("X-Test", "yes");
            byte[] body = bytes("{\"userId\":1}");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String request = "{\"url\":\"http://127.0.0.1:" + server.getAddress().getPort() + "/todos/1\"}";

            assertThat(get(request, "127.0.0.1", List.of("127.0.0.1"), true)).isInstanceOfSatisfying(CallOutcome.Answer.class,
                    answer -> assertThat(text(answer)).contains("\"x-test\":\"yes\""));
            assertThat(get(request, "127.0.*", List.of("*"), true)).isInstanceOf(CallOutcome.Answer.class);
            for (List<String> granted : List.of(List.<String>of(), List.of("example.com"), List.of("127.0.0.2"))) {
                assertThat(failure(get(request, "127.0.0.1", granted, true)).message()).startsWith("HTTP request to http://127.0.0.1").endsWith("is not allowed");
            }
            assertThat(failure(get(request, "example.com", List.of("*"), true)).message()).endsWith("is not allowed");
            assertThat(failure(get(request, "*", List.of("*"), false)).message()).endsWith("127.0.0.1 is not in the public network");
            assertThat(failure(get("http://no.json", "*", List.of("*"), true)).message()).isEqualTo("expected value at line 1 column 1");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void answersAreLimitedInSizeAndTimeAndNotRedirected() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
        java.util.concurrent.CountDownLatch over = new java.util.concurrent.CountDownLatch(1);
        server.createContext("/large", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(new byte[2000]);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/large");
            exchange.getResponseHeaders().add("X-Test", "moved");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.createContext("/never", exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        server.start();
        try {
            String to = "{\"url\":\"http://127.0.0.1:" + server.getAddress().getPort();
            WorkerSession session = session(Plugins.bundle("http_headers", "\"allowed_hosts\":[\"127.0.0.1\"],\"memory\":{\"max_http_response_bytes\":1000}"),
                    WorkerSettings.DEFAULT.withHosts(List.of("127.0.0.1"), true));

            assertThat(failed(session, "http_get", to + "/large\"}").message()).startsWith("HTTP request to http://127.0.0.1").contains("failed");
            assertThat(call(session, "http_get", to + "/moved\"}")).contains("\"x-test\":\"moved\"");
            assertThat(failure(session.call("http_get", bytes(to + "/never\"}"), Duration.ofMillis(100))).kind()).isEqualTo(Failure.TIMED_OUT);
        } finally {
            over.countDown();
            server.stop(0);
        }
    }

    /** A name that belongs to somebody else: the first look-up gives a public address, and each one after it this machine. */
    @Test
    void aNameThatChangesItsAddressReachesNothingHere() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger lookups = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            byte[] body = bytes(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Workers rebound = keep(new Workers(engine(), new Lookup(host -> new InetAddress[] {InetAddress.getByName(lookups.getAndIncrement() == 0 ? "2a00::1" : "127.0.0.1")})));
        WorkerBundle bundle = Plugins.bundle("http_headers", "\"allowed_hosts\":[\"rebound.test\"]");
        WorkerSession careful = keep(keep(rebound.open(bundle, WorkerSettings.DEFAULT.withHosts(List.of("rebound.test"), false))).session());
        WorkerSession trusted = keep(keep(rebound.open(bundle, WorkerSettings.DEFAULT.withHosts(List.of("rebound.test"), true))).session());
        byte[] request = bytes("{\"url\":\"http://rebound.test:" + server.getAddress().getPort() + "/\"}");
        try {
            // goes out to the public address, where nobody answers
            assertThat(careful.call("http_get", request, Duration.ofMillis(500))).isInstanceOf(CallOutcome.Failed.class);
            assertThat(lookups).hasValue(1);
            assertThat(failure(careful.call("http_get", request, LONG)).message()).endsWith("rebound.test is not in the public network");
            assertThat(asked).hasValue(0);

            assertThat(trusted.call("http_get", request, LONG)).isInstanceOf(CallOutcome.Answer.class);
            assertThat(asked).hasValue(1);
            assertThat(lookups).hasValue(3);
        } finally {
            server.stop(0);
        }
    }

    private CallOutcome get(String request, String wanted, List<String> granted, boolean privateToo) {
        return session(Plugins.bundle("http_headers", "\"allowed_hosts\":[\"" + wanted + "\"]"), WorkerSettings.DEFAULT.withHosts(granted, privateToo))
                .call("http_get", bytes(request), LONG);
    }

    // ---- paths

    @Test
    void filesBelowGrantedFoldersAreReadAndWritten() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "old");
        WorkerSession session = session(Plugins.bundle("read_write", "\"allowed_paths\":{\"data\":\"/data\"},\"config\":{\"path\":\"/data/a.txt\"}"),
                WorkerSettings.DEFAULT.withPaths(Map.of("data", folder)));

        assertThat(call(session, "try_read", "")).isEqualTo("old");
        assertThat(session.call("try_write", bytes("abc"), LONG)).isInstanceOf(CallOutcome.Answer.class);
        assertThat(Files.readString(folder.resolve("a.txt"))).isEqualTo("oldabc");
    }

    @Test
    void aFolderForReadingIsNotWritten() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "old");
        WorkerSession session = session(Plugins.bundle("read_write", "\"allowed_paths\":{\"ro:data\":\"/data\"},\"config\":{\"path\":\"/data/a.txt\"}"),
                WorkerSettings.DEFAULT.withPaths(Map.of("data", folder)));

        assertThat(call(session, "try_read", "")).isEqualTo("old");
        assertThat(failed(session, "try_write", "abc").message()).startsWith("Failed to");
        assertThat(Files.readString(folder.resolve("a.txt"))).isEqualTo("old");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "/data/../secret", "/data/../../../../../../etc/passwd", "/data/link", "/data/links/secret", "/data/inner/../../secret", "secret", "/data/none"})
    void noPathLeadsOut(String path) throws IOException {
        Path granted = Files.createDirectories(folder.resolve("granted/inner")).getParent();
        Files.writeString(folder.resolve("secret"), "secret");
        Files.createSymbolicLink(granted.resolve("link"), folder.resolve("secret"));
        Files.createSymbolicLink(granted.resolve("links"), folder);
        WorkerSession session = session(Plugins.bundle("read_write", "\"allowed_paths\":{\"data\":\"/data\"},\"config\":{\"path\":\"" + path + "\"}"),
                WorkerSettings.DEFAULT.withPaths(Map.of("data", granted)));

        assertThat(failed(session, "try_read", "").message()).startsWith("Failed to");
        assertThat(failed(session, "try_write", "abc").message()).startsWith("Failed to");
        assertThat(Files.readString(folder.resolve("secret"))).isEqualTo("secret");
    }

    @Test
    void aFolderThatIsNotGrantedIsNamed() {
        assertThatThrownBy(() -> worker(Plugins.bundle("read_write", "\"allowed_paths\":{\"data\":\"/data\"}"), WorkerSettings.DEFAULT)).isInstanceOf(Problem.class)
                .hasMessageContaining("'data'").hasMessageContaining("not granted");
    }

    @Test
    void aMappedFileIsReadByAProgramOfTinyGo() throws IOException {
        Files.writeString(folder.resolve("test.txt"), "hello world!");
        WorkerSession session = session(Plugins.bundle("fs", "\"allowed_paths\":{\"data\":\"/mnt\"}"), WorkerSettings.DEFAULT.withPaths(Map.of("data", folder)));

        assertThat(call(session, "run_test", "")).isEqualTo("hello world!");
    }

    @Test
    void aCallIsCancelled() throws Exception {
        WorkerSession session = session(Plugins.bundle("sleep", "\"config\":{\"duration\":\"600\"}"), WorkerSettings.DEFAULT);
        Thread other = Thread.ofVirtual().start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                session.cancel();
                Thread.onSpinWait();
            }
        });

        CallOutcome outcome = session.call("run_test", bytes(""), Duration.ofMinutes(10));
        other.interrupt();
        other.join();

        assertThat(failure(outcome).kind()).isEqualTo(Failure.CANCELLED);
    }
}
