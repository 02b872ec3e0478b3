package dev.cloche.databases;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.CallEnd;
import dev.cloche.modules.Caller;
import dev.cloche.modules.Module;
import dev.cloche.modules.Outside;
import dev.cloche.schema.ModuleSchema.Lifecycle;
import dev.cloche.schema.ModuleSchema.Reducer;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.tables.Changes;
import dev.cloche.tables.ChangesForm;
import dev.cloche.tables.Query;
import dev.cloche.tables.SqlCaller;
import dev.cloche.tables.Store;
import dev.cloche.tables.Subscriptions;
import dev.cloche.tables.Transaction;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import dev.cloche.values.RowLayout;
import dev.cloche.wasm.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables of a running database, the module that changes them, and those who watch: everything that happens in one
 * transaction after another. Of the database's thread only.
 */
final class DatabaseCore implements AutoCloseable {

    final DatabaseParts parts;
    final Store store;
    final Watchers watchers;
    final Subscriptions subscriptions;
    private final ModuleRuns module;
    private final ViewTables views;
    private final Appointments appointments;
    private final Snapshots snapshots;
    private final Map<String, Known> reducers = new HashMap<>();
    private long offset;
    private long logged;

    /** A reducer with the layout of its arguments. */
    private record Known(Reducer reducer, RowLayout arguments) {}

    /** How a call ended, what others hear of it, and the number of the last transaction then. */
    record Ended(Call call, ReducerOutcome outcome, Map<Client, List<QuerySetChange>> seen, long offset) {}

    DatabaseCore(DatabaseParts parts, Outside outside) {
        this.parts = parts;
        store = parts.store();
        offset = parts.offset();
        logged = parts.logged();
        Limits limits = parts.limits().instance();
        module = new ModuleRuns(parts.program().module(), new Module.Place(parts.identity(), parts.lines(), outside, limits), parts.memory().modules());
        ModuleSchema schema = parts.program().schema();
        views = new ViewTables(schema, store, module, parts.lines());
        subscriptions = new Subscriptions(store, schema.rowFilters(), views);
        views.over(subscriptions);
        watchers = new Watchers(subscriptions, parts.limits().queue().queries());
        snapshots = new Snapshots(store, this::offset);
        appointments = new Appointments(schema.database(), store, parts.micros().getAsLong());
        for (Reducer reducer : schema.reducers()) {
            reducers.put(reducer.name(), new Known(reducer, RowLayout.of(schema.database().typespace(), reducer.parameters())));
        }
    }

    long offset() {
        return offset;
    }

    Appointments appointments() {
        return appointments;
    }

    /** Whether a reducer has this name. */
    boolean hasReducer(String name) {
        return reducers.containsKey(name);
    }

    /** Somebody as the SQL of this database sees them. */
    SqlCaller sqlCaller(Identity who) {
        return new SqlCaller(who, who.equals(parts.owner()));
    }

    /** Calls a reducer that clients may call. */
    Ended call(Caller caller, int requestId, String name, byte[] arguments) {
        Known known = reducers.get(name);
        if (known == null) {
            return notRun(caller, requestId, name, -1, arguments, Failure.UNKNOWN, "no such reducer");
        }
        if (known.reducer().lifecycle().isPresent()) {
            return notRun(caller, requestId, name, known.reducer().id(), arguments, Failure.LIFECYCLE,
                    "can't directly call special " + lifecycleName(known.reducer().lifecycle().get()) + " lifecycle reducer");
        }
        return run(known, caller, requestId, arguments);
    }

    private static String lifecycleName(Lifecycle lifecycle) {
        return switch (lifecycle) {
            case INIT -> "Init";
            case CONNECTED -> "OnConnect";
            case DISCONNECTED -> "OnDisconnect";
        };
    }

    /** Calls the reducer of this moment, if the module has one. */
    Optional<Ended> call(Lifecycle moment, Caller caller) {
        return parts.program().schema().reducer(moment).map(reducer -> run(Objects.requireNonNull(reducers.get(reducer.name())), caller, 0, new byte[0]));
    }

    /** Calls a reducer with the row of an appointment. */
    Ended callScheduled(String name, byte[] row, long now) {
        Caller self = new Caller(parts.identity(), ConnectionId.ZERO, now);
        Known known = reducers.get(name);
        return known == null ? notRun(self, 0, name, -1, row, Failure.UNKNOWN, "no such reducer") : run(known, self, 0, row);
    }

    private Ended notRun(Caller caller, int requestId, String name, int id, byte[] arguments, Failure failure, String message) {
        Call call = new Call(name, id, arguments, requestId, caller.sender(), caller.connection(), caller.timestamp(), 0);
        return new Ended(call, new ReducerOutcome.Failed(failure, message), Map.of(), offset);
    }

    private Ended run(Known known, Caller caller, int requestId, byte[] arguments) {
        Reducer reducer = known.reducer();
        @Nullable String wrong = wrong(known, arguments);
        if (wrong != null) {
            return notRun(caller, requestId, reducer.name(), reducer.id(), arguments, Failure.ARGUMENTS,
                    "invalid arguments for reducer " + reducer.name() + ": " + wrong);
        }
        long start = System.nanoTime();
        Transaction transaction = store.begin();
        CallEnd end;
        try {
            end = module.call(instance -> instance.reducer(reducer.id(), reducer.name(), caller, arguments, store, transaction));
        } catch (RuntimeException | Error e) {
            transaction.rollback();
            throw e;
        }
        ReducerOutcome outcome = outcome(end, parts.limits().callTime());
        Map<Client, List<QuerySetChange>> seen = Map.of();
        if (outcome instanceof ReducerOutcome.Committed) {
            seen = committed(transaction.commit(), caller.timestamp());
        } else {
            transaction.rollback();
            tell(reducer.name(), end);
        }
        long nanos = System.nanoTime() - start;
        parts.meter().called(nanos, outcome instanceof ReducerOutcome.Committed);
        Call call = new Call(reducer.name(), reducer.id(), arguments, requestId, caller.sender(), caller.connection(), caller.timestamp(), nanos);
        return new Ended(call, outcome, seen, offset);
    }

    private static @Nullable String wrong(Known known, byte[] arguments) {
        try {
            new BsatnReader(arguments).skip(known.arguments());
            return null;
        } catch (BsatnException e) {
            return e.getMessage();
        }
    }

    private static ReducerOutcome outcome(CallEnd end, Duration limit) {
        return switch (end) {
            case CallEnd.Done(byte[] value) -> new ReducerOutcome.Committed(value);
            case CallEnd.Refused(String message) -> new ReducerOutcome.Refused(message);
            case CallEnd.Broken(CallEnd.Cause cause, String detail) -> broken(cause, detail, limit);
        };
    }

    static ReducerOutcome.Failed broken(CallEnd.Cause cause, String detail, Duration limit) {
        return switch (cause) {
            case TIME -> new ReducerOutcome.Failed(Failure.TIME,
                    "The call ran longer than it may (" + limit.toMillis() + " ms) and was ended. Divide the work among several calls, or let the clock call it.");
            case MEMORY -> new ReducerOutcome.Failed(Failure.MEMORY, detail);
            case STACK -> new ReducerOutcome.Failed(Failure.TRAP, "The instance encountered a fatal error: its functions called one another too deeply.");
            case TRAP -> new ReducerOutcome.Failed(Failure.TRAP, "The instance encountered a fatal error. The database's log says which.");
        };
    }

    /** What clients are not told, or only in part, goes to the log. */
    private void tell(String function, CallEnd end) {
        String text = switch (end) {
            case CallEnd.Broken(CallEnd.Cause cause, String detail) -> "ended (" + cause + "): " + detail;
            case CallEnd.Refused(String message) -> message;
            case CallEnd.Done done -> "";
        };
        parts.lines().line(HostLines.error(function, text));
    }

    /** Keeps a transaction, and finds out who sees what of it. */
    Map<Client, List<QuerySetChange>> committed(Changes changes, long now) {
        if (!changes.nothingToLog()) {
            offset++;
            byte[] content = ChangesForm.write(changes);
            logged += content.length;
            parts.log().append(offset, content);
        }
        appointments.follow(changes, now);
        if (watchers.isEmpty() || changes.tables().isEmpty()) {
            return Map.of();
        }
        List<Query.Change> changed = subscriptions.evaluate(changes);
        List<Query.Change> inViews = views.refresh(changes);
        if (!inViews.isEmpty()) {
            changed = new ArrayList<>(changed);
            changed.addAll(inViews);
        }
        return changed.isEmpty() ? Map.of() : watchers.spread(changed);
    }

    /** Asks for a snapshot for the log if that has grown to its limit, and to twice what the tables take; between transactions. */
    void keepIfGrown() {
        if (logged < parts.limits().log() || logged < 2 * store.memory()) {
            return;
        }
        logged = 0;
        snapshots.ask(new LogSnapshot(parts.log()));
    }

    /** A transaction of its own for what is no change of rows: another module. Its number. */
    long mark() {
        parts.log().append(++offset, ChangesForm.write(new Changes(List.of(), List.of())));
        return offset;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    ViewTables views() {
        return views;
    }

    ModuleRuns module() {
        return module;
    }

    @Override
    public void close() {
        snapshots.close();
        module.close();
    }
}
