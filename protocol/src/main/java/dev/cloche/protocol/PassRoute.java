package dev.cloche.protocol;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Actor;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How a person who is signed in comes to a token of the protocol: the protocol reads no cookies, because pages of any origin
 * may speak it, so the screens ask here for a pass that they hold in memory.
 */
final class PassRoute {
    private final Tokens tokens;

    PassRoute(Tokens tokens) {
        this.tokens = tokens;
    }

    List<Route> routes() {
        return List.of(Route.post("/api/databases/pass", this::make));
    }

    private Response make(Request request) {
        if (!(Actor.of(request) instanceof Actor.Session session)) {
            // a pass would give a token more than its own scopes
            throw Problem.of(ErrorCode.FORBIDDEN, "A pass is for people who are signed in; this token speaks for itself below /v1.");
        }
        Tokens.Checked pass = tokens.pass(session.person());
        return Response.json(Map.of(
                "token", pass.text(),
                "identity", pass.identity().hex(),
                "expiresAt", Instant.ofEpochSecond(pass.claims().path("exp").longValue())));
    }
}
