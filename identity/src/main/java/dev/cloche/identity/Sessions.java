package dev.cloche.identity;

import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.StoredTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The sessions in the database: they end 30 days after their last use, and 90 days after their beginning at the latest. */
final class Sessions {
    static final Duration UNUSED = Duration.ofDays(30);
    static final Duration LONGEST = Duration.ofDays(90);
    /** The last use is written at most this often. */
    private static final Duration NOTED = Duration.ofMinutes(10);

    private final RandomIds ids;
    private final InstantSource clock;

    /** A session that holds. */
    record Session(String id, PersonId person, boolean byLink) {}

    Sessions(RandomIds ids, InstantSource clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /** Begins a session and returns its secret, which nothing keeps. */
    String begin(Handle handle, PersonId person, boolean byLink) {
        String secret = ids.secret();
        handle.createUpdate("""
                        INSERT INTO session (id, secret_hash, person_id, by_link, created_at, used_at)
                        VALUES (:id, :hash, :person, :byLink, :now, :now)
                        """)
                .bind("id", ids.next())
                .bind("hash", SecretHash.of(secret))
                .bind("person", person.value())
                .bind("byLink", byLink)
                .bind("now", StoredTime.of(clock.instant()))
                .execute();
        return secret;
    }

    /** The session of this secret, if it has not ended. */
    Optional<Session> find(Handle handle, String secret) {
        Instant now = clock.instant();
        record Row(Session session, Instant usedAt) {}
        Optional<Row> row = handle.createQuery("""
                        SELECT id, person_id, by_link, used_at FROM session
                        WHERE secret_hash = :hash AND used_at > :unused AND created_at > :longest
                        """)
                .bind("hash", SecretHash.of(secret))
                .bind("unused", StoredTime.of(now.minus(UNUSED)))
                .bind("longest", StoredTime.of(now.minus(LONGEST)))
                .map((r, context) -> new Row(
                        new Session(r.getString("id"), new PersonId(r.getString("person_id")), r.getBoolean("by_link")),
                        StoredTime.read(r, "used_at")))
                .findOne();
        row.filter(r -> r.usedAt().plus(NOTED).isBefore(now)).ifPresent(r -> handle.createUpdate("UPDATE session SET used_at = :now WHERE id = :id")
                .bind("id", r.session().id())
                .bind("now", StoredTime.of(now))
                .execute());
        return row.map(Row::session);
    }

    /** Whether the session of this identifier has not ended. */
    boolean holds(Handle handle, String id) {
        Instant now = clock.instant();
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM session WHERE id = :id AND used_at > :unused AND created_at > :longest)")
                .bind("id", id)
                .bind("unused", StoredTime.of(now.minus(UNUSED)))
                .bind("longest", StoredTime.of(now.minus(LONGEST)))
                .mapTo(Boolean.class)
                .one();
    }

    /** Whether a session began by a one-time link. */
    boolean isByLink(Handle handle, String id) {
        return handle.createQuery("SELECT by_link FROM session WHERE id = :id").bind("id", id).mapTo(Boolean.class).findOne().orElse(false);
    }

    void end(Handle handle, String id) {
        handle.createUpdate("DELETE FROM session WHERE id = :id").bind("id", id).execute();
    }

    /** Ends all sessions of a person but one; no session has the empty identifier. */
    void endOthers(Handle handle, PersonId person, String kept) {
        handle.createUpdate("DELETE FROM session WHERE person_id = :person AND id <> :kept").bind("person", person.value()).bind("kept", kept).execute();
    }

    /** Removes what has ended anyway. */
    void sweep(Handle handle) {
        Instant now = clock.instant();
        handle.createUpdate("DELETE FROM session WHERE used_at <= :unused OR created_at <= :longest")
                .bind("unused", StoredTime.of(now.minus(UNUSED)))
                .bind("longest", StoredTime.of(now.minus(LONGEST)))
                .execute();
    }
}
