package dev.cloche.databases;

import dev.cloche.modules.CallEnd;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleRefused;
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
    private volatile @Nullable ModuleInstance instance;

    /** Starts the first instance at once; throws {@link ModuleRefused} if that fails. */
    ModuleRuns(Module module, Module.Place place) {
        this.module = module;
        this.place = place;
        instance = module.start(place);
    }

    /** Calls into the instance; an end that breaks it gives it up. */
    CallEnd call(Function<ModuleInstance, CallEnd> work) {
        return use(work, end -> end, end -> end instanceof CallEnd.Broken);
    }

    /** As {@link #call}, for other kinds of ends. */
    <T> T use(Function<ModuleInstance, T> work, Function<CallEnd, T> failed, Predicate<T> broken) {
        @Nullable ModuleInstance now = instance;
        if (now == null) {
            try {
                now = module.start(place);
                instance = now;
            } catch (ModuleRefused refused) {
                return failed.apply(new CallEnd.Broken(CallEnd.Cause.TRAP, "the module cannot be started again: " + refused.getMessage()));
            }
        }
        boolean usable = false;
        try {
            T end = work.apply(now);
            usable = !broken.test(end);
            return end;
        } finally {
            if (!usable) {
                instance = null;
                now.close();
            }
        }
    }

    /** Ends the call that runs. Any thread. */
    void interrupt() {
        ModuleInstance running = instance;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public void close() {
        ModuleInstance last = instance;
        instance = null;
        if (last != null) {
            last.close();
        }
    }
}
