package dev.cloche.databases;

import dev.cloche.modules.CallEnd;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.tables.MemoryPool;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The instance of a module that a database's thread uses. One that broke is replaced at the next use, so that a broken call
 * costs itself only.
 */
final class ModuleRuns implements AutoCloseable {
    private final Module module;
    private final Module.Place place;
    private final MemoryPool memory;
    private volatile @Nullable CountedInstance instance;

    /** Starts the first instance at once; throws {@link ModuleRefused} if that fails. */
    ModuleRuns(Module module, Module.Place place, MemoryPool memory) {
        this.module = module;
        this.place = place;
        this.memory = memory;
        instance = CountedInstance.start(module, place, memory);
    }

    /** The longest time of one call. */
    Duration callTime() {
        return place.limits().timeout();
    }

    /** Calls into the instance; an end that breaks it gives it up. */
    CallEnd call(Function<ModuleInstance, CallEnd> work) {
        return use(work, end -> end, end -> end instanceof CallEnd.Broken);
    }

    /** As {@link #call}, for other kinds of ends. */
    <T> T use(Function<ModuleInstance, T> work, Function<CallEnd, T> failed, Predicate<T> broken) {
        @Nullable CountedInstance now = instance;
        if (now == null) {
            try {
                now = CountedInstance.start(module, place, memory);
                instance = now;
            } catch (ModuleRefused refused) {
                return failed.apply(notStarted(refused));
            }
        }
        boolean usable = false;
        try {
            T end = work.apply(now.instance());
            usable = !broken.test(end) && now.settle();
            return end;
        } finally {
            if (!usable) {
                instance = null;
                now.close();
            }
        }
    }

    /** How a call ends for which no instance could be started. */
    static CallEnd.Broken notStarted(ModuleRefused refused) {
        return refused.reason() == ModuleRefused.Reason.MEMORY
                ? new CallEnd.Broken(CallEnd.Cause.MEMORY, String.valueOf(refused.getMessage()))
                : new CallEnd.Broken(CallEnd.Cause.TRAP, "the module cannot be started: " + refused.getMessage());
    }

    /** Ends the call that runs. Any thread. */
    void interrupt() {
        CountedInstance running = instance;
        if (running != null) {
            running.instance().interrupt();
        }
    }

    @Override
    public void close() {
        CountedInstance last = instance;
        instance = null;
        if (last != null) {
            last.close();
        }
    }
}
