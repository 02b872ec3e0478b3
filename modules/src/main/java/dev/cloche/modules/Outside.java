package dev.cloche.modules;

import dev.cloche.tables.Store;
import dev.cloche.tables.Transaction;
import dev.cloche.values.ConnectionId;
import java.util.Optional;

/** What a running module may ask for beyond tables: given by whoever runs the database. */
public interface Outside {
    /** For an instance that is only started: there is nothing to be asked for. */
    Outside NOTHING = new NothingOutside();

    /** The claims (JSON) of the token with which a connection came; empty without one. */
    Optional<byte[]> claims(ConnectionId connection);

    /** Runs a reducer soon, in a transaction of its own; unknown names and bad arguments only leave a line in the log. */
    void schedule(String reducer, byte[] arguments);

    /** For procedures: waits until it is the only one at the tables, and begins a transaction there. */
    Lease begin();

    /** For procedures: waits until this time (microseconds since 1970), or until the call is to end. */
    void sleepUntil(long timestamp);

    /** For procedures: one HTTP request to the outside, as the administrator allows. */
    HttpAnswer http(byte[] request, byte[] body);

    /** The tables, lent to a procedure for one transaction. */
    interface Lease {
        /** The open transaction. */
        Transaction transaction();

        /** The tables themselves, for names. */
        Store store();

        /** The time of the transaction, microseconds since 1970. */
        long timestamp();

        /** Commits and gives the tables back; says why if it had to roll back instead, and then the call has to end. */
        Optional<String> commit();

        /** Rolls back and gives the tables back; does nothing after {@link #commit}. */
        void rollback();
    }

    /** An answer to {@link #http}. */
    sealed interface HttpAnswer {
        /** {@code head} is the BSATN of the response without its body. */
        record Answered(byte[] head, byte[] body) implements HttpAnswer {}

        /** No answer; the text says why. */
        record Failed(String message) implements HttpAnswer {}
    }
}
