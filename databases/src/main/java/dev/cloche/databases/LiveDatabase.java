package dev.cloche.databases;

import dev.cloche.schema.ModuleSchema;
import dev.cloche.tables.RowList;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.Identity;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A database that runs: one thread of its own changes and reads its tables.
 *
 * <p>All methods may be called from any thread and return at once; what comes of them is told to the {@link Client}, or
 * completes the stage that is returned. Work is done in the order in which it was handed over.
 */
public interface LiveDatabase {
    /** Its identity, which never changes. */
    Identity identity();

    /** The module as it runs now. */
    ModuleSchema module();

    /** The number of the last transaction that would survive the end of the power supply; rises only. */
    long durableOffset();

    /** Lets a client in: runs {@code client_connected}, then {@link Client#opened} or {@link Client#refused}. */
    void connect(Client client);

    /** Takes a client out: its query sets go, {@code client_disconnected} runs. Does nothing for one that is out already. */
    void disconnect(Client client);

    /** Adds query sets of a client; the number must be free. */
    void subscribe(Client client, int requestId, int querySet, List<String> queries);

    /** Removes a query set of a client. */
    void unsubscribe(Client client, int requestId, int querySet);

    /** Calls a reducer for a connected client; {@code arguments} must not be changed afterwards. */
    void callReducer(Client client, int requestId, String reducer, byte[] arguments);

    /** Calls a procedure for a connected client. */
    void callProcedure(Client client, int requestId, String procedure, byte[] arguments);

    /** Answers one query of a connected client. */
    void query(Client client, byte[] messageId, String sql);

    /** Calls a reducer or procedure for somebody without a connection (HTTP); connect and disconnect run around it. */
    CompletionStage<CallAnswer> call(Identity sender, String function, byte[] arguments);

    /** Runs one SQL statement; statements that change rows need the owner. */
    CompletionStage<SqlAnswer> sql(Identity sender, boolean owner, String sql);

    /** Lets the module answer an HTTP request. */
    CompletionStage<HandlerOutcome> handle(HandlerRequest request);

    /** How a call from outside ended; of the two outcomes just one is there. */
    sealed interface CallAnswer {
        /** The module's {@code client_connected} refused the caller with this text; nothing was called. */
        record NotLetIn(String message) implements CallAnswer {}

        /** A reducer had the name. */
        record OfReducer(ReducerOutcome outcome, long offset, long nanoseconds) implements CallAnswer {}

        /** A procedure had the name. */
        record OfProcedure(ProcedureOutcome outcome, long offset, long nanoseconds) implements CallAnswer {}
    }

    /**
     * What one SQL statement found or changed.
     *
     * @param columns names and types of the rows
     * @param rows BSATN of products of these columns
     */
    record SqlAnswer(
            List<AlgebraicType.Element> columns,
            RowList rows,
            long inserted,
            long deleted,
            long updated,
            long nanoseconds,
            long offset) {}
}
