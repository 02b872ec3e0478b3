package dev.cloche.http;

import java.util.List;
import java.util.Optional;

/** Answers what is sent to user-content origins. Nobody is signed in there: cookies and tokens are not even read. */
final class ContentSite {
    private static final String RESERVED = "/__cloche/";

    private final Router router;
    private final FrontDoor.Parts parts;

    ContentSite(FrontDoor.Parts parts) {
        List<Route> routes = parts.contentRoutes();
        for (Route route : routes) {
            if (route.admission() != Route.Admission.OPEN) {
                throw new IllegalArgumentException("nobody is signed in on user content, so this route must be open: " + route.path());
            }
        }
        this.parts = parts;
        this.router = new Router(routes);
    }

    Response answer(Site site, Request head, BodyReader body) throws Exception {
        Optional<Response> own = FetchRules.isRead(head) ? parts.assets().content(site, head) : Optional.empty();
        if (own.isPresent()) {
            return own.get();
        }
        if (site instanceof Site.WorkerHost) {
            // nothing but the page and its scripts: workers reach no server
            throw Router.noSuchPath(head);
        }
        Optional<Router.Match> match = router.find(head.method(), head.path()).filter(found -> mayAnswer(found.route(), head));
        if (match.isEmpty()) {
            throw Router.noSuchPath(head);
        }
        Request request = head.withPathParameters(match.get().parameters());
        return match.get().route().handler().handle(request.withBody(body.read(match.get().route().bodyLimit())));
    }

    /** What an app serves at all paths must not answer for the platform's reserved ones. */
    private static boolean mayAnswer(Route route, Request head) {
        return !head.path().startsWith(RESERVED) || route.path().startsWith(RESERVED);
    }
}
