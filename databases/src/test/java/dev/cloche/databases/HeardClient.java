package dev.cloche.databases;

import dev.cloche.tables.RowList;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client that writes down what it hears, one line a message. */
final class HeardClient implements Client {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final Identity identity;
    private final ConnectionId connection = Claims.fresh();

    HeardClient(String name) {
        identity = Identity.ofClaims("test", name);
    }

    /** The next message; fails if none comes in 60 seconds. */
    String next() throws InterruptedException {
        String message = heard.poll(60, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing was heard");
        }
        return message;
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

    @Override
    public void opened(long offset) {
        heard.add("opened");
    }

    @Override
    public void refused(String message) {
        heard.add("refused " + message);
    }

    @Override
    public void subscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset) {
        heard.add("subscribed " + querySet + " " + String.join(" ", rows.stream().map(one -> one.table() + ":" + one.rows().count()).toList()));
    }

    @Override
    public void unsubscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset) {
        heard.add("unsubscribed " + querySet);
    }

    @Override
    public void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds) {
        heard.add("failed " + querySet + " " + message);
    }

    @Override
    public void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, long offset) {
        String how = switch (outcome) {
            case ReducerOutcome.Committed committed -> "ok";
            case ReducerOutcome.Refused(String message) -> "refused: " + message;
            case ReducerOutcome.Failed(ReducerOutcome.Failure failure, String message) -> failure + ": " + message;
        };
        heard.add("call " + call.requestId() + " " + how + text(changes));
    }

    @Override
    public void changed(Optional<Call> call, List<QuerySetChange> changes, long offset) {
        heard.add("changed" + text(changes));
    }

    private static String text(List<QuerySetChange> sets) {
        List<String> parts = new ArrayList<>();
        for (QuerySetChange set : sets) {
            for (QueryChange change : set.changes()) {
                parts.add(" " + set.querySet() + "/" + change.table() + " +" + change.inserts().count() + " -" + change.deletes().count());
            }
        }
        return String.join("", parts);
    }

    static String hex(RowList rows) {
        return HexFormat.of().formatHex(rows.data(), 0, rows.size());
    }

    @Override
    public void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, long offset) {
        heard.add("procedure " + requestId + " " + switch (outcome) {
            case ProcedureOutcome.Returned(byte[] value) -> HexFormat.of().formatHex(value);
            case ProcedureOutcome.Failed(ReducerOutcome.Failure failure, String message) -> failure + ": " + message;
        });
    }

    @Override
    public void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, long offset) {
        heard.add("answered " + rows.getFirst().rows().count());
    }

    @Override
    public void queryFailed(byte[] messageId, String message, long nanoseconds) {
        heard.add("query failed " + message);
    }

    @Override
    public void durable(long offset) {}

    @Override
    public void closed(String reason) {
        heard.add("closed " + reason);
    }
}
