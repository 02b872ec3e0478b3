package dev.cloche.identity;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Projects and their members. */
final class ProjectRoutes {
    private final Database database;
    private final Identity.Stores stores;
    private final Access access;
    private final RandomIds ids;
    private final InstantSource clock;

    private record CreateBody(String name, Optional<String> slug) {}

    private record ChangeBody(Optional<String> name) {}

    private record RoleBody(String role) {}

    private record ProjectAnswer(ProjectId id, String name, String slug, String role, Instant createdAt) {
        static ProjectAnswer of(Project project, Role role) {
            return new ProjectAnswer(project.id(), project.name(), project.slug(), label(role), project.createdAt());
        }
    }

    ProjectRoutes(Database database, Identity.Stores stores, Access access, Identity.Sources sources) {
        this.database = database;
        this.stores = stores;
        this.access = access;
        this.ids = sources.ids();
        this.clock = sources.clock();
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/projects", this::list),
                Route.post("/api/projects", this::create),
                Route.get("/api/projects/{id}", this::get),
                Route.patch("/api/projects/{id}", this::change),
                Route.delete("/api/projects/{id}", this::delete),
                Route.put("/api/projects/{id}/members/{person}", this::setMember),
                Route.delete("/api/projects/{id}/members/{person}", this::removeMember));
    }

    private Response list(Request request) {
        Actor actor = Actor.of(request);
        access.check(actor, Action.ACCOUNT_READ, new Resource.Account(actor.person()));
        List<Projects.Membership> own = database.read(handle -> stores.projects().of(handle, actor.person()));
        return Response.json(Map.of("projects", own.stream().map(m -> ProjectAnswer.of(m.project(), m.role())).toList()));
    }

    private Response create(Request request) {
        Actor actor = Actor.of(request);
        access.check(actor, Action.PROJECT_CREATE, new Resource.Account(actor.person()));
        CreateBody body = request.json(CreateBody.class);
        Project project = database.write(handle -> {
            Slug slug = body.slug().map(Slug::new).orElseGet(() -> freeSlug(handle, body.name()));
            Project fresh = new Project(new ProjectId(ids.next()), body.name(), slug.text(), clock.instant());
            stores.projects().insert(handle, fresh, actor.person());
            stores.audit().record(handle, request, "project-create", fresh.slug());
            return fresh;
        });
        return Response.json(201, Map.of("project", ProjectAnswer.of(project, Role.OWNER)));
    }

    private Slug freeSlug(Handle handle, String name) {
        for (int number = 1; number < 1000; number++) {
            Slug slug = Slug.from(name, number);
            if (!stores.projects().isTaken(handle, slug)) {
                return slug;
            }
        }
        throw Problem.field("slug", "required", "Many projects have this name; choose a slug.");
    }

    private Response get(Request request) {
        ProjectId id = checked(request, Action.PROJECT_READ);
        return database.read(handle -> {
            List<Map<String, Object>> members = stores.projects().members(handle, id).stream()
                    .map(member -> Map.<String, Object>of("person", member.person(), "role", label(member.role())))
                    .toList();
            return Response.json(Map.of("project", answer(handle, request, id), "members", members));
        });
    }

    private Response change(Request request) {
        ProjectId id = checked(request, Action.PROJECT_CHANGE);
        ChangeBody body = request.json(ChangeBody.class);
        return database.write(handle -> {
            body.name().ifPresent(name -> {
                stores.projects().rename(handle, id, name);
                stores.audit().record(handle, request, "project-rename", name);
            });
            return Response.json(Map.of("project", answer(handle, request, id)));
        });
    }

    private Response delete(Request request) {
        ProjectId id = checked(request, Action.PROJECT_DELETE);
        return database.write(handle -> {
            Project project = stores.projects().find(handle, id).orElseThrow(() -> Problem.notFound("This project"));
            stores.projects().delete(handle, id);
            stores.audit().record(handle, request, "project-delete", project.slug());
            return Response.empty();
        });
    }

    private Response setMember(Request request) {
        ProjectId id = checked(request, Action.MEMBERS_CHANGE);
        PersonId person = new PersonId(request.pathParameter("person"));
        Role role = role(request.json(RoleBody.class).role());
        return database.write(handle -> {
            stores.projects().lock(handle, id);
            Person found = stores.people().find(handle, person).orElseThrow(() -> Problem.notFound("This person"));
            Optional<Role> before = stores.projects().role(handle, person, id);
            requireOwnerFor(request, id, role, before);
            if (role != Role.OWNER) {
                keepAnOwner(handle, id, person, before);
            }
            stores.projects().setRole(handle, id, person, role, clock.instant());
            stores.audit().record(handle, request, "member-set", found.name() + " " + label(role) + " of " + id);
            return Response.empty();
        });
    }

    private Response removeMember(Request request) {
        Actor actor = Actor.of(request);
        PersonId person = new PersonId(request.pathParameter("person"));
        boolean leaves = actor.person().equals(person);
        ProjectId id = checked(request, leaves ? Action.PROJECT_LEAVE : Action.MEMBERS_CHANGE);
        return database.write(handle -> {
            stores.projects().lock(handle, id);
            Optional<Role> before = stores.projects().role(handle, person, id);
            if (before.isEmpty()) {
                throw Problem.notFound("This member");
            }
            if (!leaves) {
                requireOwnerFor(request, id, Role.VIEWER, before);
            }
            keepAnOwner(handle, id, person, before);
            stores.projects().removeMember(handle, id, person);
            stores.audit().record(handle, request, "member-remove", person + " of " + id);
            return Response.empty();
        });
    }

    /** Admins manage members and viewers; only owners make, change and remove admins and owners. */
    private void requireOwnerFor(Request request, ProjectId id, Role role, Optional<Role> before) {
        if (role.covers(Role.ADMIN) || before.filter(r -> r.covers(Role.ADMIN)).isPresent()) {
            access.check(Actor.of(request), Action.OWNERS_CHANGE, new Resource.InProject(id));
        }
    }

    private void keepAnOwner(Handle handle, ProjectId id, PersonId person, Optional<Role> before) {
        if (before.filter(Role.OWNER::equals).isPresent() && stores.projects().isLastOwner(handle, id, person)) {
            throw Problem.of(ErrorCode.CONFLICT, "A project keeps at least one owner; name another one first.");
        }
    }

    private ProjectId checked(Request request, Action action) {
        ProjectId id = new ProjectId(request.pathParameter("id"));
        access.check(Actor.of(request), action, new Resource.InProject(id));
        return id;
    }

    private ProjectAnswer answer(Handle handle, Request request, ProjectId id) {
        Project project = stores.projects().find(handle, id).orElseThrow(() -> Problem.notFound("This project"));
        Role role = stores.projects().role(handle, Actor.of(request).person(), id).orElseThrow(() -> Problem.notFound("This project"));
        return ProjectAnswer.of(project, role);
    }

    private static Role role(String label) {
        for (Role role : Role.values()) {
            if (label(role).equals(label)) {
                return role;
            }
        }
        throw Problem.field("role", "enum", "A role is viewer, member, admin or owner.");
    }

    private static String label(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
