package dev.cloche.http;

import dev.cloche.kernel.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What pages of other origins may do with routes of {@link Route.Admission#ANY_ORIGIN} (Fetch standard, section 3.3): all, but
 * nothing that a browser adds by itself counts there, so a page can do no more than any program.
 */
final class CrossOrigin {
    private static final Request.Attribute<Boolean> ALLOWED = new Request.Attribute<>("any-origin", Boolean.class);
    private static final String TEN_MINUTES = "600";

    private CrossOrigin() {}

    /** Whether a browser asks if it may send a request. */
    static boolean isPreflight(Request head) {
        return head.method().equals("OPTIONS") && head.header("access-control-request-method").isPresent() && head.header("origin").isPresent();
    }

    /** The permission, if the route that is asked for is open to all origins. */
    static Optional<Response> preflight(Request head, Router router) {
        try {
            Optional<Router.Match> match = router.find(head.header("access-control-request-method").orElseThrow(), head.path());
            if (match.filter(found -> found.route().admission() == Route.Admission.ANY_ORIGIN).isEmpty()) {
                return Optional.empty();
            }
        } catch (Problem | Refused e) {
            return Optional.empty();
        }
        allow(head);
        return Optional.of(Response.empty());
    }

    /** Notes that pages of all origins may read the answer to this request. */
    static void allow(Request request) {
        request.set(ALLOWED, true);
    }

    /** The answer as pages may read it. */
    static Response apply(Request head, Response response) {
        if (head.get(ALLOWED).isEmpty() || response.status() == 101) {
            return response;
        }
        Map<String, List<String>> all = new LinkedHashMap<>(response.headers());
        all.put("access-control-allow-origin", List.of("*"));
        all.put("access-control-expose-headers", List.of("*"));
        all.put("cross-origin-resource-policy", List.of("cross-origin"));
        if (isPreflight(head)) {
            all.put("access-control-allow-methods", List.of("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
            // the star does not stand for authorization
            all.put("access-control-allow-headers", List.of("authorization, accept, content-type, *"));
            all.put("access-control-max-age", List.of(TEN_MINUTES));
        }
        return new Response(response.status(), all, response.body());
    }
}
