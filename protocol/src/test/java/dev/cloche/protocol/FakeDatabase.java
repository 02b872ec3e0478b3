package dev.cloche.protocol;

import dev.cloche.databases.Call;
import dev.cloche.databases.Client;
import dev.cloche.databases.HandlerOutcome;
import dev.cloche.databases.HandlerRequest;
import dev.cloche.databases.LiveDatabase;
import dev.cloche.databases.ProcedureOutcome;
import dev.cloche.databases.QueryChange;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.databases.ReducerOutcome;
import dev.cloche.databases.TableRows;
import dev.cloche.modules.HttpHeader;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.tables.RowList;
import dev.cloche.tables.SqlException;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A database without a module, by hand, that keeps to the contract between protocol and core; see {@link FakeModule}. */
final class FakeDatabase implements LiveDatabase, AutoCloseable {
    static final Identity IDENTITY = new Identity(1, 2, 3, 0xc2L << 56);

    private static final Pattern QUERY = Pattern.compile("(?i)SELECT \\* FROM \"?(\\w+)\"?(?: WHERE .*)?");

    private final ExecutorService thread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("fake-database").factory());
    private final ModuleSchema module = FakeModule.schema();
    private final Map<Client, Map<Integer, List<String>>> clients = new LinkedHashMap<>();
    private final Map<Integer, String> people = new TreeMap<>();
    private int nextId = 1;
    private long offset;
    private volatile long durable;
    private volatile boolean logStops;
    private volatile String refusal = "";

    /** From now on transactions stay unsure until {@link #write}. */
    void stopLog() {
        logStops = true;
    }

    /** Makes all transactions so far durable. */
    void write() {
        thread.execute(() -> {
            durable = offset;
            clients.keySet().forEach(client -> client.durable(offset));
        });
    }

    /** From now on clients are refused with this text. */
    void refuse(String text) {
        refusal = text;
    }

    /** Ends all clients. */
    void endClients(String reason) {
        thread.execute(() -> clients.keySet().forEach(client -> client.closed(reason)));
    }

    /** How many clients there are. */
    int clients() {
        return CompletableFuture.supplyAsync(clients::size, thread).join();
    }

    /** How many query sets were answered. */
    int querySets() {
        return CompletableFuture.supplyAsync(() -> clients.values().stream().mapToInt(Map::size).sum(), thread).join();
    }

    /** Puts people in. */
    void fill(int count, String name) {
        CompletableFuture.runAsync(() -> {
            for (int i = 0; i < count; i++) {
                people.put(nextId++, name);
            }
        }, thread).join();
    }

    @Override
    public Identity identity() {
        return IDENTITY;
    }

    @Override
    public ModuleSchema module() {
        return module;
    }

    @Override
    public long durableOffset() {
        return durable;
    }

    @Override
    public void connect(Client client) {
        thread.execute(() -> {
            if (!refusal.isEmpty()) {
                client.refused(refusal);
                return;
            }
            clients.put(client, new LinkedHashMap<>());
            client.opened(0);
        });
    }

    @Override
    public void disconnect(Client client) {
        thread.execute(() -> clients.remove(client));
    }

    @Override
    public void subscribe(Client client, int requestId, int querySet, List<String> queries) {
        thread.execute(() -> {
            Map<Integer, List<String>> sets = clients.get(client);
            if (sets == null) {
                return;
            }
            try {
                if (sets.containsKey(querySet)) {
                    throw new SqlException("Subscription with id " + querySet + " already exists", -1);
                }
                List<String> tables = queries.stream().map(FakeDatabase::table).toList();
                sets.put(querySet, tables);
                client.subscribed(requestId, querySet, rows(tables), 1_234_000, offset);
            } catch (SqlException e) {
                client.subscriptionFailed(OptionalInt.of(requestId), querySet, e.getMessage(), 1000);
            }
        });
    }

    @Override
    public void unsubscribe(Client client, int requestId, int querySet) {
        thread.execute(() -> {
            Map<Integer, List<String>> sets = clients.get(client);
            if (sets == null) {
                return;
            }
            List<String> tables = sets.remove(querySet);
            if (tables == null) {
                client.subscriptionFailed(OptionalInt.of(requestId), querySet, "Subscription not found: " + querySet, 1000);
            } else {
                client.unsubscribed(requestId, querySet, rows(tables), 1000, offset);
            }
        });
    }

    @Override
    public void callReducer(Client client, int requestId, String reducer, byte[] arguments) {
        thread.execute(() -> {
            Transaction tx = new Transaction();
            ReducerOutcome outcome = run(reducer, arguments, tx);
            Call call = new Call(reducer, module.reducer(reducer).map(ModuleSchema.Reducer::id).orElse(0), arguments, requestId, client.identity(), client.connection(), 1_700_000_000_000_000L, 5000);
            commit(tx, outcome);
            List<QueryChange> changes = tx.changes();
            for (Map.Entry<Client, Map<Integer, List<String>>> other : List.copyOf(clients.entrySet())) {
                List<QuerySetChange> seen = seen(other.getValue(), changes);
                if (other.getKey() == client) {
                    client.reducerEnded(call, outcome, seen, offset);
                } else if (!seen.isEmpty()) {
                    other.getKey().changed(Optional.of(call), seen, offset);
                }
            }
        });
    }

    @Override
    public void callProcedure(Client client, int requestId, String procedure, byte[] arguments) {
        thread.execute(() -> client.procedureEnded(requestId, run(procedure, arguments), 1_700_000_000_000_000L, 7000, offset));
    }

    @Override
    public void query(Client client, byte[] messageId, String sql) {
        thread.execute(() -> {
            try {
                client.answered(messageId, rows(List.of(table(sql))), 1000, offset);
            } catch (SqlException e) {
                client.queryFailed(messageId, e.getMessage(), 1000);
            }
        });
    }

    @Override
    public CompletionStage<CallAnswer> call(Identity sender, String function, byte[] arguments) {
        return CompletableFuture.supplyAsync(() -> {
            if (!refusal.isEmpty()) {
                return new CallAnswer.NotLetIn(refusal);
            }
            if (module.procedure(function).isPresent()) {
                return new CallAnswer.OfProcedure(run(function, arguments), offset, 7000);
            }
            Transaction tx = new Transaction();
            ReducerOutcome outcome = run(function, arguments, tx);
            commit(tx, outcome);
            return new CallAnswer.OfReducer(outcome, offset, 5000);
        }, thread);
    }

    @Override
    public CompletionStage<SqlAnswer> sql(Identity sender, boolean owner, String sql) {
        return CompletableFuture.supplyAsync(() -> {
            if (sql.startsWith("DELETE")) {
                if (!owner) {
                    throw new SqlException("Only the owner may change rows by SQL", 0);
                }
                int deleted = people.size();
                people.clear();
                return new SqlAnswer(List.of(), RowList.EMPTY, 0, deleted, 0, 3000, ++offset);
            }
            RowList rows = rows(List.of(table(sql))).getFirst().rows();
            return new SqlAnswer(List.of(Element.of("id", Primitive.U32), Element.of("name", Primitive.STRING)), rows, 0, 0, 0, 3000, offset);
        }, thread);
    }

    /** {@code /say} says what it was asked; {@code /bad} does all that an answer must not do to a browser. */
    @Override
    public CompletionStage<HandlerOutcome> handle(HandlerRequest request) {
        return CompletableFuture.supplyAsync(() -> switch (request.path()) {
            case "/say" -> new HandlerOutcome.Answered(201, List.of(new HttpHeader("X-Said", "yes"), new HttpHeader("content-type", "text/plain")),
                    said(request).getBytes(StandardCharsets.UTF_8), durable);
            case "/bad" -> new HandlerOutcome.Answered(200, Stream.of("content-type: text/html", "set-cookie: __Host-cloche=x", "content-security-policy: default-src *",
                    "x-content-type-options: off", "x-cloche-own-page: 1", "clear-site-data: \"*\"", "refresh: 0;url=//evil", "service-worker-allowed: /",
                    "access-control-allow-credentials: true", "access-control-allow-origin: http://evil", "strict-transport-security: max-age=1",
                    "content-disposition: inline; filename=a.html", "www-authenticate: Basic", "transfer-encoding: chunked", "content-length: 3")
                    .map(line -> new HttpHeader(line.split(": ", 2)[0], line.split(": ", 2)[1])).toList(), "<script>".getBytes(StandardCharsets.UTF_8), 0);
            case "/post-only" -> new HandlerOutcome.OtherMethod(List.of("PATCH", "POST"));
            case "/broken" -> new HandlerOutcome.Failed(ReducerOutcome.Failure.TRAP, "The instance encountered a fatal error.");
            case "/busy" -> new HandlerOutcome.Failed(ReducerOutcome.Failure.UNAVAILABLE, "Too many requests are waiting; try again.");
            default -> new HandlerOutcome.NoRoute();
        }, thread);
    }

    private static String said(HandlerRequest request) {
        return request.method() + " " + request.path() + "?" + request.query() + " "
                + request.headers().stream().map(header -> header.name() + "=" + header.value()).sorted().toList() + " " + new String(request.body(), StandardCharsets.UTF_8);
    }

    /** What one call changes. */
    private static final class Transaction {
        private final List<byte[]> inserted = new ArrayList<>();
        private final List<byte[]> deleted = new ArrayList<>();
        private final List<byte[]> shouted = new ArrayList<>();

        List<QueryChange> changes() {
            List<QueryChange> changes = new ArrayList<>();
            if (!inserted.isEmpty() || !deleted.isEmpty()) {
                changes.add(new QueryChange(FakeModule.PERSON, "person", false, RowList.of(inserted), RowList.of(deleted)));
            }
            if (!shouted.isEmpty()) {
                changes.add(new QueryChange(FakeModule.SHOUT, "shout", true, RowList.of(shouted), RowList.EMPTY));
            }
            return changes;
        }
    }

    private void commit(Transaction tx, ReducerOutcome outcome) {
        if (outcome instanceof ReducerOutcome.Committed && !tx.changes().isEmpty()) {
            offset++;
            if (!logStops) {
                durable = offset;
            }
        }
    }

    private ReducerOutcome run(String reducer, byte[] arguments, Transaction tx) {
        BsatnReader in = new BsatnReader(arguments);
        try {
            switch (reducer) {
                case "add_person" -> put(nextId++, in.readString(), tx);
                case "rename" -> put(in.readI32(), in.readString(), tx);
                case "remove" -> {
                    int id = in.readI32();
                    Optional.ofNullable(people.remove(id)).ifPresent(name -> tx.deleted.add(person(id, name)));
                }
                case "shout" -> tx.shouted.add(new BsatnWriter().writeString(in.readString()).toArray());
                case "fail" -> {
                    return new ReducerOutcome.Refused(in.readString());
                }
                case "panic" -> {
                    return new ReducerOutcome.Failed(ReducerOutcome.Failure.TRAP, "The instance encountered a fatal error.");
                }
                case "no_op" -> { }
                case "init" -> {
                    return new ReducerOutcome.Failed(ReducerOutcome.Failure.LIFECYCLE, "can't directly call special Init lifecycle reducer");
                }
                default -> {
                    return new ReducerOutcome.Failed(ReducerOutcome.Failure.UNKNOWN, "no such reducer");
                }
            }
            return new ReducerOutcome.Committed(new byte[0]);
        } catch (BsatnException e) {
            return new ReducerOutcome.Failed(ReducerOutcome.Failure.ARGUMENTS, "invalid arguments for reducer " + reducer + ": " + e.rule());
        }
    }

    private static ProcedureOutcome run(String procedure, byte[] arguments) {
        return switch (procedure) {
            case "sum_it" -> {
                BsatnReader in = new BsatnReader(arguments);
                yield new ProcedureOutcome.Returned(new BsatnWriter().writeU64(in.readU32() + in.readU32()).toArray());
            }
            case "break_it" -> new ProcedureOutcome.Failed(ReducerOutcome.Failure.TRAP, "The instance encountered a fatal error.");
            default -> new ProcedureOutcome.Failed(ReducerOutcome.Failure.UNKNOWN, "No such procedure");
        };
    }

    private void put(int id, String name, Transaction tx) {
        Optional.ofNullable(people.put(id, name)).ifPresent(old -> tx.deleted.add(person(id, old)));
        tx.inserted.add(person(id, name));
    }

    private static byte[] person(int id, String name) {
        return new BsatnWriter().writeU32(id).writeString(name).toArray();
    }

    private static List<QuerySetChange> seen(Map<Integer, List<String>> sets, List<QueryChange> changes) {
        List<QuerySetChange> seen = new ArrayList<>();
        sets.forEach((number, tables) -> {
            List<QueryChange> ofSet = tables.stream().flatMap(table -> changes.stream().filter(change -> change.table().equals(table))).toList();
            if (!ofSet.isEmpty()) {
                seen.add(new QuerySetChange(number, ofSet));
            }
        });
        return seen;
    }

    private List<TableRows> rows(List<String> tables) {
        List<byte[]> all = people.entrySet().stream().map(one -> person(one.getKey(), one.getValue())).toList();
        return tables.stream().filter("person"::equals).map(table -> new TableRows(FakeModule.PERSON, table, RowList.of(all))).toList();
    }

    private static String table(String sql) {
        Matcher query = QUERY.matcher(sql);
        if (!query.matches() || !List.of("person", "shout").contains(query.group(1))) {
            throw new SqlException("no such table: `" + (query.matches() ? query.group(1) : sql) + "`. If the table exists, it may be marked private., executing: `" + sql + "`", 0);
        }
        return query.group(1);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
