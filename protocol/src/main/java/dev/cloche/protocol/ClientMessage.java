package dev.cloche.protocol;

import java.util.List;

/** What a client asks for, in any version of the protocol. */
sealed interface ClientMessage {
    /** How a query set is named and answered. */
    enum Way {
        /** A set with a number. */
        SET,
        /** Version 1: one query with a number. */
        SINGLE,
        /** Version 1: the one set without a number, which replaces the one before. */
        WHOLE
    }

    /** Watch these queries under a number. */
    record Subscribe(int requestId, int querySet, List<String> queries, Way way) implements ClientMessage {
        /** Copies the queries. */
        public Subscribe {
            queries = List.copyOf(queries);
        }
    }

    /** Watch no more; {@code rows} if the client wants to hear what it held. */
    record Unsubscribe(int requestId, int querySet, boolean rows, Way way) implements ClientMessage {}

    /** Answer one query. */
    record Query(byte[] messageId, String sql) implements ClientMessage {}

    /** Run a reducer; {@code quiet} if the caller needs no answer to a success. */
    record CallReducer(int requestId, String reducer, byte[] arguments, boolean quiet) implements ClientMessage {}

    /** Run a procedure. */
    record CallProcedure(int requestId, String procedure, byte[] arguments) implements ClientMessage {}

    /** A call that cannot even be handed over, because its arguments are not of the declared types. */
    record BadCall(int requestId, String function, boolean procedure, String reason) implements ClientMessage {}
}
