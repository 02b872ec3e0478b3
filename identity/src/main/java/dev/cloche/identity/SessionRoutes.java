package dev.cloche.identity;

import dev.cloche.http.CredentialReader;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Database;
import java.util.List;

/** Signing in and out, and who is signed in. */
final class SessionRoutes {
    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Strict";

    private final Database database;
    private final Identity.Stores stores;
    private final Access access;
    private final SignIn signIn;

    private record SignInBody(String name, String password) {}

    private record LinkBody(String code) {}

    private record SessionAnswer(Person person, boolean hasPassword) {}

    SessionRoutes(Database database, Identity.Stores stores, Access access, SignIn signIn) {
        this.database = database;
        this.stores = stores;
        this.access = access;
        this.signIn = signIn;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/session", this::current),
                Route.post("/api/session", this::byPassword).open(),
                Route.delete("/api/session", this::signOut),
                Route.post("/api/session/link", this::byLink).open());
    }

    private Response current(Request request) {
        Actor actor = Actor.of(request);
        access.check(actor, Action.ACCOUNT_READ, new Resource.Account(actor.person()));
        return database.read(handle -> {
            Person person = stores.people().find(handle, actor.person()).orElseThrow(() -> Problem.notFound("This account"));
            return Response.json(new SessionAnswer(person, stores.people().passwordHash(handle, person.id()).isPresent()));
        });
    }

    private Response byPassword(Request request) {
        SignInBody body = request.json(SignInBody.class);
        return signedIn(signIn.byPassword(request, body.name(), body.password()));
    }

    private Response byLink(Request request) {
        return signedIn(signIn.byLink(request, request.json(LinkBody.class).code()));
    }

    private Response signOut(Request request) {
        Actor actor = Actor.of(request);
        access.check(actor, Action.ACCOUNT_READ, new Resource.Account(actor.person()));
        if (actor instanceof Actor.Session session) {
            database.write(handle -> {
                stores.audit().record(handle, request, "sign-out", "");
                stores.sessions().end(handle, session.session());
                return true;
            });
        }
        return Response.empty().with("set-cookie", CredentialReader.COOKIE + "=" + ATTRIBUTES + "; Max-Age=0");
    }

    private static Response signedIn(SignIn.Begun begun) {
        String cookie = CredentialReader.COOKIE + "=" + begun.secret() + ATTRIBUTES + "; Max-Age=" + Sessions.LONGEST.toSeconds();
        return Response.json(new SessionAnswer(begun.person(), begun.hasPassword())).with("set-cookie", cookie);
    }
}
