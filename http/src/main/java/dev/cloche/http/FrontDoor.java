package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The way in for every request: finds the site by the host, keeps the rules of its origin, authenticates, checks against the
 * contract, calls the route, and adds the security headers. Needs no socket; safe for use by several threads.
 */
public final class FrontDoor {
    private final Origins origins;
    private final ControlSite control;
    private final ContentSite content;
    private final SecurityHeaders headers;

    /**
     * What stands behind the door.
     *
     * @param routes of the control plane
     * @param contentRoutes of user-content origins, all of them open
     * @param assets the front end's files
     * @param authenticator finds out who asks
     * @param check of requests to {@code routes}
     */
    public record Parts(
            List<Route> routes, List<Route> contentRoutes, Assets assets, Authenticator authenticator, RequestCheck check) {
        /** Copies the lists. */
        public Parts {
            routes = List.copyOf(routes);
            contentRoutes = List.copyOf(contentRoutes);
        }
    }

    /** A door for these origins. */
    public FrontDoor(Origins origins, Parts parts) {
        this.origins = origins;
        this.control = new ControlSite(origins, parts);
        this.content = new ContentSite(parts);
        this.headers = new SecurityHeaders(origins);
    }

    /** The answer to a request that has its body; in process, for tests. */
    public Response answer(Request request) {
        return answer(request, limit -> {
            if (request.body().length > limit) {
                throw Router.tooLarge(limit);
            }
            return request.body();
        });
    }

    /** The answer to a request whose body is read when its limit is known; never throws but {@link Error}. */
    public Response answer(Request head, BodyReader body) {
        Site site = site(head).orElseGet(Site.Control::new);
        head.set(Site.ATTRIBUTE, site);
        Response response;
        try {
            response = dispatch(head, body);
        } catch (Refused e) {
            response = e.response();
        } catch (Problem e) {
            response = Response.problem(e);
        } catch (ClientGone e) {
            response = Response.problem(Problem.of(ErrorCode.INVALID_REQUEST, "The body ended early."));
        } catch (InterruptedException e) {
            // the client has gone, or the server stops
            response = Response.problem(Problem.of(ErrorCode.UNAVAILABLE, "The request ended before its answer."));
        } catch (Exception e) {
            response = ProblemJson.failure(head, e);
        }
        return CrossOrigin.apply(head, Compression.apply(head, headers.apply(site, response)));
    }

    /** A client that went away while it still had something to say. */
    static final class ClientGone extends IOException {
        private static final long serialVersionUID = 1L;

        ClientGone(String message) {
            super(message);
        }
    }

    private Optional<Site> site(Request head) {
        return Origins.isLoopback(head.host()) ? Optional.of(new Site.Control()) : origins.site(head.host());
    }

    private Response dispatch(Request head, BodyReader body) throws Exception {
        Site site = site(head).orElseThrow(() -> Problem.of(ErrorCode.MISDIRECTED, "This server does not serve that host; go to " + origins.control() + "."));
        return switch (site) {
            case Site.Control() -> control.answer(head, body, Origins.isLoopback(head.host()));
            case Site.EngineHost host -> content.answer(host, head, body);
            case Site.Preview preview -> content.answer(preview, head, body);
            case Site.WorkerHost workers -> content.answer(workers, head, body);
            case Site.App app -> content.answer(app, head, body);
        };
    }
}
