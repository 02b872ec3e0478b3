package dev.cloche.identity;

import dev.cloche.http.Request;
import dev.cloche.storage.StoredTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Sign-ins and administration as they happened, kept for 400 days; written in the transaction of what it records. */
public final class AuditLog {
    static final Duration KEPT = Duration.ofDays(400);

    private static final int LONGEST = 200;

    private final InstantSource clock;

    /** An entry; texts are names at the time, not identifiers. */
    public record Event(long id, Instant at, String actor, String via, String action, String target, String outcome, String address) {}

    /** A log that dates its entries by this clock. */
    public AuditLog(InstantSource clock) {
        this.clock = clock;
    }

    /** Records what the actor of a request did. */
    public void record(Handle handle, Request request, String action, String target) {
        Actor actor = Actor.of(request);
        String name = handle.createQuery("SELECT name FROM person WHERE id = :id").bind("id", actor.person().value()).mapTo(String.class).findOne().orElse("?");
        String via = switch (actor) {
            case Actor.Session session -> "session";
            case Actor.Token token -> "token";
            case Actor.Operator operator -> "operator";
        };
        write(handle, new Event(0, clock.instant(), name, via, action, target, "ok", request.remoteAddress()));
    }

    /** Records a try to sign in. */
    void signIn(Handle handle, Request request, String name, String via, boolean succeeded) {
        write(handle, new Event(0, clock.instant(), name, via, "sign-in", "", succeeded ? "ok" : "refused", request.remoteAddress()));
    }

    List<Event> before(Handle handle, long id, int limit) {
        return handle.createQuery("SELECT * FROM audit WHERE id < :id ORDER BY id DESC LIMIT :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map((row, context) -> new Event(row.getLong("id"), StoredTime.read(row, "at"), row.getString("actor"), row.getString("via"),
                        row.getString("action"), row.getString("target"), row.getString("outcome"), row.getString("address")))
                .list();
    }

    /** Removes what is older than the time for which entries are kept. */
    void sweep(Handle handle) {
        handle.createUpdate("DELETE FROM audit WHERE at < :limit").bind("limit", StoredTime.of(clock.instant().minus(KEPT))).execute();
    }

    private static void write(Handle handle, Event event) {
        handle.createUpdate("""
                        INSERT INTO audit (at, actor, via, action, target, outcome, address)
                        VALUES (:at, :actor, :via, :action, :target, :outcome, :address)
                        """)
                .bind("at", StoredTime.of(event.at()))
                .bind("actor", printable(event.actor()))
                .bind("via", event.via())
                .bind("action", event.action())
                .bind("target", printable(event.target()))
                .bind("outcome", event.outcome())
                .bind("address", event.address())
                .execute();
    }

    /** What was typed into a form must not forge lines or hide text where the log is shown. */
    private static String printable(String text) {
        String visible = text.replaceAll("\\p{C}", "?");
        return visible.length() <= LONGEST ? visible : visible.substring(0, LONGEST) + "...";
    }
}
