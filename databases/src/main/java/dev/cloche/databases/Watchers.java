package dev.cloche.databases;

import dev.cloche.tables.Query;
import dev.cloche.tables.RowList;
import dev.cloche.tables.SqlCaller;
import dev.cloche.tables.SqlException;
import dev.cloche.tables.Subscriptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which client watches which queries, in which sets. Of the database's thread. */
final class Watchers {
    private final Subscriptions subscriptions;
    private final int mostQueries;
    private final Map<Client, Map<Integer, List<Query>>> clients = new HashMap<>();
    private final Map<Query, List<Watch>> watches = new IdentityHashMap<>();

    /** A query in a set of a client; at {@code place} among the set's queries. */
    private record Watch(Client client, int set, int place) {}

    Watchers(Subscriptions subscriptions, int mostQueries) {
        this.subscriptions = subscriptions;
        this.mostQueries = mostQueries;
    }

    /** What adding a set gave: its rows, or why it was refused. */
    sealed interface Added {
        /** The set is there; rows of those of its queries that have any. */
        record Rows(List<TableRows> rows) implements Added {}

        /** Nothing was added. */
        record Refused(String message) implements Added {}
    }

    Added add(Client client, int set, List<String> texts, SqlCaller caller) {
        Map<Integer, List<Query>> sets = clients.computeIfAbsent(client, one -> new LinkedHashMap<>());
        if (sets.containsKey(set)) {
            return new Added.Refused("Subscription with id QuerySetId { id: " + Integer.toUnsignedString(set) + " } already exists for client: "
                    + client.identity() + "/" + client.connection());
        }
        if (sets.values().stream().mapToInt(List::size).sum() + texts.size() > mostQueries) {
            return new Added.Refused("A client watches at most " + mostQueries + " queries.");
        }
        List<Query> queries = new ArrayList<>(texts.size());
        for (String text : texts) {
            try {
                queries.add(subscriptions.query(text, caller));
            } catch (SqlException refused) {
                return new Added.Refused(refused.getMessage() + ", executing: `" + text + "`");
            }
        }
        sets.put(set, queries);
        for (int place = 0; place < queries.size(); place++) {
            Query query = queries.get(place);
            subscriptions.watch(query);
            watches.computeIfAbsent(query, one -> new ArrayList<>()).add(new Watch(client, set, place));
        }
        return new Added.Rows(rows(queries));
    }

    /** Removes a set; what it held last, empty if there is no such set. */
    Optional<List<TableRows>> remove(Client client, int set) {
        Map<Integer, List<Query>> sets = clients.getOrDefault(client, Map.of());
        List<Query> queries = sets.get(set);
        if (queries == null) {
            return Optional.empty();
        }
        List<TableRows> rows = rows(queries);
        sets.remove(set);
        forget(client, set, queries);
        return Optional.of(rows);
    }

    void remove(Client client) {
        Map<Integer, List<Query>> sets = clients.remove(client);
        if (sets != null) {
            sets.forEach((set, queries) -> forget(client, set, queries));
        }
    }

    private void forget(Client client, int set, List<Query> queries) {
        for (Query query : queries) {
            List<Watch> left = watches.get(query);
            if (left != null) {
                left.removeIf(watch -> watch.client().equals(client) && watch.set() == set);
                if (left.isEmpty()) {
                    watches.remove(query);
                }
            }
            subscriptions.unwatch(query);
        }
    }

    private static List<TableRows> rows(List<Query> queries) {
        return queries.stream().filter(query -> !query.event())
                .map(query -> new TableRows(query.table(), query.tableName(), query.rows()))
                .toList();
    }

    /** Whoever wants to see all sets. */
    @FunctionalInterface
    interface EachSet {
        void see(Client client, int set, List<String> queries);
    }

    void each(EachSet each) {
        clients.forEach((client, sets) -> sets.forEach((set, queries) -> each.see(client, set, queries.stream().map(Query::text).toList())));
    }

    boolean isEmpty() {
        return watches.isEmpty();
    }

    /** What changed queries mean for each client; in the order of the changes within a set. */
    Map<Client, List<QuerySetChange>> spread(List<Query.Change> changes) {
        if (changes.size() == 1) {
            return spreadOne(changes.getFirst());
        }
        Map<Client, Map<Integer, Map<Integer, QueryChange>>> found = new LinkedHashMap<>();
        for (Query.Change change : changes) {
            QueryChange shared = shared(change);
            for (Watch watch : watches(change.query())) {
                found.computeIfAbsent(watch.client(), one -> new LinkedHashMap<>())
                        .computeIfAbsent(watch.set(), one -> new TreeMap<>())
                        .put(watch.place(), shared);
            }
        }
        Map<Client, List<QuerySetChange>> result = new LinkedHashMap<>();
        found.forEach((client, sets) -> {
            List<QuerySetChange> list = new ArrayList<>(sets.size());
            sets.forEach((set, queries) -> list.add(new QuerySetChange(set, List.copyOf(queries.values()))));
            result.put(client, list);
        });
        return result;
    }

    /** The common case: one query changed, watched by many with the same number of the set. */
    private Map<Client, List<QuerySetChange>> spreadOne(Query.Change change) {
        List<QueryChange> only = List.of(shared(change));
        Map<Client, List<QuerySetChange>> result = new LinkedHashMap<>();
        @Nullable List<QuerySetChange> last = null;
        for (Watch watch : watches(change.query())) {
            if (last == null || last.getFirst().querySet() != watch.set()) {
                last = List.of(new QuerySetChange(watch.set(), only));
            }
            List<QuerySetChange> mine = last;
            result.merge(watch.client(), mine, Watchers::joined);
        }
        return result;
    }

    private static List<QuerySetChange> joined(List<QuerySetChange> before, List<QuerySetChange> more) {
        List<QuerySetChange> all = new ArrayList<>(before);
        for (QuerySetChange one : more) {
            int same = -1;
            for (int i = 0; i < all.size(); i++) {
                same = all.get(i).querySet() == one.querySet() ? i : same;
            }
            if (same < 0) {
                all.add(one);
            } else {
                List<QueryChange> both = new ArrayList<>(all.get(same).changes());
                both.addAll(one.changes());
                all.set(same, new QuerySetChange(one.querySet(), both));
            }
        }
        return all;
    }

    private List<Watch> watches(Query query) {
        return watches.getOrDefault(query, List.of());
    }

    private static QueryChange shared(Query.Change change) {
        Query query = change.query();
        return new QueryChange(query.table(), query.tableName(), query.event(), change.inserted(), query.event() ? RowList.EMPTY : change.deleted());
    }
}
