package dev.cloche.databases;

import dev.cloche.modules.CallEnd;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleLog;
import dev.cloche.modules.ViewEnd;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.ModuleSchema.View;
import dev.cloche.schema.TableSchema;
import dev.cloche.tables.Changes;
import dev.cloche.tables.Query;
import dev.cloche.tables.RowCursor;
import dev.cloche.tables.RowList;
import dev.cloche.tables.SqlCaller;
import dev.cloche.tables.SqlException;
import dev.cloche.tables.Store;
import dev.cloche.tables.StoreException;
import dev.cloche.tables.Subscriptions;
import dev.cloche.tables.Transaction;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.Bytes;
import dev.cloche.values.Identity;
import dev.cloche.values.RowLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of views, kept as tables: computed when somebody first asks, and again after each transaction that changed a table
 * which the view read last time. Of the database's thread.
 */
final class ViewTables implements Subscriptions.Views {
    private final ModuleSchema schema;
    private final Store store;
    private final ModuleRuns module;
    private final ModuleLog log;
    private final Map<Key, Kept> kept = new HashMap<>();
    private @Nullable Subscriptions subscriptions;

    private record Key(String view, @Nullable Identity caller) {}

    /** A view for one caller, or for all: its table, and the tables that it read. */
    private static final class Kept {
        final View view;
        final SqlCaller caller;
        final int table;
        final RowLayout layout;
        Set<Integer> reads = Set.of();

        Kept(View view, SqlCaller caller, int table, RowLayout layout) {
            this.view = view;
            this.caller = caller;
            this.table = table;
            this.layout = layout;
        }
    }

    ViewTables(ModuleSchema schema, Store store, ModuleRuns module, ModuleLog log) {
        this.log = log;
        this.schema = schema;
        this.store = store;
        this.module = module;
    }

    void over(Subscriptions queries) {
        subscriptions = queries;
    }

    @Override
    public OptionalInt table(String name, SqlCaller caller) {
        Optional<View> view = schema.views().stream().filter(one -> one.name().equals(name)).findFirst();
        if (view.isEmpty()) {
            return OptionalInt.empty();
        }
        Key key = new Key(name, view.get().anonymous() ? null : caller.identity());
        Kept known = kept.get(key);
        if (known == null) {
            known = new Kept(view.get(), caller, store.addView(tableOf(view.get())), RowLayout.of(schema.database().typespace(), view.get().row()));
            fillFirst(known);
            kept.put(key, known);
        }
        return OptionalInt.of(known.table);
    }

    /** Whoever asks first hears why it fails. */
    private void fillFirst(Kept one) {
        try {
            fill(one, compute(one));
        } catch (ViewFailed failed) {
            store.dropView(one.table);
            throw new SqlException("the view " + one.view.name() + " failed: " + failed.getMessage(), -1);
        }
    }

    private TableSchema tableOf(View view) {
        List<TableSchema.Column> columns = new ArrayList<>();
        for (Element element : view.row().elements()) {
            String name = element.name().orElse("column_" + columns.size());
            columns.add(new TableSchema.Column(name, name, element.type(), Optional.empty()));
        }
        return new TableSchema(view.tableId(), view.name(), view.name(), -1, columns, OptionalInt.empty(), List.of(), List.of(), List.of(),
                Optional.empty(), TableSchema.Access.PUBLIC, false);
    }

    /** Computes those views again that read what changed; what that changed for the watched queries. */
    List<Query.Change> refresh(Changes changes) {
        if (kept.isEmpty()) {
            return List.of();
        }
        Set<Integer> changed = new HashSet<>();
        changes.tables().forEach(table -> changed.add(table.table()));
        List<Query.Change> result = new ArrayList<>();
        for (Kept one : kept.values()) {
            if (one.reads.stream().anyMatch(changed::contains)) {
                result.addAll(refill(one));
            }
        }
        return result;
    }

    /** A view that fails has no rows until it does not; the log tells why. */
    private List<Query.Change> refill(Kept one) {
        Set<Integer> reads = one.reads;
        try {
            return fill(one, compute(one));
        } catch (ViewFailed failed) {
            log.line(HostLines.error(one.view.name(), String.valueOf(failed.getMessage())));
            one.reads = Stream.concat(reads.stream(), one.reads.stream()).collect(Collectors.toSet());
            return fill(one, List.of());
        }
    }

    private List<Query.Change> fill(Kept one, List<byte[]> rows) {
        Transaction transaction = store.begin();
        try {
            put(transaction, one, rows);
        } catch (StoreException refused) {
            transaction.rollback();
            throw new ViewFailed(String.valueOf(refused.getMessage()));
        }
        Changes changes = transaction.commit();
        return subscriptions == null || changes.tables().isEmpty() ? List.of() : subscriptions.evaluate(changes);
    }

    private static void put(Transaction transaction, Kept one, List<byte[]> rows) {
        Set<Bytes> wanted = new HashSet<>();
        for (byte[] row : rows) {
            wanted.add(Bytes.copyOf(row));
        }
        List<byte[]> gone = new ArrayList<>();
        try (RowCursor cursor = transaction.scan(one.table)) {
            while (cursor.next()) {
                byte[] row = cursor.row();
                if (!wanted.contains(Bytes.copyOf(row))) {
                    gone.add(row);
                }
            }
        }
        gone.forEach(row -> transaction.delete(one.table, row));
        rows.forEach(row -> transaction.insert(one.table, row));
    }

    /** Why a view gives no rows. */
    private static final class ViewFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ViewFailed(String message) {
            super(message, null, false, false);
        }
    }

    /** The view's rows now. */
    private List<byte[]> compute(Kept one) {
        View view = one.view;
        Identity caller = one.caller.identity();
        Computed computed = module.use(instance -> computed(instance, view, caller), end -> new Computed(new ViewEnd.Failed(end), Set.of()),
                result -> result.end() instanceof ViewEnd.Failed(CallEnd end) && end instanceof CallEnd.Broken);
        one.reads = computed.reads();
        return switch (computed.end()) {
            case ViewEnd.Rows(byte[] array) -> split(array, one.layout);
            case ViewEnd.Sql(String text) -> select(one, text);
            case ViewEnd.Failed(CallEnd end) -> throw new ViewFailed(switch (end) {
                case CallEnd.Broken(CallEnd.Cause cause, String detail) -> DatabaseCore.broken(cause, detail, module.callTime()).message();
                case CallEnd.Refused(String message) -> message;
                case CallEnd.Done done -> "it gave no rows";
            });
        };
    }

    private record Computed(ViewEnd end, Set<Integer> reads) {}

    private Computed computed(ModuleInstance instance, View view, Identity caller) {
        ViewEnd end = view.anonymous() ? instance.anonymousView(view.id(), view.name(), store) : instance.view(view.id(), view.name(), caller, store);
        return new Computed(end, instance.lastReads());
    }

    private List<byte[]> select(Kept one, String sql) {
        Subscriptions queries = subscriptions;
        if (queries == null) {
            return List.of();
        }
        try {
            Query query = queries.query(sql, new SqlCaller(one.caller.identity(), true));
            one.reads = Set.copyOf(query.reads());
            RowList rows = query.rows();
            List<byte[]> result = new ArrayList<>(rows.count());
            for (int row = 0; row < rows.count(); row++) {
                result.add(rows.row(row));
            }
            return result;
        } catch (SqlException wrong) {
            throw new ViewFailed("its SQL cannot be run: " + wrong.getMessage());
        }
    }

    /** The rows of an array. */
    private static List<byte[]> split(byte[] array, RowLayout layout) {
        try {
            BsatnReader reader = new BsatnReader(array);
            int count = reader.readCount(1);
            List<byte[]> rows = new ArrayList<>(Math.min(count, array.length));
            for (int row = 0; row < count; row++) {
                int from = reader.skip(layout);
                rows.add(Arrays.copyOfRange(array, from, reader.position()));
            }
            reader.end();
            return rows;
        } catch (BsatnException wrong) {
            throw new ViewFailed("its rows cannot be read: " + wrong.getMessage());
        }
    }
}
