package dev.cloche.identity;

import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.StoredTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** One-time sign-in links: each works once, for 24 hours. The code stands in the fragment, which browsers never send. */
final class SignInLinks {
    static final Duration VALID = Duration.ofHours(24);

    private final RandomIds ids;
    private final InstantSource clock;
    private final String controlOrigin;

    /**
     * A new link.
     *
     * @param link the whole URL, a secret
     * @param expiresAt from when on it is worth nothing
     */
    record Link(String link, Instant expiresAt) {}

    SignInLinks(RandomIds ids, InstantSource clock, String controlOrigin) {
        this.ids = ids;
        this.clock = clock;
        this.controlOrigin = controlOrigin;
    }

    Link make(Handle handle, PersonId person) {
        String code = ids.secret();
        Instant expiresAt = clock.instant().plus(VALID);
        handle.createUpdate("INSERT INTO sign_in_link (code_hash, person_id, expires_at) VALUES (:hash, :person, :expiresAt)")
                .bind("hash", SecretHash.of(code))
                .bind("person", person.value())
                .bind("expiresAt", StoredTime.of(expiresAt))
                .execute();
        return new Link(controlOrigin + "/sign-in#code=" + code, expiresAt);
    }

    /** The person whose code this is; it and the person's other links are used up by that. */
    Optional<PersonId> use(Handle handle, String code) {
        // deleting is what makes it single use: of two at a time only one finds the row
        Optional<PersonId> person = handle.createQuery("""
                        DELETE FROM sign_in_link WHERE code_hash = :hash AND expires_at > :now RETURNING person_id
                        """)
                .bind("hash", SecretHash.of(code))
                .bind("now", StoredTime.of(clock.instant()))
                .mapTo(String.class)
                .findOne()
                .map(PersonId::new);
        person.ifPresent(id -> withdraw(handle, id));
        return person;
    }

    /** Makes all links of a person worthless. */
    void withdraw(Handle handle, PersonId person) {
        handle.createUpdate("DELETE FROM sign_in_link WHERE person_id = :person").bind("person", person.value()).execute();
    }

    /** Removes what has expired anyway. */
    void sweep(Handle handle) {
        handle.createUpdate("DELETE FROM sign_in_link WHERE expires_at <= :now").bind("now", StoredTime.of(clock.instant())).execute();
    }
}
