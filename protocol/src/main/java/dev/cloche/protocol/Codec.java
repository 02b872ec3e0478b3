package dev.cloche.protocol;

import dev.cloche.databases.Call;
import dev.cloche.databases.ProcedureOutcome;
import dev.cloche.databases.QuerySetChange;
import dev.cloche.databases.ReducerOutcome;
import dev.cloche.databases.TableRows;
import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The messages of one version of the protocol. Keeps nothing between two calls, so all clients share it.
 *
 * <p>Each method for a server message appends that message to {@code out}, without the byte that says how a frame is
 * compressed. Times are in nanoseconds and are sent in microseconds.
 */
interface Codec {
    /**
     * Reads the messages of a binary frame.
     *
     * @throws BsatnException if a message is cut short or has an unknown tag
     * @throws ProtocolException if the frame breaks another rule
     */
    void read(byte[] bytes, int from, int length, Consumer<ClientMessage> to);

    /** Reads the message of a text frame; refused as by {@link #read(byte[], int, int, Consumer)}. */
    void read(String text, Consumer<ClientMessage> to);

    /** The first message. */
    void opened(Identity identity, ConnectionId connection, String token, BsatnWriter out);

    /** A query set was added. */
    void subscribed(ClientMessage.Subscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out);

    /** A query set was removed. */
    void unsubscribed(ClientMessage.Unsubscribe asked, List<TableRows> rows, long nanoseconds, BsatnWriter out);

    /** A query set could not be added or removed, or was dropped. */
    void subscriptionFailed(OptionalInt requestId, int querySet, String message, long nanoseconds, BsatnWriter out);

    /** This client's call ended; appends nothing if the client wants to hear nothing of it. */
    void reducerEnded(Call call, ReducerOutcome outcome, List<QuerySetChange> changes, boolean quiet, BsatnWriter out);

    /** Another transaction changed what this client watches. */
    void changed(Optional<Call> call, List<QuerySetChange> changes, BsatnWriter out);

    /** This client's procedure ended. */
    void procedureEnded(int requestId, ProcedureOutcome outcome, long timestamp, long nanoseconds, BsatnWriter out);

    /** A one-off query was answered. */
    void answered(byte[] messageId, List<TableRows> rows, long nanoseconds, BsatnWriter out);

    /** A one-off query was refused. */
    void queryFailed(byte[] messageId, String message, long nanoseconds, BsatnWriter out);
}
