package dev.cloche.protocol;

import dev.cloche.databases.Databases;
import dev.cloche.http.Route;
import dev.cloche.identity.Identity;
import dev.cloche.storage.Database;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The public protocol of live databases as a whole: what the composition root builds and routes. */
public final class Protocol {
    /** What is for use of databases and of use to an app's pages, not for publishing and administration. */
    private static final Set<String> OF_APPS = Set.of("/v1/identity", "/v1/identity/websocket-token", "/v1/database/{database}/subscribe",
            "/v1/database/{database}/call/{function}", "/v1/database/{database}/sql", "/v1/database/{database}/schema");

    private final List<Route> routes;
    private final List<Route> forPeople;

    /**
     * What it stands on.
     *
     * @param databases that it serves
     * @param storage where its key is kept
     * @param identity people and their roles
     * @param clock the time
     * @param random for connections
     */
    public record Foundation(Databases databases, Database storage, Identity identity, InstantSource clock, SecureRandom random) {}

    /** The protocol over these; makes the server's key if there is none yet. */
    public Protocol(Foundation on, OidcSettings oidc) {
        SigningKey key = SigningKey.of(on.storage(), on.clock());
        Tokens tokens = new Tokens(key, oidc, on.clock());
        Callers callers = new Callers(tokens, on.identity().authenticator(), on.identity().access());
        PublishRoutes.Audit audit = (request, action, target) -> on.storage().write(handle -> {
            on.identity().audit().record(handle, request, action, target);
            return true;
        });
        this.forPeople = new PassRoute(tokens).routes();
        this.routes = Stream.of(
                        new IdentityRoutes(on.databases(), tokens, callers, key.pem()).routes(),
                        new PublishRoutes(on.databases(), callers, audit).routes(),
                        new CallRoutes(on.databases(), callers, on.clock()).routes(),
                        new HandlerRoutes(on.databases()).routes(),
                        new SubscribeRoute(on.databases(), callers, on.clock(), on.random()).routes())
                .flatMap(List::stream)
                .map(route -> new Route(route.method(), route.path(), Route.Admission.ANY_ORIGIN, route.bodyLimit(), Refusal.inText(route.handler())))
                .toList();
    }

    /** Everything below {@code /v1}, open to pages of any origin. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * What pages of user content find at their own origin too, because their policy lets them reach no other. They can do no more
     * there than at the control plane, where these routes are open to pages of any origin.
     */
    public List<Route> routesForContent() {
        return routes.stream().filter(route -> OF_APPS.contains(route.path())).map(Route::open).toList();
    }

    /** How people who are signed in come to a token of the protocol: of the control plane's own pages. */
    public List<Route> routesForPeople() {
        return forPeople;
    }

    /** The identity by which modules know a person of this server. */
    public static dev.cloche.values.Identity identity(dev.cloche.identity.PersonId person) {
        return Tokens.identity(person);
    }
}
