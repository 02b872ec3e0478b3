package dev.cloche.identity;

import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.StoredTime;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Personal tokens in the database. */
final class Tokens {
    /** What every secret begins with, so that scanners for leaked secrets know it. */
    static final String PREFIX = "cloche_";

    private static final Duration NOTED = Duration.ofMinutes(1);

    private final RandomIds ids;
    private final InstantSource clock;

    /** A token without its secret. */
    record Token(
            String id,
            PersonId person,
            String name,
            Set<Scope> scopes,
            Instant createdAt,
            Optional<Instant> usedAt,
            Optional<Instant> expiresAt) {}

    /** A token and its secret, which nothing keeps. */
    record Made(Token token, String secret) {}

    Tokens(RandomIds ids, InstantSource clock) {
        this.ids = ids;
        this.clock = clock;
    }

    Made make(Handle handle, PersonId person, String name, Set<Scope> scopes, Optional<Duration> valid) {
        String secret = PREFIX + ids.secret();
        Instant now = clock.instant();
        Token token = new Token(ids.next(), person, name, scopes, now, Optional.empty(), valid.map(now::plus));
        handle.createUpdate("""
                        INSERT INTO token (id, secret_hash, person_id, name, scopes, created_at, expires_at)
                        VALUES (:id, :hash, :person, :name, :scopes, :createdAt, :expiresAt)
                        """)
                .bind("id", token.id())
                .bind("hash", SecretHash.of(secret))
                .bind("person", person.value())
                .bind("name", name)
                .bindArray("scopes", String.class, scopes.stream().map(Scope::label).sorted().toList())
                .bind("createdAt", StoredTime.of(now))
                .bind("expiresAt", token.expiresAt().map(StoredTime::of).orElse(null))
                .execute();
        return new Made(token, secret);
    }

    /** The token of this secret, if it still holds. */
    Optional<Token> find(Handle handle, String secret) {
        Instant now = clock.instant();
        Optional<Token> token = handle.createQuery("SELECT * FROM token WHERE secret_hash = :hash AND (expires_at IS NULL OR expires_at > :now)")
                .bind("hash", SecretHash.of(secret))
                .bind("now", StoredTime.of(now))
                .map(Tokens::token)
                .findOne();
        token.filter(t -> t.usedAt().isEmpty() || t.usedAt().get().plus(NOTED).isBefore(now))
                .ifPresent(t -> handle.createUpdate("UPDATE token SET used_at = :now WHERE id = :id")
                        .bind("id", t.id())
                        .bind("now", StoredTime.of(now))
                        .execute());
        return token;
    }

    /** Whether the token of this identifier has neither been revoked nor expired. */
    boolean holds(Handle handle, String id) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM token WHERE id = :id AND (expires_at IS NULL OR expires_at > :now))")
                .bind("id", id)
                .bind("now", StoredTime.of(clock.instant()))
                .mapTo(Boolean.class)
                .one();
    }

    List<Token> of(Handle handle, PersonId person) {
        return handle.createQuery("SELECT * FROM token WHERE person_id = :person ORDER BY created_at DESC, id")
                .bind("person", person.value())
                .map(Tokens::token)
                .list();
    }

    /** Ends a token of this person; returns its name if there was one. */
    Optional<String> revoke(Handle handle, PersonId person, String id) {
        return handle.createQuery("DELETE FROM token WHERE id = :id AND person_id = :person RETURNING name")
                .bind("id", id)
                .bind("person", person.value())
                .mapTo(String.class)
                .findOne();
    }

    private static Token token(ResultSet row, StatementContext context) throws SQLException {
        Array scopes = row.getArray("scopes");
        Set<Scope> set = Arrays.stream((String[]) scopes.getArray()).map(Scope::parse).collect(Collectors.toUnmodifiableSet());
        return new Token(row.getString("id"), new PersonId(row.getString("person_id")), row.getString("name"), set,
                StoredTime.read(row, "created_at"), StoredTime.readOptional(row, "used_at"), StoredTime.readOptional(row, "expires_at"));
    }
}
