package dev.cloche.http;

import dev.cloche.kernel.Problem;
import java.util.Optional;

/**
 * One entry of a feature's list of routes.
 *
 * @param method {@code GET}, {@code POST} ...; {@code HEAD} is answered by the {@code GET} route
 * @param path as in {@code openapi.yaml}: {@code /api/workspaces/{id}/files/{path*}}; a name that ends in {@code *} takes
 *     the rest of the path, slashes included, percent-decoded once
 * @param admission who gets as far as the handler
 * @param bodyLimit the largest body in bytes; a larger one is refused with 413 before the handler runs
 * @param handler runs on a virtual thread and may block
 */
public record Route(String method, String path, Admission admission, long bodyLimit, Handler handler) {
    /** The body limit of routes that say nothing else: 1 MiB. */
    public static final long DEFAULT_BODY_LIMIT = 1024 * 1024;

    /** Who gets as far as the handler. */
    public enum Admission {
        /** A signed-in session of this origin or a bearer token; everybody else gets 401 or 403. */
        ACTOR,
        /** Everybody, without side effects that matter; the actor is present if there is one. */
        OPEN,
        /**
         * Everybody, from pages of any origin too: cookies are never read, nobody is signed in, and pages may read the answer
         * (CORS without credentials). A handler that needs to know who asks looks at the token itself.
         */
        ANY_ORIGIN
    }

    /** What answers a request; exceptions become problem JSON. */
    @FunctionalInterface
    public interface Handler {
        /** The answer to this request. */
        Response handle(Request request) throws Exception;

        /** How it is said that a request did not get as far as this; problem JSON if it is empty. */
        default Optional<Response> refused(Problem problem) {
            return Optional.empty();
        }
    }

    /** A {@code GET} route for actors. */
    public static Route get(String path, Handler handler) {
        return new Route("GET", path, Admission.ACTOR, DEFAULT_BODY_LIMIT, handler);
    }

    /** A {@code POST} route for actors. */
    public static Route post(String path, Handler handler) {
        return new Route("POST", path, Admission.ACTOR, DEFAULT_BODY_LIMIT, handler);
    }

    /** A {@code PUT} route for actors. */
    public static Route put(String path, Handler handler) {
        return new Route("PUT", path, Admission.ACTOR, DEFAULT_BODY_LIMIT, handler);
    }

    /** A {@code PATCH} route for actors. */
    public static Route patch(String path, Handler handler) {
        return new Route("PATCH", path, Admission.ACTOR, DEFAULT_BODY_LIMIT, handler);
    }

    /** A {@code DELETE} route for actors. */
    public static Route delete(String path, Handler handler) {
        return new Route("DELETE", path, Admission.ACTOR, DEFAULT_BODY_LIMIT, handler);
    }

    /** The same route for everybody. */
    public Route open() {
        return new Route(method, path, Admission.OPEN, bodyLimit, handler);
    }

    /** The same route for everybody, from pages of any origin. */
    public Route anyOrigin() {
        return new Route(method, path, Admission.ANY_ORIGIN, bodyLimit, handler);
    }

    /** The same route with another body limit in bytes. */
    public Route bodyLimit(long bytes) {
        return new Route(method, path, admission, bytes, handler);
    }
}
