package dev.cloche.apps;

import dev.cloche.http.Origins;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The API of apps: publish, list, roll back, take off, and find out what a workspace looks like. */
final class AppRoutes {
    private final AppStore apps;
    private final Publisher publisher;
    private final WorkspaceCatalog workspaces;
    private final Parts parts;

    /** What the API needs besides. */
    record Parts(Access access, AuditLog audit, Origins origins) {}

    AppRoutes(AppStore apps, Publisher publisher, WorkspaceCatalog workspaces, Parts parts) {
        this.apps = apps;
        this.publisher = publisher;
        this.workspaces = workspaces;
        this.parts = parts;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/apps", this::list),
                Route.post("/api/apps", this::publish),
                Route.post("/api/apps/detect", this::detect),
                Route.get("/api/apps/{name}", this::get),
                Route.delete("/api/apps/{name}", this::delete),
                Route.post("/api/apps/{name}/rollback", this::rollBack));
    }

    private Response list(Request request) {
        Actor actor = Actor.of(request);
        Set<ProjectId> asked = request.query("project")
                .map(id -> Set.of(new ProjectId(id)))
                .orElseGet(() -> parts.access().projects(actor).keySet());
        asked.forEach(project -> parts.access().check(actor, Action.APP_READ, new Resource.InProject(project)));
        return Response.json(Map.of("apps", apps.list(asked).stream().map(this::view).toList()));
    }

    /** The body of {@code POST /api/apps}. */
    private record Publish(
            @Nullable String name,
            @Nullable String workspace,
            @Nullable Long revision,
            @Nullable String placement,
            @Nullable String kind,
            @Nullable String entry) {}

    private Response publish(Request request) {
        Actor actor = Actor.of(request);
        Publish body = request.json(Publish.class);
        Workspace workspace = readable(actor, body.workspace());
        parts.access().check(actor, Action.APP_PUBLISH, new Resource.InProject(workspace.projectId()));
        AppName name = new AppName(body.name() == null ? "" : body.name());
        Publisher.requirePlacement(body.placement() == null ? Placement.BROWSER : Placement.parse(body.placement()));
        if (body.revision() != null && body.revision() < 1) {
            throw Problem.field("revision", "range", "A revision that can be published is a whole number from 1.");
        }
        if (body.entry() != null && body.entry().length() > 200) {
            throw Problem.field("entry", "maxLength", "An entry has at most 200 characters.");
        }
        boolean mayWrite = parts.access().allows(actor, Action.WORKSPACE_WRITE, new Resource.InProject(workspace.projectId()));
        boolean made = publisher.publish(
                new Publisher.Wish(
                        name,
                        workspace.id(),
                        body.revision() == null ? OptionalLong.empty() : OptionalLong.of(body.revision()),
                        Optional.ofNullable(body.kind()).map(AppKind::parse),
                        Optional.ofNullable(body.entry()),
                        actor.person().value(),
                        mayWrite),
                audited(request, "app.publish", name));
        return answer(made ? 201 : 200, name);
    }

    private Workspace readable(Actor actor, @Nullable String id) {
        if (id == null) {
            throw Problem.field("workspace", "required", "Say which workspace.");
        }
        if (!RandomIds.isId(id)) {
            throw Problem.field("workspace", "pattern", "'workspace' is the identifier of a workspace.");
        }
        Workspace workspace = workspaces.get(new WorkspaceId(id));
        parts.access().check(actor, Action.WORKSPACE_READ, new Resource.InProject(workspace.projectId()));
        return workspace;
    }

    /** The body of {@code POST /api/apps/detect}. */
    private record Detect(@Nullable String workspace) {}

    private Response detect(Request request) {
        Workspace workspace = readable(Actor.of(request), request.json(Detect.class).workspace());
        return Response.json(publisher.detect(workspace.id()));
    }

    private Response get(Request request) {
        return answer(200, app(request, Action.APP_READ).name());
    }

    private Response delete(Request request) {
        App app = app(request, Action.APP_PUBLISH);
        apps.delete(app.name(), audited(request, "app.delete", app.name()));
        return Response.empty();
    }

    /** The body of {@code POST /api/apps/NAME/rollback}. */
    private record RollBack(@Nullable String deployment) {}

    private Response rollBack(Request request) {
        App app = app(request, Action.APP_PUBLISH);
        Optional<DeploymentId> wanted = request.body().length == 0
                ? Optional.empty()
                : Optional.ofNullable(request.json(RollBack.class).deployment()).map(DeploymentId::new);
        publisher.rollBack(app.name(), wanted, audited(request, "app.rollback", app.name()));
        return answer(200, app.name());
    }

    private Consumer<Handle> audited(Request request, String action, AppName name) {
        return handle -> parts.audit().record(handle, request, action, name.value());
    }

    private App app(Request request, Action action) {
        Actor actor = Actor.of(request);
        App app = Optional.of(request.pathParameter("name"))
                .filter(AppName::isName)
                .flatMap(name -> apps.find(new AppName(name)))
                .orElseThrow(() -> Problem.notFound("This app"));
        parts.access().check(actor, action, new Resource.InProject(app.projectId()));
        return app;
    }

    private Response answer(int status, AppName name) {
        App app = apps.find(name).orElseThrow(() -> Problem.notFound("This app"));
        List<DeploymentView> deployments = apps.deployments(name).stream().map(DeploymentView::of).toList();
        return Response.json(status, Map.of("app", view(app), "deployments", deployments));
    }

    /** An app as the API shows it: the schema {@code App} of {@code openapi.yaml}. */
    private record AppView(
            String name, String projectId, String url, String path, DeploymentView deployment, Instant createdAt, Instant updatedAt) {}

    /** A deployment as the API shows it: the schema {@code Deployment} of {@code openapi.yaml}. */
    private record DeploymentView(
            String id, String workspace, long revision, AppKind kind, Placement placement, String entry, int files, long size,
            Instant createdAt, String createdBy) {
        static DeploymentView of(Deployment d) {
            return new DeploymentView(d.id().value(), d.workspace().value(), d.revision(), d.kind(), d.placement(), d.entry(),
                    d.files(), d.size(), d.createdAt(), d.createdBy());
        }
    }

    private AppView view(App app) {
        return new AppView(app.name().value(), app.projectId().value(), parts.origins().app(app.name().value()) + "/",
                "/app/" + app.name() + "/", DeploymentView.of(app.deployment()), app.createdAt(), app.updatedAt());
    }
}
