package dev.cloche.coordinator;

import dev.cloche.wasm.Engine;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workers.WorkerSettings;
import dev.cloche.workers.Workers;
import java.util.function.Supplier;

/** Opens workers in this process. */
public interface WorkerOpener {
    /** Makes a worker ready; a {@link dev.cloche.kernel.Problem} says why it cannot be. */
    Worker open(WorkerBundle bundle, WorkerSettings settings);

    /** The engine's name and version. */
    String engine();

    /** Whether builds with vectors are run. */
    boolean simd();

    /** On this engine, which is asked for with the first use. */
    static WorkerOpener on(Supplier<Engine> engine) {
        return new WorkerOpener() {
            @Override
            public Worker open(WorkerBundle bundle, WorkerSettings settings) {
                return new Workers(engine.get()).open(bundle, settings);
            }

            @Override
            public String engine() {
                return engine.get().name();
            }

            @Override
            public boolean simd() {
                return new Workers(engine.get()).simd();
            }
        };
    }
}
