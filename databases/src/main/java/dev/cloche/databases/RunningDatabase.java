package dev.cloche.databases;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.Caller;
import dev.cloche.schema.ModuleSchema.Lifecycle;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.tables.Query;
import dev.cloche.tables.SqlException;
import dev.cloche.tables.Store;
import dev.cloche.values.Identity;
import dev.cloche.wasm.GuestThread;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A database at work: takes what clients want from any thread, and does it one after another on its own. */
final class RunningDatabase implements LiveDatabase, AutoCloseable {
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(60);
    /** While a snapshot waits for the disk. */
    private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    static final String STOPPING = "The database is stopping, or has too much to do; try again.";

    private final Identity identity;
    private final DatabaseLimits limits;
    private final Mailbox mailbox;
    private final GuestThread thread;
    private final Map<Client, Boolean> clients = new LinkedHashMap<>();
    private final Set<Client> listening = ConcurrentHashMap.newKeySet();
    private final Claims claims = new Claims();
    private final OneOffCalls oneOff = new OneOffCalls(this);
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private volatile DatabaseParts parts;
    private volatile Optional<String> end = Optional.empty();
    private volatile @Nullable DatabaseCore core;
    private @Nullable Procedures procedures;

    /** Work for the database's thread. */
    @FunctionalInterface
    interface Work {
        void run(DatabaseCore core);
    }

    RunningDatabase(DatabaseParts parts) {
        this.parts = parts;
        identity = parts.identity();
        limits = parts.limits();
        mailbox = new Mailbox(limits.queue().calls(), limits.queue().bytes());
        thread = new GuestThread("database-" + identity.hex().substring(0, 12), this::run);
        thread.setDaemon(true);
    }

    /** Starts its thread and the module; throws what the start threw. */
    void start() {
        parts.log().listen(new CommitLog.Listener() {
            @Override
            public void durable(long offset) {
                listening.forEach(client -> client.durable(offset));
            }

            @Override
            public void failed(RuntimeException cause) {
                end = Optional.of("The database's log cannot be written: " + cause.getMessage());
                mailbox.close();
            }
        });
        thread.start();
        try {
            started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void run() {
        try {
            core = new DatabaseCore(parts, new DatabaseOutside(this, claims));
            procedures = new Procedures(this, claims);
            started.complete(null);
        } catch (RuntimeException | Error e) {
            parts.log().close();
            started.completeExceptionally(e);
            return;
        }
        try {
            while (!mailbox.isClosed()) {
                turn();
            }
        } finally {
            finish();
        }
    }

    private void turn() {
        Runnable work = mailbox.poll();
        if (work != null) {
            guarded(work);
            betweenCalls();
            return;
        }
        DatabaseCore running = running();
        long now = parts.micros().getAsLong();
        long next = running.appointments().next();
        if (next <= now) {
            guarded(() -> AppointmentCalls.keep(this, running, now));
            betweenCalls();
        } else if (!running.snapshots().whenIdle()) {
            long longest = running.snapshots().isAny() ? LOOK_AGAIN : LONGEST_WAIT;
            mailbox.await(Math.min(longest, saturatedNanos(next - now)));
        }
    }

    private void betweenCalls() {
        DatabaseCore running = running();
        running.keepIfGrown();
        running.snapshots().betweenCalls();
    }

    private static long saturatedNanos(long micros) {
        return micros > LONGEST_WAIT / 1_000 ? LONGEST_WAIT : micros * 1_000;
    }

    /** A mistake of ours ends the piece of work in which it happened, and is told. */
    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            parts.lines().line(HostLines.error("", "internal error: " + e));
            System.getLogger(RunningDatabase.class.getName()).log(System.Logger.Level.ERROR, "database=" + identity + " work failed", e);
        } catch (Error e) {
            // such as no memory: the tables may be in the middle of a change, so the database starts again from its log
            end = Optional.of("The database broke and starts again: " + e);
            mailbox.close();
            System.getLogger(RunningDatabase.class.getName()).log(System.Logger.Level.ERROR, "database=" + identity + " broke", e);
        }
    }

    private void finish() {
        for (Runnable work = mailbox.poll(); work != null; work = mailbox.poll()) {
            guarded(work);
        }
        String reason = end.orElse("The database was stopped.");
        List.copyOf(clients.keySet()).forEach(client -> client.closed(reason));
        clients.clear();
        listening.clear();
        if (procedures != null) {
            procedures.close();
        }
        running().close();
        running().store.close();
        parts.program().module().close();
        parts.log().close();
    }

    private DatabaseCore running() {
        DatabaseCore now = core;
        if (now == null) {
            throw new IllegalStateException("the database is not running");
        }
        return now;
    }

    /** Does something with the procedures, on the database's thread. */
    void procedures(Consumer<Procedures> work) {
        if (procedures != null) {
            work.accept(procedures);
        }
    }

    // ---- what clients hear

    /** Tells everyone but the caller, who hears in the order of its requests together with the outcome. */
    void tell(DatabaseCore.Ended ended, @Nullable Client caller) {
        if (caller != null) {
            caller.reducerEnded(ended.call(), ended.outcome(), ended.seen().getOrDefault(caller, List.of()), ended.offset());
        }
        tell(Optional.of(ended.call()), ended.seen(), caller);
    }

    void tell(Optional<Call> call, Map<Client, List<QuerySetChange>> seen, @Nullable Client except) {
        long offset = running().offset();
        seen.forEach((client, changes) -> {
            if (!client.equals(except)) {
                client.changed(call, changes, offset);
            }
        });
    }

    // ---- work from other threads

    /** Hands work to the database's thread; false if it is stopping or has too much to do. */
    boolean submit(Work work) {
        return submit(0, work);
    }

    /** As {@link #submit(Work)}, for work that keeps so many bytes in memory. */
    boolean submit(int bytes, Work work) {
        return mailbox.offer(() -> work.run(running()), bytes);
    }

    /** As {@link #submit}, for what must not be refused. */
    boolean force(Work work) {
        return mailbox.force(() -> work.run(running()));
    }

    /** Does work on the database's thread; completes with a failure if it is stopping. */
    <T> CompletionStage<T> ask(Function<DatabaseCore, T> work, Supplier<T> refused) {
        return ask(0, work, refused);
    }

    /** As {@link #ask(Function, Supplier)}, for work that keeps so many bytes in memory. */
    <T> CompletionStage<T> ask(int bytes, Function<DatabaseCore, T> work, Supplier<T> refused) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        boolean taken = submit(bytes, running -> {
            try {
                answer.complete(work.apply(running));
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        if (!taken) {
            answer.complete(refused.get());
        }
        return answer;
    }

    long now() {
        return parts.micros().getAsLong();
    }

    DatabaseParts parts() {
        return parts;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ModuleSchema module() {
        return parts.program().schema();
    }

    @Override
    public long durableOffset() {
        return parts.log().durable();
    }

    @Override
    public void connect(Client client) {
        boolean taken = submit(running -> {
            if (clients.size() >= limits.queue().clients()) {
                client.refused("This database has as many clients as it may.");
                return;
            }
            claims.put(client.connection(), client.claims());
            Caller caller = new Caller(client.identity(), client.connection(), now());
            Optional<DatabaseCore.Ended> ended = running.call(Lifecycle.CONNECTED, caller);
            Optional<String> refusal = ended.flatMap(one -> refusal(one.outcome()));
            if (refusal.isPresent()) {
                claims.remove(client.connection());
                client.refused(refusal.get());
                return;
            }
            ended.ifPresent(one -> tell(Optional.of(one.call()), one.seen(), null));
            clients.put(client, true);
            listening.add(client);
            client.opened(running.offset());
        });
        if (!taken) {
            client.refused(STOPPING);
        }
    }

    static Optional<String> refusal(ReducerOutcome outcome) {
        return switch (outcome) {
            case ReducerOutcome.Committed committed -> Optional.empty();
            case ReducerOutcome.Refused(String message) -> Optional.of(message);
            case ReducerOutcome.Failed(Failure failure, String message) -> Optional.of(message);
        };
    }

    @Override
    public void disconnect(Client client) {
        force(running -> {
            if (clients.remove(client) == null) {
                return;
            }
            listening.remove(client);
            running.watchers.remove(client);
            running.call(Lifecycle.DISCONNECTED, new Caller(client.identity(), client.connection(), now())).ifPresent(ended -> tell(ended, null));
            claims.remove(client.connection());
        });
    }

    @Override
    public void subscribe(Client client, int requestId, int querySet, List<String> queries) {
        boolean taken = submit(running -> {
            if (!clients.containsKey(client)) {
                return;
            }
            long start = System.nanoTime();
            switch (running.watchers.add(client, querySet, queries, running.sqlCaller(client.identity()))) {
                case Watchers.Added.Rows(List<TableRows> rows) -> client.subscribed(requestId, querySet, rows, System.nanoTime() - start, running.offset());
                case Watchers.Added.Refused(String message) ->
                        client.subscriptionFailed(OptionalInt.of(requestId), querySet, message, System.nanoTime() - start);
            }
        });
        if (!taken) {
            client.subscriptionFailed(OptionalInt.of(requestId), querySet, STOPPING, 0);
        }
    }

    @Override
    public void unsubscribe(Client client, int requestId, int querySet) {
        force(running -> {
            if (!clients.containsKey(client)) {
                return;
            }
            long start = System.nanoTime();
            running.watchers.remove(client, querySet).ifPresentOrElse(
                    rows -> client.unsubscribed(requestId, querySet, rows, System.nanoTime() - start, running.offset()),
                    () -> client.subscriptionFailed(OptionalInt.of(requestId), querySet,
                            "Subscription not found: QuerySetId { id: " + Integer.toUnsignedString(querySet) + " }", System.nanoTime() - start));
        });
    }

    @Override
    public void callReducer(Client client, int requestId, String reducer, byte[] arguments) {
        boolean taken = submit(arguments.length, running -> {
            if (clients.containsKey(client)) {
                tell(running.call(new Caller(client.identity(), client.connection(), now()), requestId, reducer, arguments), client);
            }
        });
        if (!taken) {
            Call call = new Call(reducer, -1, arguments, requestId, client.identity(), client.connection(), now(), 0);
            client.reducerEnded(call, new ReducerOutcome.Failed(Failure.UNAVAILABLE, STOPPING), List.of(), 0);
        }
    }

    @Override
    public void callProcedure(Client client, int requestId, String procedure, byte[] arguments) {
        boolean taken = submit(arguments.length, running -> {
            if (!clients.containsKey(client)) {
                return;
            }
            procedures(work -> work.call(procedure, new Caller(client.identity(), client.connection(), now()), arguments, ended ->
                    force(later -> client.procedureEnded(requestId, ended.outcome(), ended.timestamp(), ended.nanoseconds(), later.offset()))));
        });
        if (!taken) {
            client.procedureEnded(requestId, new ProcedureOutcome.Failed(Failure.UNAVAILABLE, STOPPING), 0, 0, 0);
        }
    }

    @Override
    public void query(Client client, byte[] messageId, String sql) {
        boolean taken = submit(running -> {
            long start = System.nanoTime();
            try {
                Query query = running.subscriptions.query(sql, running.sqlCaller(client.identity()));
                TableRows rows = new TableRows(query.table(), query.tableName(), query.rows());
                client.answered(messageId, List.of(rows), System.nanoTime() - start, running.offset());
            } catch (SqlException refused) {
                client.queryFailed(messageId, refused.getMessage() + ", executing: `" + sql + "`", System.nanoTime() - start);
            }
        });
        if (!taken) {
            client.queryFailed(messageId, STOPPING, 0);
        }
    }

    @Override
    public CompletionStage<CallAnswer> call(Identity sender, String function, byte[] arguments) {
        return oneOff.call(sender, function, arguments);
    }

    @Override
    public CompletionStage<SqlAnswer> sql(Identity sender, boolean owner, String sql) {
        return oneOff.sql(sender, owner, sql);
    }

    @Override
    public CompletionStage<HandlerOutcome> handle(HandlerRequest request) {
        return oneOff.handle(request);
    }

    /** What it holds and who is connected, now. */
    CompletionStage<DatabaseStatus> status() {
        return ask(running -> DatabaseStatus.of(running, clients.keySet()),
                () -> DatabaseStatus.ASLEEP);
    }

    /** Whether it still takes work. */
    boolean isRunning() {
        return !mailbox.isClosed();
    }

    /** Whether a table has rows; false if there is no such table. */
    boolean hasRows(int table) {
        return ask(core -> core.store.schema().tables().stream().anyMatch(one -> one.id() == table) && core.store.rowCount(table) > 0, () -> true)
                .toCompletableFuture().join();
    }

    /**
     * Puts another program in the place of the one that runs. Clients stay, or are closed where they would not understand it.
     *
     * @param migrate brings the tables under the new program, and keeps both; what it throws stops the database
     */
    void replace(DatabaseParts.Program program, boolean breaksClients, Function<DatabaseCore, Store> migrate) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        boolean taken = force(old -> {
            try {
                old.snapshots().close();
                Store store = migrate.apply(old);
                DatabaseParts next = parts.with(program, store, old.offset());
                DatabaseCore started = new DatabaseCore(next, new DatabaseOutside(this, claims));
                change(old, started, next, breaksClients);
                done.complete(null);
            } catch (RuntimeException | Error e) {
                end = Optional.of("Another module could not be put into the database.");
                mailbox.close();
                done.completeExceptionally(e);
            }
        });
        if (!taken) {
            throw new IllegalStateException(STOPPING);
        }
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void change(DatabaseCore old, DatabaseCore started, DatabaseParts next, boolean breaksClients) {
        parts = next;
        core = started;
        if (procedures != null) {
            procedures.close();
        }
        procedures = new Procedures(this, claims);
        if (breaksClients) {
            List.copyOf(clients.keySet()).forEach(client -> client.closed("The database got another module, which this client does not know."));
            clients.clear();
            listening.clear();
        } else {
            old.watchers.each((client, set, queries) -> {
                if (started.watchers.add(client, set, queries, started.sqlCaller(client.identity())) instanceof Watchers.Added.Refused(String message)) {
                    client.subscriptionFailed(OptionalInt.empty(), set, message, 0);
                }
            });
        }
        old.close();
        old.store.close();
        old.parts.program().module().close();
    }

    /** Ends it: clients are told, what was committed is written. Waits for its thread. */
    void stop(String reason) {
        end = Optional.of(reason);
        mailbox.close();
        try {
            if (!thread.join(PATIENCE)) {
                running().module().interrupt();
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop("The server is stopping.");
    }
}
