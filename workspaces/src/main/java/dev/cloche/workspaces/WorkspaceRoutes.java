package dev.cloche.workspaces;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.identity.Role;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The API of workspaces themselves: list, make, change, delete, restore; and the templates. */
final class WorkspaceRoutes {
    /** What the documented example has where a project's identifier goes; it stands for one's own first project. */
    private static final String PLACEHOLDER = "your-project-id";

    private final WorkspaceKeeper keeper;
    private final Templates templates;
    private final Guard guard;
    private final Access access;
    private final AuditLog audit;

    /** Who may do what, and where it is recorded. */
    record Policy(Access access, AuditLog audit) {}

    WorkspaceRoutes(WorkspaceKeeper keeper, Templates templates, Guard guard, Policy policy) {
        this.keeper = keeper;
        this.templates = templates;
        this.guard = guard;
        this.access = policy.access();
        this.audit = policy.audit();
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/templates", this::listTemplates),
                Route.get("/api/workspaces", this::list),
                Route.post("/api/workspaces", this::create),
                Route.get("/api/workspaces/{id}", this::get),
                Route.patch("/api/workspaces/{id}", this::change),
                Route.delete("/api/workspaces/{id}", this::delete),
                Route.post("/api/workspaces/{id}/restore", this::restore));
    }

    private Response listTemplates(Request request) {
        Actor.of(request);
        return Response.json(Map.of("templates", templates.all()));
    }

    private Response list(Request request) {
        Actor actor = Actor.of(request);
        Map<ProjectId, Role> roles = access.projects(actor);
        Set<ProjectId> asked = request.query("project").map(ProjectId::new).map(Set::of).orElseGet(roles::keySet);
        for (ProjectId project : asked) {
            access.check(actor, Action.WORKSPACE_READ, new Resource.InProject(project));
        }
        Optional<String> text = request.query("q");
        if (text.map(String::length).orElse(0) > 100) {
            throw Problem.field("q", "maxLength", "A search text has at most 100 characters.");
        }
        boolean deleted = flag(request, "deleted");
        List<WorkspaceView> found = keeper.list(asked, text, deleted).stream()
                .map(w -> WorkspaceView.of(w, Optional.ofNullable(roles.get(w.projectId()))))
                .toList();
        return Response.json(Map.of("workspaces", found, "counts", keeper.counts(asked)));
    }

    private static boolean flag(Request request, String name) {
        String text = request.query(name).orElse("false");
        if (!text.equals("true") && !text.equals("false")) {
            throw Problem.field(name, "enum", "'" + name + "' is true or false.");
        }
        return text.equals("true");
    }

    /** The body of {@code POST /api/workspaces}. */
    private record Create(
            @Nullable String name,
            @Nullable String description,
            @Nullable String type,
            @Nullable String projectId,
            @Nullable String template,
            ConfigRules.@Nullable Sent config) {}

    private Response create(Request request) {
        Actor actor = Actor.of(request);
        Create body = request.json(Create.class);
        WorkspaceType type = type(body.type());
        ProjectId project = project(actor, body.projectId());
        access.check(actor, Action.WORKSPACE_WRITE, new Resource.InProject(project));
        List<FieldError> errors = new ArrayList<>();
        Texts.name(body.name(), errors);
        Texts.description(body.description(), errors);
        Texts.refuse(errors);
        requireEngine(type);
        Optional<Template> template = Optional.ofNullable(body.template()).map(templates::get);
        Workspace made = keeper.create(
                new WorkspaceKeeper.Wish(project, Texts.kept(body.name()), Texts.kept(body.description()), type, template),
                body.config(), actor.person());
        return Response.json(201, Map.of("workspace", view(actor, made)))
                .with("location", "/api/workspaces/" + made.id());
    }

    private static WorkspaceType type(@Nullable String name) {
        for (WorkspaceType type : WorkspaceType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw Problem.field("type", "enum", "A workspace is of the type PYODIDE, NODE, WEBVM or FIRECRACKER.")
                .titled("Invalid workspace type");
    }

    private static void requireEngine(WorkspaceType type) {
        type.unavailable().ifPresent(why -> {
            throw Problem.of(ErrorCode.NOT_AVAILABLE, why + " A workspace of the type " + type
                    + " could not run anything. Use the type PYODIDE (Python in the tab), or update Cloche when the engine is there.");
        });
    }

    private ProjectId project(Actor actor, @Nullable String asked) {
        if (asked != null && !asked.equals(PLACEHOLDER)) {
            return new ProjectId(asked);
        }
        Collection<Map.Entry<ProjectId, Role>> own = access.projects(actor).entrySet();
        return own.stream()
                .filter(entry -> entry.getValue().covers(Action.WORKSPACE_WRITE.role()))
                .findFirst()
                .or(() -> own.stream().findFirst())
                .map(Map.Entry::getKey)
                .orElseThrow(() -> Problem.field("projectId", "required", "You are in no project; make one first."));
    }

    private Response get(Request request) {
        return answer(request, guard.toRead(request));
    }

    /** The body of {@code PATCH /api/workspaces/ID}. */
    private record Change(@Nullable String name, @Nullable String description, ConfigRules.@Nullable Sent config) {}

    private Response change(Request request) {
        Workspace workspace = guard.toWrite(request);
        Change body = request.json(Change.class);
        List<FieldError> errors = new ArrayList<>();
        if (body.name() != null) {
            Texts.name(body.name(), errors);
        }
        Texts.description(body.description(), errors);
        Texts.refuse(errors);
        return answer(request, keeper.change(workspace.id(), Optional.ofNullable(body.name()).map(Texts::kept),
                Optional.ofNullable(body.description()).map(Texts::kept), Optional.ofNullable(body.config())));
    }

    private Response delete(Request request) {
        Workspace workspace = guard.toWrite(request);
        keeper.delete(workspace, audited(request, "workspace.delete", workspace));
        return Response.empty();
    }

    private Response restore(Request request) {
        Workspace workspace = guard.toRestore(request);
        return answer(request, keeper.restore(workspace, audited(request, "workspace.restore", workspace)));
    }

    private Consumer<Handle> audited(Request request, String action, Workspace workspace) {
        return handle -> audit.record(handle, request, action, workspace.name() + " (" + workspace.id().value() + ")");
    }

    private Response answer(Request request, Workspace workspace) {
        return Response.json(Map.of("workspace", view(Actor.of(request), workspace)));
    }

    private WorkspaceView view(Actor actor, Workspace workspace) {
        return WorkspaceView.of(workspace, guard.role(actor, workspace));
    }
}
