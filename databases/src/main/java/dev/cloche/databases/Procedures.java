package dev.cloche.databases;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.CallEnd;
import dev.cloche.modules.Caller;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.schema.ModuleSchema.Procedure;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.RowLayout;
import dev.cloche.wasm.GuestThread;
import dev.cloche.wasm.Limits;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs procedures and HTTP handlers: beside the database's thread, on instances of their own, a few at a time. */
final class Procedures implements AutoCloseable {
    private static final int AT_ONCE = 4;
    private static final int WAITING = 1_000;
    private static final int MOST_TABLES = 100_000;

    private final RunningDatabase database;
    private final Claims claims;
    private final ExecutorService threads;
    private final ConcurrentLinkedDeque<Runner> idle = new ConcurrentLinkedDeque<>();
    private final Set<Runner> all = ConcurrentHashMap.newKeySet();

    /** How a procedure ended. */
    record Ended(ProcedureOutcome outcome, long timestamp, long nanoseconds) {}

    /** An instance with what it may ask for. */
    private record Runner(ModuleInstance instance, ProcedureOutside outside) {}

    Procedures(RunningDatabase database, Claims claims) {
        this.database = database;
        this.claims = claims;
        threads = new ThreadPoolExecutor(AT_ONCE, AT_ONCE, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING),
                GuestThread.factory("procedure-" + database.identity().hex().substring(0, 12)));
        ((ThreadPoolExecutor) threads).allowCoreThreadTimeOut(true);
    }

    /** Calls a procedure for somebody; {@code heard} is told on any thread. */
    void call(String name, Caller caller, byte[] arguments, Consumer<Ended> heard) {
        Optional<Procedure> procedure = database.module().procedure(name);
        if (procedure.isEmpty()) {
            heard.accept(new Ended(new ProcedureOutcome.Failed(Failure.UNKNOWN, "No such procedure"), 0, 0));
            return;
        }
        @Nullable String wrong = wrong(procedure.get(), arguments);
        if (wrong != null) {
            heard.accept(new Ended(new ProcedureOutcome.Failed(Failure.ARGUMENTS, "invalid arguments for procedure " + name + ": " + wrong), 0, 0));
            return;
        }
        try {
            threads.execute(() -> heard.accept(run(procedure.get(), caller, arguments)));
        } catch (RejectedExecutionException full) {
            heard.accept(new Ended(new ProcedureOutcome.Failed(Failure.UNAVAILABLE, "Too many procedures are waiting; try again."), 0, 0));
        }
    }

    /** Calls a procedure with the row of an appointment. */
    void callScheduled(String name, byte[] row) {
        call(name, new Caller(database.identity(), ConnectionId.ZERO, database.now()), row, ended -> { });
    }

    private @Nullable String wrong(Procedure procedure, byte[] arguments) {
        try {
            new BsatnReader(arguments).skip(RowLayout.of(database.module().database().typespace(), procedure.parameters()));
            return null;
        } catch (BsatnException e) {
            return e.getMessage();
        }
    }

    private Ended run(Procedure procedure, Caller caller, byte[] arguments) {
        long start = System.nanoTime();
        ProcedureOutcome outcome = switch (use(instance ->
                instance.procedure(procedure.id(), procedure.name(), caller, arguments, database.parts().limits().procedureTime()))) {
            case CallEnd.Done(byte[] value) -> new ProcedureOutcome.Returned(value);
            case CallEnd.Refused(String message) -> new ProcedureOutcome.Failed(Failure.TRAP, message);
            case CallEnd.Broken(CallEnd.Cause cause, String detail) -> {
                database.parts().lines().line(HostLines.error(procedure.name(), "ended (" + cause + "): " + detail));
                ReducerOutcome.Failed failed = DatabaseCore.broken(cause);
                yield new ProcedureOutcome.Failed(failed.failure(), failed.message());
            }
        };
        return new Ended(outcome, caller.timestamp(), System.nanoTime() - start);
    }

    private CallEnd use(Function<ModuleInstance, CallEnd> work) {
        Runner runner;
        try {
            runner = runner();
        } catch (ModuleRefused refused) {
            return new CallEnd.Broken(CallEnd.Cause.TRAP, "the module cannot be started: " + refused.getMessage());
        }
        boolean usable = false;
        try {
            CallEnd end = work.apply(runner.instance());
            usable = !(end instanceof CallEnd.Broken);
            return end;
        } finally {
            if (usable) {
                idle.push(runner);
            } else {
                all.remove(runner);
                runner.instance().close();
            }
        }
    }

    private Runner runner() {
        Runner ready = idle.poll();
        if (ready != null) {
            return ready;
        }
        DatabaseParts parts = database.parts();
        ProcedureOutside outside = new ProcedureOutside(database, claims);
        Limits limits = new Limits(parts.limits().moduleMemory(), MOST_TABLES, parts.limits().callTime());
        ModuleInstance instance = parts.program().module().start(new Module.Place(parts.identity(), parts.lines(), outside, limits));
        outside.of(instance);
        Runner made = new Runner(instance, outside);
        all.add(made);
        return made;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        all.forEach(runner -> runner.instance().interrupt());
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        idle.forEach(runner -> runner.instance().close());
    }
}
