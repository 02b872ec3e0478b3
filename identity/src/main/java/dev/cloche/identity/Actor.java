package dev.cloche.identity;

import dev.cloche.http.Request;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.Set;

/** Who asks: a person, by a session or by a token, with what the way in allows. */
public sealed interface Actor {
    /** Where authentication leaves the actor for the handlers. */
    Request.Attribute<Actor> ATTRIBUTE = new Request.Attribute<>("actor", Actor.class);

    /** The person behind it. */
    PersonId person();

    /** What this way in may be used for. */
    Set<Scope> scopes();

    /**
     * A person in the browser.
     *
     * @param person who
     * @param session the session's identifier, not its secret
     */
    record Session(PersonId person, String session) implements Actor {
        @Override
        public Set<Scope> scopes() {
            return Set.of(Scope.values());
        }
    }

    /**
     * A program that shows a personal token.
     *
     * @param person whose token it is
     * @param token the token's identifier, not its secret
     * @param scopes what it may be used for
     */
    record Token(PersonId person, String token, Set<Scope> scopes) implements Actor {
        /** Copies the scopes. */
        public Token {
            scopes = Set.copyOf(scopes);
        }
    }

    /**
     * The command on the machine itself, proven by the key in the data directory; acts as the server's owner.
     *
     * @param person the server's owner
     */
    record Operator(PersonId person) implements Actor {
        @Override
        public Set<Scope> scopes() {
            return Set.of(Scope.values());
        }
    }

    /** The actor of a request; a request without one is refused with 401. */
    static Actor of(Request request) {
        return request.get(ATTRIBUTE)
                .orElseThrow(() -> Problem.of(ErrorCode.UNAUTHENTICATED, "Sign in, or send a token as Authorization: Bearer."));
    }
}
