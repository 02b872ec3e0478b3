package dev.cloche.databases;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.CallEnd;
import dev.cloche.modules.Caller;
import dev.cloche.schema.ModuleSchema.Procedure;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Layout;
import dev.cloche.values.RowLayout;
import dev.cloche.wasm.GuestThread;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs procedures: beside the database's thread, on instances of their own, a few at a time; HTTP handlers use the same instances. */
final class Procedures implements AutoCloseable {
    private static final int AT_ONCE = 4;
    private static final int WAITING = 1_000;

    private final RunningDatabase database;
    private final SpareInstances instances;
    private final Handlers handlers;
    private final ExecutorService threads;

    /** How a procedure ended. */
    record Ended(ProcedureOutcome outcome, long timestamp, long nanoseconds) {}

    Procedures(RunningDatabase database, Claims claims) {
        this.database = database;
        instances = new SpareInstances(database, claims);
        threads = threads("procedure", database, AT_ONCE, WAITING);
        handlers = new Handlers(database, instances);
    }

    /** So many threads, which end when there is nothing to do for them. */
    static ExecutorService threads(String name, RunningDatabase database, int atOnce, int waiting) {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(atOnce, atOnce, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting),
                GuestThread.factory(name + "-" + database.identity().hex().substring(0, 12)));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** The module's HTTP handlers. */
    Handlers handlers() {
        return handlers;
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
            threads.execute(() -> heard.accept(guarded(procedure.get(), caller, arguments)));
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

    /** Whatever happens, whoever called hears of it. */
    private Ended guarded(Procedure procedure, Caller caller, byte[] arguments) {
        try {
            return run(procedure, caller, arguments);
        } catch (RuntimeException e) {
            database.parts().lines().line(HostLines.error(procedure.name(), "internal error: " + e));
            return new Ended(new ProcedureOutcome.Failed(Failure.UNAVAILABLE, "The procedure could not be run to its end; try again."), caller.timestamp(), 0);
        }
    }

    private Ended run(Procedure procedure, Caller caller, byte[] arguments) {
        long start = System.nanoTime();
        CallEnd end = instances.use(
                (instance, outside) -> instance.procedure(procedure.id(), procedure.name(), caller, arguments, database.parts().limits().procedureTime()),
                broken -> broken, one -> one instanceof CallEnd.Broken);
        ProcedureOutcome outcome = switch (end) {
            case CallEnd.Done(byte[] value) -> returned(procedure, value);
            case CallEnd.Refused(String message) -> new ProcedureOutcome.Failed(Failure.TRAP, message);
            case CallEnd.Broken(CallEnd.Cause cause, String detail) -> {
                database.parts().lines().line(HostLines.error(procedure.name(), "ended (" + cause + "): " + detail));
                ReducerOutcome.Failed failed = DatabaseCore.broken(cause, detail, database.parts().limits().procedureTime());
                yield new ProcedureOutcome.Failed(failed.failure(), failed.message());
            }
        };
        return new Ended(outcome, caller.timestamp(), System.nanoTime() - start);
    }

    /** What it returned, if that is what it says that it returns: clients rely on it. */
    private ProcedureOutcome returned(Procedure procedure, byte[] value) {
        try {
            BsatnReader reader = new BsatnReader(value);
            reader.skip(Layout.of(database.module().database().typespace(), procedure.result()));
            reader.end();
            return new ProcedureOutcome.Returned(value);
        } catch (BsatnException wrong) {
            String why = "The procedure " + procedure.name() + " returned what is not of its type: " + wrong.getMessage();
            database.parts().lines().line(HostLines.error(procedure.name(), why));
            return new ProcedureOutcome.Failed(Failure.TRAP, why);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        handlers.shutDown();
        instances.interrupt();
        try {
            threads.awaitTermination(5, TimeUnit.SECONDS);
            handlers.awaitEnd(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        instances.close();
    }
}
