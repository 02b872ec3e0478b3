package dev.cloche.identity;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The server's accounts and its audit log. */
final class PeopleRoutes {
    private final Database database;
    private final Identity.Stores stores;
    private final Access access;
    private final RandomIds ids;
    private final InstantSource clock;

    private record CreateBody(String name, Optional<String> displayName) {}

    PeopleRoutes(Database database, Identity.Stores stores, Access access, Identity.Sources sources) {
        this.database = database;
        this.stores = stores;
        this.access = access;
        this.ids = sources.ids();
        this.clock = sources.clock();
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/people", this::list),
                Route.post("/api/people", this::create),
                Route.post("/api/people/{id}/link", this::link),
                Route.delete("/api/people/{id}", this::delete),
                Route.get("/api/audit", this::audit));
    }

    private Response list(Request request) {
        Actor actor = Actor.of(request);
        access.check(actor, Action.ACCOUNT_READ, new Resource.Account(actor.person()));
        boolean all = access.allows(actor, Action.SERVER_ADMINISTER, new Resource.Server());
        List<Person> people = database.read(handle -> all ? stores.people().all(handle) : stores.people().around(handle, actor.person()));
        return Response.json(Map.of("people", people));
    }

    private Response create(Request request) {
        access.check(Actor.of(request), Action.SERVER_ADMINISTER, new Resource.Server());
        CreateBody body = request.json(CreateBody.class);
        Person person = new Person(new PersonId(ids.next()), body.name(), body.displayName().orElse(body.name()), false, clock.instant());
        SignInLinks.Link link = database.write(handle -> {
            stores.people().insert(handle, person);
            stores.audit().record(handle, request, "person-create", person.name());
            return stores.links().make(handle, person.id());
        });
        return Response.json(201, Map.of("person", person, "link", link.link()));
    }

    private Response link(Request request) {
        Actor actor = Actor.of(request);
        PersonId id = new PersonId(request.pathParameter("id"));
        if (actor.person().equals(id)) {
            access.check(actor, Action.ACCOUNT_CHANGE, new Resource.Account(id));
        } else {
            access.check(actor, Action.SERVER_ADMINISTER, new Resource.Server());
        }
        SignInLinks.Link link = database.write(handle -> {
            Person person = stores.people().find(handle, id).orElseThrow(() -> Problem.notFound("This person"));
            stores.audit().record(handle, request, "link-create", person.name());
            return stores.links().make(handle, id);
        });
        return Response.json(201, link);
    }

    private Response delete(Request request) {
        access.check(Actor.of(request), Action.SERVER_ADMINISTER, new Resource.Server());
        PersonId id = new PersonId(request.pathParameter("id"));
        return database.write(handle -> {
            Person person = stores.people().find(handle, id).orElseThrow(() -> Problem.notFound("This person"));
            stores.audit().record(handle, request, "person-delete", person.name());
            stores.people().delete(handle, person);
            return Response.empty();
        });
    }

    private Response audit(Request request) {
        access.check(Actor.of(request), Action.SERVER_ADMINISTER, new Resource.Server());
        long before = request.query("before").map(PeopleRoutes::number).orElse(Long.MAX_VALUE);
        int limit = request.queryInt("limit", 100, 1, 500);
        return Response.json(Map.of("events", database.read(handle -> stores.audit().before(handle, before, limit))));
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw Problem.field("before", "type", "'before' is a whole number.");
        }
    }
}
