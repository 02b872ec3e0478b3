package dev.cloche.identity;

import dev.cloche.http.Authenticator;
import dev.cloche.http.Credentials;
import dev.cloche.http.Request;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Database;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the actor behind a session's cookie, a personal token, or the local operator's key; what ends here has ended at once. */
final class TokenAuthenticator implements Authenticator {
    private final Database database;
    private final Identity.Stores stores;
    private final byte[] operatorKeyHash;
    private final InstantSource clock;
    private final Remembered<ByteBuffer, Sessions.Session> sessions;
    private final Remembered<ByteBuffer, Tokens.Token> tokens;

    TokenAuthenticator(Database database, Identity.Stores stores, String operatorKey, Supplier<Long> changes, InstantSource clock) {
        this.database = database;
        this.stores = stores;
        this.operatorKeyHash = SecretHash.of(operatorKey);
        this.clock = clock;
        this.sessions = new Remembered<>(changes, clock);
        this.tokens = new Remembered<>(changes, clock);
    }

    @Override
    public boolean authenticate(Request request, Credentials credentials) {
        Optional<Actor> actor = switch (credentials) {
            case Credentials.Session(String secret) ->
                sessions.find(ByteBuffer.wrap(SecretHash.of(secret)), () -> database.read(handle -> stores.sessions().find(handle, secret)))
                        .map(session -> new Actor.Session(session.person(), session.id()));
            case Credentials.Bearer(String secret) -> Optional.of(bearer(request, secret));
        };
        actor.ifPresent(found -> request.set(Actor.ATTRIBUTE, found));
        return actor.isPresent();
    }

    private Actor bearer(Request request, String secret) {
        byte[] hash = SecretHash.of(secret);
        if (isLocal(request) && MessageDigest.isEqual(operatorKeyHash, hash)) {
            Person owner = database.read(stores.people()::owner).orElseThrow(() -> new IllegalStateException("the server has no owner"));
            return new Actor.Operator(owner.id());
        }
        return tokens.find(ByteBuffer.wrap(hash), () -> database.read(handle -> stores.tokens().find(handle, secret)))
                .filter(token -> token.expiresAt().isEmpty() || token.expiresAt().get().isAfter(clock.instant()))
                .<Actor>map(token -> new Actor.Token(token.person(), token.id(), token.scopes()))
                .orElseThrow(() -> Problem.of(ErrorCode.UNAUTHENTICATED, "This token is not known, has expired or was revoked."));
    }

    private static boolean isLocal(Request request) {
        String address = request.remoteAddress();
        return address.startsWith("127.") || address.equals("::1") || address.equals("0:0:0:0:0:0:0:1");
    }
}
