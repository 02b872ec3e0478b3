package dev.cloche.databases;

import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A connected client, as its database sees it: whoever speaks a protocol implements this.
 *
 * <p>All methods are called on the database's own thread, one at a time, in the order in which things happened, and must not
 * block: an implementation encodes into its own queue, and drops itself with {@link LiveDatabase#disconnect} when that queue
 * grows too long. {@code offset} is the number of the last transaction that the message shows: a client that asked for
 * confirmed messages may send it only when {@link LiveDatabase#durableOffset()} has reached it; 0 shows none.
 */
public interface Client {
    /** Who it is. */
    Identity identity();

    /** This connection of theirs; never zero. */
    ConnectionId connection();

    /** The claims of its token, a JSON object in UTF-8; empty without a token. Modules may read them. */
    byte[] claims();

    /** The module let it in; always the first message. */
    void opened(long offset);

    /** The module's {@code client_connected} refused it, or broke; nothing follows. */
    void refused(String message);

    /** A query set was added; {@code rows} has one entry for each of its queries, but for those of event tables. */
    void subscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset);

    /** A query set was removed; {@code rows} is what it held last. */
    void unsubscribed(int requestId, int querySet, List<TableRows> rows, long nanoseconds, long offset);

    /** A query set could not be added or removed, or had to be dropped later (no {@code requestId} then). */
    void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds);

    /** A call of this client ended; {@code changes} are those that it sees, empty if none. */
    void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, long offset);

    /** Somebody else's transaction changed what this client watches; {@code changes} is never empty. */
    void changed(Optional<Call> call, List<QuerySetChange> changes, long offset);

    /** A procedure that this client called ended. */
    void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, long offset);

    /** A one-off query was answered. */
    void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, long offset);

    /** A one-off query was refused. */
    void queryFailed(byte[] messageId, String message, long nanoseconds);

    /** The durable offset rose to this; called on any thread, and only if something of this client waits. */
    void durable(long offset);

    /** The database ends this connection: deleted, stopped, or replaced by a version that breaks clients. */
    void closed(String reason);
}
