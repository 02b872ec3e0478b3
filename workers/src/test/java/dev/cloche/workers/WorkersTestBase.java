package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A set of workers on an engine, and calls in text. */
abstract class WorkersTestBase {
    static final Duration LONG = Duration.ofMinutes(2);
    /** Where the build puts native libraries; the module's pom names it. */
    private static final Path LIBRARIES = Path.of(System.getProperty("cloche.native"));

    private Engine engine;
    Workers workers;
    private final List<AutoCloseable> toClose = new ArrayList<>();

    abstract Engine open(EngineSettings settings);

    static Engine wasmtime(EngineSettings settings) {
        return Engines.wasmtime(settings);
    }

    static EngineSettings settings(Optional<Path> cache) {
        return EngineSettings.of(Optional.of(LIBRARIES), cache);
    }

    @BeforeEach
    void openWorkers() {
        engine = open(settings(Optional.empty()));
        workers = new Workers(engine);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose.reversed()) {
            one.close();
        }
        workers.close();
        engine.close();
    }

    Engine engine() {
        return engine;
    }

    <T extends AutoCloseable> T keep(T one) {
        toClose.add(one);
        return one;
    }

    Worker worker(WorkerBundle bundle, WorkerSettings settings) {
        return keep(workers.open(bundle, settings));
    }

    WorkerSession session(WorkerBundle bundle, WorkerSettings settings) {
        return keep(worker(bundle, settings).session());
    }

    WorkerSession session(String plugin) {
        return session(Plugins.bundle(plugin), WorkerSettings.DEFAULT);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(CallOutcome outcome) {
        assertThat(outcome).isInstanceOf(CallOutcome.Answer.class);
        return new String(((CallOutcome.Answer) outcome).output(), StandardCharsets.UTF_8);
    }

    static String call(WorkerSession session, String function, String input) {
        return text(session.call(function, bytes(input), LONG));
    }

    static CallOutcome.Failed failure(CallOutcome outcome) {
        assertThat(outcome).isInstanceOf(CallOutcome.Failed.class);
        return (CallOutcome.Failed) outcome;
    }

    static CallOutcome.Failed failed(WorkerSession session, String function, String input) {
        return failure(session.call(function, bytes(input), LONG));
    }
}
