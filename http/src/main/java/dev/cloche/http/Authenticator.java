package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;

/** Finds out who asks. Called on a virtual thread before the body is read; may block. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Leaves the actor on the request and returns true, or returns false for a session that has ended.
     *
     * @throws Problem if a token is wrong, expired or revoked (401)
     */
    boolean authenticate(Request request, Credentials credentials);

    /** Knows nobody. */
    static Authenticator nobody() {
        return (request, credentials) -> {
            if (credentials instanceof Credentials.Bearer) {
                throw Problem.of(ErrorCode.UNAUTHENTICATED, "This token is not known, has expired or was revoked.");
            }
            return false;
        };
    }
}
