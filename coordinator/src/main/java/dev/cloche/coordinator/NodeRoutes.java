package dev.cloche.coordinator;

import dev.cloche.http.Handshake;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.http.Socket;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes and tabs: {@code /api/nodes}. */
final class NodeRoutes {
    private final Nodes nodes;
    private final NodeViews views;
    private final Guard guard;
    private final Access access;
    private final WorkerRegistry registry;
    private final WorkerRoutes.PersonNames names;

    NodeRoutes(Nodes nodes, NodeViews views, Guard guard, Access access, WorkerRegistry registry, WorkerRoutes.PersonNames names) {
        this.nodes = nodes;
        this.views = views;
        this.guard = guard;
        this.access = access;
        this.registry = registry;
        this.names = names;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/nodes", this::list), Route.get("/api/nodes/link", this::link), Route.delete("/api/nodes/{id}", this::drop));
    }

    private Response list(Request request) {
        return Response.json(Map.of("nodes", views.of(guard.projects(request, Action.WORKER_READ), Actor.of(request))));
    }

    private Response link(Request request) {
        Actor actor = Actor.of(request);
        guard.lent(request);
        nodes.refuseTooMany(actor.person());
        String name = registry.read(handle -> names.of(handle, actor));
        return Handshake.accept(request, Optional.empty(), socket -> nodes.open(new NodeLink.Owner(actor, name), socket));
    }

    private Response drop(Request request) {
        NodeLink link = nodes.find(request.pathParameter("id")).orElseThrow(() -> Problem.notFound("This node or tab"));
        Actor actor = Actor.of(request);
        boolean own = link.owner().person().equals(actor.person()) && actor.scopes().contains(Action.WORKER_LEND.scope());
        if (!own) {
            access.check(actor, Action.SERVER_ADMINISTER, new Resource.Server());
        }
        link.end(Socket.NORMAL, "ended by " + (own ? "the one who lent it" : "the administrator"));
        return Response.empty();
    }
}
