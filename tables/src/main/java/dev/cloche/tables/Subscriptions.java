package dev.cloche.tables;

import dev.cloche.tables.BoundSelect.Relation;
import dev.cloche.tables.SqlSyntax.Projection;
import dev.cloche.tables.SqlSyntax.Select;
import dev.cloche.values.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The queries that clients of one {@link Store} watch, each compiled and evaluated once. Of the store's thread.
 *
 * <p>After a {@link Store#migrate} another one has to be made, and all queries have to be compiled anew.
 */
public final class Subscriptions {
    private static final int MOST_IDLE = 256;

    private final Store store;
    private final RowFilters filters;
    private final Views views;
    private final Map<QueryKey, Query> compiled = new HashMap<>();
    private final Map<Query, QueryKey> keys = new HashMap<>();
    private final LinkedHashMap<Query, Boolean> idle = new LinkedHashMap<>();
    private final WatchedQueries watched = new WatchedQueries();

    /** {@code caller} is empty for queries that give the same rows to all. */
    private record QueryKey(String text, boolean owner, Optional<Identity> caller) {}

    /**
     * Over these tables.
     *
     * @param filters the statements of row-level security of the module
     * @throws SqlException if one of them is none
     */
    public Subscriptions(Store store, List<String> filters, Views views) {
        this.store = store;
        this.filters = new RowFilters(store, filters);
        this.views = views;
    }

    /** Where rows of views are. */
    @FunctionalInterface
    public interface Views {
        /** There are none. */
        Views NONE = (name, caller) -> OptionalInt.empty();

        /**
         * The table made by {@link Store#addView} that holds the view with this name as this caller sees it, if there is such a
         * view. It holds the rows when this returns, and is kept as long as a query that is watched {@link Query#reads} it.
         */
        OptionalInt table(String name, SqlCaller caller);
    }

    SqlBinder binder(SqlCaller caller) {
        return new SqlBinder(store, filters, views, caller);
    }

    /**
     * Compiles a query or finds it compiled. It is evaluated from {@link #watch} on.
     *
     * @throws SqlException with the text for the client, without the ending {@code , executing: ...}
     */
    public Query query(String text, SqlCaller caller) {
        Query known = compiled.get(new QueryKey(text, caller.owner(), Optional.empty()));
        if (known == null) {
            known = compiled.get(new QueryKey(text, caller.owner(), Optional.of(caller.identity())));
        }
        if (known != null) {
            return known;
        }
        SqlBinder binder = binder(caller);
        Query query = compile(text, binder);
        QueryKey key = new QueryKey(text, caller.owner(), binder.dependsOnCaller() ? Optional.of(caller.identity()) : Optional.empty());
        compiled.put(key, query);
        keys.put(query, key);
        idle(query);
        return query;
    }

    private void idle(Query query) {
        idle.put(query, true);
        if (idle.size() > MOST_IDLE) {
            forget(idle.firstEntry().getKey());
        }
    }

    private void forget(Query query) {
        idle.remove(query);
        QueryKey key = keys.remove(query);
        if (key != null) {
            compiled.remove(key);
        }
    }

    private static Query compile(String text, SqlBinder binder) {
        if (text.isBlank()) {
            throw new SqlException("SubscriptionError: Empty string", 0);
        }
        if (!(SqlParser.parse(text) instanceof Select select)) {
            throw new SqlException("Only a SELECT can be subscribed to.", 0);
        }
        if (!(select.projection() instanceof Projection.Star)) {
            throw new SqlException(
                    "Column projections are not supported in subscriptions; Subscriptions must return a table type", select.position());
        }
        if (select.limit().isPresent()) {
            throw new SqlException("LIMIT is not supported in subscriptions", select.position());
        }
        if (select.joins().size() > 1) {
            throw new SqlException("Subscriptions join at most two tables", select.joins().get(1).source().table().position());
        }
        BoundSelect bound = binder.bind(select, false);
        if (!select.joins().isEmpty()) {
            requireIndexes(bound, select);
        }
        Table returned = bound.relations().get(bound.returned()).table();
        for (Relation relation : bound.relations()) {
            if (relation.table().kind() == Changes.Kind.EVENT && relation.table() != returned) {
                throw new SqlException(
                        "Rows of the event table `" + relation.name() + "` are not kept: a subscription can return them, not look them up.", -1);
            }
        }
        return new Query(text, returned, binder.visible(bound).stream().map(JoinPlan::new).toList());
    }

    private static void requireIndexes(BoundSelect bound, Select select) {
        if (!(bound.conditions().getFirst() instanceof Condition.WithColumn join)) {
            throw new IllegalStateException("a join begins with its equality");
        }
        for (Condition.Column column : List.of(join.left(), join.right())) {
            Table table = bound.relations().get(column.relation()).table();
            if (table.kind() == Changes.Kind.STORED && SqlBinder.indexOn(table, column.number()) == null) {
                throw new SqlException(
                        "Subscriptions require indexes on join columns; `" + table.schema().name() + "` has none on `"
                                + table.schema().columns().get(column.number()).name() + "`",
                        select.joins().getFirst().left().column().position());
            }
        }
    }

    /** Has one more subscriber. */
    public void watch(Query query) {
        if (query.watchers(1) == 1) {
            idle.remove(query);
            watched.add(query);
        }
    }

    /** Has one subscriber less; without any it is not evaluated any more. */
    public void unwatch(Query query) {
        int left = query.watchers(-1);
        if (left < 0) {
            throw new IllegalStateException("nobody watches " + query);
        }
        if (left == 0) {
            watched.remove(query);
            if (keys.containsKey(query)) {
                idle(query);
            }
        }
    }

    /** What these changes mean for the watched queries; to be asked after the commit and before the next transaction. */
    public List<Query.Change> evaluate(Changes changes) {
        if (changes.tables().isEmpty() || watched.isEmpty()) {
            return List.of();
        }
        Map<Integer, Changes.TableChange> byTable = new TreeMap<>();
        changes.tables().forEach(change -> byTable.put(change.table(), change));
        List<Query.Change> result = new ArrayList<>();
        for (Query query : watched.concerned(store, changes.tables())) {
            query.change(byTable).ifPresent(result::add);
        }
        return result;
    }
}
