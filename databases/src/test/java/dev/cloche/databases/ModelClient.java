package dev.cloche.databases;

import dev.cloche.tables.RowList;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** A client that keeps what it watches as a real one does, and complains of whatever does not fit. Of the database's thread. */
final class ModelClient implements Client {
    /** The rows of each query set: how often each is there. */
    final Map<Integer, TreeMap<String, Integer>> sets = new HashMap<>();
    /** How its calls ended, by request. */
    final TreeMap<Integer, String> ends = new TreeMap<>();
    final List<String> complaints = new ArrayList<>();
    private final Identity identity;
    private final ConnectionId connection = Claims.fresh();
    private long seen;

    ModelClient(int number) {
        identity = Identity.ofClaims("model", "client " + number);
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public ConnectionId connection() {
        return connection;
    }

    @Override
    public byte[] claims() {
        return new byte[0];
    }

    private void at(long offset) {
        if (offset < seen) {
            complaints.add("transaction " + offset + " was told after " + seen);
        }
        seen = offset;
    }

    private void add(TreeMap<String, Integer> rows, RowList more) {
        for (int row = 0; row < more.count(); row++) {
            if (rows.merge(HexFormat.of().formatHex(more.row(row)), 1, Integer::sum) > 1) {
                complaints.add("a row came twice");
            }
        }
    }

    private void remove(TreeMap<String, Integer> rows, RowList gone) {
        for (int row = 0; row < gone.count(); row++) {
            if (rows.remove(HexFormat.of().formatHex(gone.row(row))) == null) {
                complaints.add("a row went that was not there");
            }
        }
    }

    private void apply(List<QuerySetChange> changes) {
        for (QuerySetChange set : changes) {
            TreeMap<String, Integer> rows = sets.get(set.querySet());
            if (rows == null) {
                complaints.add("changes of query set " + set.querySet() + ", which is not watched");
                continue;
            }
            for (QueryChange change : set.changes()) {
                remove(rows, change.deletes());
                add(rows, change.inserts());
            }
        }
    }

    @Override
    public void opened(long offset) {
        at(offset);
    }

    @Override
    public void refused(String message) {
        complaints.add("refused: " + message);
    }

    @Override
    public void subscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset) {
        at(offset);
        TreeMap<String, Integer> all = new TreeMap<>();
        rows.forEach(table -> add(all, table.rows()));
        sets.put(querySet, all);
    }

    @Override
    public void unsubscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset) {
        at(offset);
        TreeMap<String, Integer> had = sets.remove(querySet);
        TreeMap<String, Integer> last = new TreeMap<>();
        rows.forEach(table -> add(last, table.rows()));
        if (!last.equals(had)) {
            complaints.add("a query set ended with other rows than it had");
        }
    }

    @Override
    public void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds) {
        complaints.add("subscription failed: " + message);
    }

    @Override
    public void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, long offset) {
        at(offset);
        apply(changes);
        String end = switch (outcome) {
            case ReducerOutcome.Committed committed -> "ok";
            case ReducerOutcome.Refused(String message) -> message;
            case ReducerOutcome.Failed(ReducerOutcome.Failure failure, String message) -> failure.name();
        };
        if (ends.put(call.requestId(), end) != null) {
            complaints.add("call " + call.requestId() + " ended twice");
        }
    }

    @Override
    public void changed(Optional<Call> call, List<QuerySetChange> changes, long offset) {
        at(offset);
        apply(changes);
    }

    @Override
    public void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, long offset) {}

    @Override
    public void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, long offset) {}

    @Override
    public void queryFailed(byte[] messageId, String message, long nanoseconds) {}

    @Override
    public void durable(long offset) {}

    @Override
    public void closed(String reason) {}
}
