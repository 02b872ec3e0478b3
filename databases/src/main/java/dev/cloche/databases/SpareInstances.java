package dev.cloche.databases;

import dev.cloche.modules.CallEnd;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.wasm.Limits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/** Instances of a module besides the one of the database's thread; made when all are at work. Only on guest threads. */
final class SpareInstances implements AutoCloseable {
    private final RunningDatabase database;
    private final Claims claims;
    private final ConcurrentLinkedDeque<Spare> idle = new ConcurrentLinkedDeque<>();
    private final Set<Spare> all = ConcurrentHashMap.newKeySet();

    /** An instance with what it may ask for. */
    private record Spare(CountedInstance counted, ProcedureOutside outside) {
        ModuleInstance instance() {
            return counted.instance();
        }
    }

    SpareInstances(RunningDatabase database, Claims claims) {
        this.database = database;
        this.claims = claims;
    }

    /**
     * Calls into an instance; one that a call broke is given up.
     *
     * @param work gets what the instance may ask for as well
     */
    <T> T use(BiFunction<ModuleInstance, ProcedureOutside, T> work, Function<CallEnd.Broken, T> failed, Predicate<T> broken) {
        Spare spare;
        try {
            spare = spare();
        } catch (ModuleRefused refused) {
            return failed.apply(ModuleRuns.notStarted(refused));
        }
        boolean usable = false;
        try {
            T end = work.apply(spare.instance(), spare.outside());
            usable = !broken.test(end) && spare.counted().settle();
            return end;
        } finally {
            if (usable) {
                idle.push(spare);
            } else {
                all.remove(spare);
                spare.counted().close();
            }
        }
    }

    private Spare spare() {
        Spare ready = idle.poll();
        if (ready != null) {
            return ready;
        }
        DatabaseParts parts = database.parts();
        ProcedureOutside outside = new ProcedureOutside(database, claims);
        Limits limits = parts.limits().instance();
        CountedInstance counted = CountedInstance.start(
                parts.program().module(), new Module.Place(parts.identity(), parts.lines(), outside, limits), parts.memory().modules());
        outside.of(counted.instance());
        Spare made = new Spare(counted, outside);
        all.add(made);
        return made;
    }

    /** Ends the calls that run. */
    void interrupt() {
        all.forEach(spare -> spare.instance().interrupt());
    }

    /** Frees those that are not at work. */
    @Override
    public void close() {
        idle.forEach(spare -> spare.counted().close());
    }
}
