package dev.cloche.protocol;

import dev.cloche.http.Response;
import dev.cloche.identity.Actor;
import dev.cloche.values.Identity;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param token that speaks for them
 * @param person who proved to be a person of this server, and may have roles in projects
 * @param fresh whether the identity was made for this request, because no token was shown
 */
record Caller(Tokens.Checked token, Optional<Actor> person, boolean fresh) {
    /** Whom the token speaks for. */
    Identity identity() {
        return token.identity();
    }

    /** The answer with the headers that tell who was answered; somebody new gets the token. */
    Response told(Response answer) {
        Response named = answer.with("spacetime-identity", identity().hex());
        return fresh ? named.with("spacetime-identity-token", token.text()) : named;
    }
}
