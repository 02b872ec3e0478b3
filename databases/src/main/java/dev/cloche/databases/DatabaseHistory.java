package dev.cloche.databases;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.Database;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.Identity;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/**
 * Databases as they were after a transaction: from the last whole snapshot before it and the log between. Any thread; calls block.
 */
final class DatabaseHistory {
    private final Database database;
    private final Blobs blobs = new Blobs();

    DatabaseHistory(Database database) {
        this.database = database;
    }

    /**
     * What can be had of a database.
     *
     * @param from since when
     * @param first number of the first transaction after which its state can be had
     * @param last of the last one that is written
     */
    record Window(Instant from, long first, long last) {}

    /** A whole snapshot. */
    private record State(long at, Instant taken, byte[] program, long bytes) {}

    Window window(Identity identity) {
        byte[] key = DatabaseRows.bytes(identity);
        return database.read(handle -> handle.createQuery("""
                        SELECT taken_at, at, greatest((SELECT max(at) FROM live_state WHERE identity = :identity),
                               (SELECT coalesce(max(last_at), 0) FROM live_commit WHERE identity = :identity)) AS last
                        FROM live_state WHERE identity = :identity ORDER BY at LIMIT 1
                        """)
                .bind("identity", key)
                .map((row, context) -> new Window(row.getTimestamp(1).toInstant(), row.getLong(2), row.getLong(3)))
                .findOne())
                .orElseThrow(() -> Problem.notFound("This database"));
    }

    /**
     * The number of the last transaction that was written at a time.
     *
     * @throws Problem if that is before the history
     */
    long at(Identity identity, Instant time) {
        Window window = window(identity);
        if (time.isBefore(window.from())) {
            throw Problem.field("at", "minimum", "The history of this database begins at " + window.from() + ".");
        }
        return database.read(handle -> handle.createQuery("""
                        SELECT greatest((SELECT max(at) FROM live_state WHERE identity = :identity AND taken_at <= :time),
                               (SELECT last_at FROM live_commit WHERE identity = :identity AND written_at <= :time ORDER BY first_at DESC LIMIT 1))
                        """)
                .bind("identity", DatabaseRows.bytes(identity)).bind("time", Timestamp.from(time)).mapTo(Long.class).one());
    }

    /** The module that ran after a transaction. */
    byte[] module(Identity identity, long at) {
        return database.read(handle -> {
            State state = before(handle, identity, at);
            return blobs.get(handle, new Digest(HexFormat.of().formatHex(state.program)))
                    .orElseThrow(() -> Problem.of(ErrorCode.UNAVAILABLE, "The module of this database cannot be found."));
        });
    }

    private static State before(Handle handle, Identity identity, long at) {
        return states(handle, identity).stream().filter(one -> one.at <= at).reduce((earlier, later) -> later)
                .orElseThrow(() -> Problem.field("transaction", "minimum", "The history of this database does not go back to transaction " + at + "."));
    }

    private static List<State> states(Handle handle, Identity identity) {
        return handle.createQuery("SELECT at, taken_at, program, bytes FROM live_state WHERE identity = :identity ORDER BY at")
                .bind("identity", DatabaseRows.bytes(identity))
                .map((row, context) -> new State(row.getLong(1), row.getTimestamp(2).toInstant(), row.getBytes(3), row.getLong(4))).list();
    }

    /**
     * Gives the changes that fill empty tables as they were after a transaction.
     *
     * @throws Problem if that is not in the history, or not written yet
     */
    void replay(Identity identity, long at, Consumer<byte[]> changes) {
        long last = database.write(handle -> {
            // what is read must not be pruned meanwhile
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            State state = before(handle, identity, at);
            return DatabaseRows.replay(handle, identity, state.at, at, changes);
        });
        if (last < at) {
            throw Problem.field("transaction", "maximum", "Transaction " + at + " is not in the history of this database; the last one is " + last + ".");
        }
    }

    /** Those with more than their last snapshot. */
    List<Identity> grown() {
        return database.read(handle -> handle.createQuery("SELECT identity FROM live_state GROUP BY identity HAVING count(*) > 1")
                .map((row, context) -> Identity.read(new BsatnReader(row.getBytes(1)))).list());
    }

    /**
     * Removes what is older than a time, or too much; in a transaction for each snapshot.
     *
     * @return how many snapshots went
     */
    int prune(Identity identity, Instant oldest, long mostBytes) {
        byte[] key = DatabaseRows.bytes(identity);
        List<State> states = database.read(handle -> states(handle, identity));
        List<Long> sizes = new ArrayList<>();
        for (int i = 0; i + 1 < states.size(); i++) {
            sizes.add(states.get(i).bytes + logBetween(key, states.get(i).at, states.get(i + 1).at));
        }
        long kept = sizes.stream().mapToLong(Long::longValue).sum();
        int gone = 0;
        while (gone < sizes.size() && (kept > mostBytes || states.get(gone + 1).taken.isBefore(oldest))) {
            kept -= sizes.get(gone);
            remove(key, states.get(gone).at, states.get(gone + 1).at);
            gone++;
        }
        return gone;
    }

    private long logBetween(byte[] key, long from, long to) {
        return database.read(handle -> handle.createQuery("SELECT coalesce(sum(length(content)), 0) FROM live_commit WHERE identity = :identity AND first_at > :from AND first_at <= :to")
                .bind("identity", key).bind("from", from).bind("to", to).mapTo(Long.class).one());
    }

    private void remove(byte[] key, long at, long next) {
        database.write(handle -> {
            handle.createUpdate("DELETE FROM live_state WHERE identity = :identity AND at = :at").bind("identity", key).bind("at", at).execute();
            handle.createUpdate("DELETE FROM live_snapshot WHERE identity = :identity AND at = :at").bind("identity", key).bind("at", at).execute();
            return handle.createUpdate("DELETE FROM live_commit WHERE identity = :identity AND first_at <= :next AND last_at <= :next")
                    .bind("identity", key).bind("next", next).execute();
        });
    }

    /** The time of a state's last transaction, as far as it is known. */
    Optional<Instant> time(Identity identity, long at) {
        return database.read(handle -> handle.createQuery("""
                        SELECT coalesce((SELECT written_at FROM live_commit WHERE identity = :identity AND first_at <= :at AND last_at >= :at),
                                        (SELECT taken_at FROM live_state WHERE identity = :identity AND at = :at))
                        """)
                .bind("identity", DatabaseRows.bytes(identity)).bind("at", at).mapTo(Timestamp.class).findOne()).map(Timestamp::toInstant);
    }
}
