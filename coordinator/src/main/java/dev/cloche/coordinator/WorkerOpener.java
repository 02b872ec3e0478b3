package dev.cloche.coordinator;

import dev.cloche.wasm.Engine;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workers.WorkerSettings;
import dev.cloche.workers.Workers;
import java.util.Optional;
import java.util.function.Supplier;

/** Opens workers in this process. Any thread. */
public interface WorkerOpener extends AutoCloseable {
    /** Makes a worker ready; a {@link dev.cloche.kernel.Problem} says why it cannot be. */
    Worker open(WorkerBundle bundle, WorkerSettings settings);

    /** The engine's name and version. */
    String engine();

    /** Whether builds with vectors are run. */
    boolean simd();

    /** Gives back what its workers share, once they are closed; the engine is somebody else's to close, after this. */
    @Override
    default void close() {}

    /** On this engine, which is asked for with the first use. */
    static WorkerOpener on(Supplier<Engine> engine) {
        return new WorkerOpener() {
            private Optional<Workers> made = Optional.empty();

            /** One for all: it holds the functions of the host, each with a stub for C, and a client for HTTP. */
            private synchronized Workers workers() {
                if (made.isEmpty()) {
                    made = Optional.of(new Workers(engine.get()));
                }
                return made.get();
            }

            @Override
            public Worker open(WorkerBundle bundle, WorkerSettings settings) {
                return workers().open(bundle, settings);
            }

            @Override
            public String engine() {
                return workers().engine();
            }

            @Override
            public boolean simd() {
                return workers().simd();
            }

            @Override
            public synchronized void close() {
                made.ifPresent(Workers::close);
                made = Optional.empty();
            }
        };
    }
}
