package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.util.Optional;

/** Answers what is sent to the control plane: its API, its screens, and its path form of apps. */
final class ControlSite {
    private final Origins origins;
    private final FetchRules rules;
    private final Router router;
    private final FrontDoor.Parts parts;

    ControlSite(Origins origins, FrontDoor.Parts parts) {
        this.origins = origins;
        this.parts = parts;
        this.rules = new FetchRules(origins.control());
        this.router = new Router(parts.routes());
    }

    /**
     * The answer.
     *
     * @param loopback whether it came to {@code localhost} or its addresses: another site for browsers, so only programs with
     *     a token are served there
     */
    Response answer(Request head, BodyReader body, boolean loopback) throws Exception {
        if (CrossOrigin.isPreflight(head)) {
            Optional<Response> permission = CrossOrigin.preflight(head, router);
            if (permission.isPresent()) {
                return permission.get();
            }
        }
        Optional<Router.Match> match = find(head);
        if (loopback && FetchRules.isRead(head) && (match.isEmpty() || FetchRules.wantsPage(head))) {
            return onward(head);
        }
        if (match.isEmpty()) {
            return asset(head);
        }
        Route route = match.get().route();
        Request whole;
        try {
            whole = admitted(head.withPathParameters(match.get().parameters()), route, body, loopback);
        } catch (Problem e) {
            throw route.handler().refused(e).<RuntimeException>map(Refused::new).orElse(e);
        }
        return route.handler().handle(whole);
    }

    /** The request with its body, if whoever sends it gets as far as the route's handler. */
    private Request admitted(Request request, Route route, BodyReader body, boolean loopback) throws IOException {
        if (route.admission() == Route.Admission.ANY_ORIGIN) {
            CrossOrigin.allow(request);
        } else {
            rules.check(request, Optional.of(route));
            admit(request, route, loopback);
        }
        Request whole = request.withBody(body.read(route.bodyLimit()));
        parts.check().check(whole, route);
        return whole;
    }

    private Optional<Router.Match> find(Request head) {
        try {
            return router.find(head.method(), head.path());
        } catch (Problem | Refused e) {
            rules.check(head, Optional.empty());
            throw e;
        }
    }

    private Response asset(Request head) {
        Optional<Response> asset = FetchRules.isRead(head) ? parts.assets().control(head) : Optional.empty();
        return asset.orElseGet(() -> {
            rules.check(head, Optional.empty());
            throw Router.noSuchPath(head);
        });
    }

    private void admit(Request request, Route route, boolean loopback) {
        boolean needed = route.admission() == Route.Admission.ACTOR;
        boolean known;
        try {
            Optional<Credentials> credentials = credentials(request, loopback);
            known = credentials.isPresent() && parts.authenticator().authenticate(request, credentials.get());
        } catch (Problem e) {
            if (needed || e.code() != ErrorCode.UNAUTHENTICATED) {
                throw unauthenticated(request, e);
            }
            known = false;
        }
        if (loopback && !known && FetchRules.isApi(request.path()) && !needed) {
            throw Problem.of(ErrorCode.FORBIDDEN, "Sign in at " + origins.control() + "; here only requests with a token are served.");
        }
        if (needed && !known) {
            throw refusal(request, loopback);
        }
    }

    private Optional<Credentials> credentials(Request request, boolean loopback) {
        Optional<Credentials.Bearer> token = CredentialReader.token(request);
        if (token.isPresent()) {
            return Optional.of(token.get());
        }
        boolean own = !loopback && rules.sender(request) == FetchRules.Sender.OWN_PAGE;
        return own ? CredentialReader.session(request).map(session -> session) : Optional.empty();
    }

    private RuntimeException refusal(Request request, boolean loopback) {
        boolean ownPage = rules.sender(request) == FetchRules.Sender.OWN_PAGE;
        if (CredentialReader.session(request).isPresent() && (loopback || !ownPage)) {
            return Problem.of(ErrorCode.FORBIDDEN, "The session's cookie counts only for requests of the pages of " + origins.control()
                    + " (Sec-Fetch-Site: same-origin). Programs send a token as Authorization: Bearer.");
        }
        return unauthenticated(request, Problem.of(ErrorCode.UNAUTHENTICATED, "Sign in at " + origins.control()
                + ", or send a token as Authorization: Bearer."));
    }

    /** pip asks for a password only when the challenge is Basic; browsers must not, so they never get that challenge. */
    private static RuntimeException unauthenticated(Request request, Problem problem) {
        boolean pip = request.path().startsWith("/pypi/") && request.headers("sec-fetch-site").isEmpty();
        return pip ? new Refused(Response.problem(problem).replacing("www-authenticate", "Basic realm=\"cloche\"")) : problem;
    }

    private Response onward(Request head) {
        String query = head.rawQuery().isEmpty() ? "" : "?" + head.rawQuery();
        // two slashes at the start would name another host
        String path = head.path().replaceFirst("^/+", "/");
        return new Response(302, java.util.Map.of("location", java.util.List.of(origins.control() + path + query),
                "cache-control", java.util.List.of("no-store")), new Response.Body.Bytes(new byte[0]));
    }
}
