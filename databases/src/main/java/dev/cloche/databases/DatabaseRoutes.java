package dev.cloche.databases;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What the screens and the command show of databases, besides the public protocol: {@code /api/databases}. */
final class DatabaseRoutes {
    private static final int PUBLICATIONS = 50;
    private static final int PATIENCE_SECONDS = 10;

    private final PostgresDatabases databases;
    private final Access access;
    private final String engine;

    DatabaseRoutes(PostgresDatabases databases, Access access, String engine) {
        this.databases = databases;
        this.access = access;
        this.engine = engine;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/databases", this::list), Route.get("/api/databases/{database}", this::show));
    }

    private Response list(Request request) {
        Actor actor = Actor.of(request);
        Set<ProjectId> asked = request.query("project").map(id -> Set.of(new ProjectId(id))).orElseGet(() -> access.projects(actor).keySet());
        asked.forEach(project -> access.check(actor, Action.DATABASE_READ, new Resource.InProject(project)));
        List<DatabaseView> views = databases.ofProjects(asked.stream().map(ProjectId::value).collect(Collectors.toSet())).stream()
                .map(one -> view(one, status(databases.awake(one.entry().identity()))))
                .toList();
        return Response.json(Map.of("databases", views));
    }

    private Response show(Request request) {
        DatabaseEntry entry = databases.find(request.pathParameter("database")).orElseThrow(() -> Problem.notFound("This database"));
        access.check(Actor.of(request), Action.DATABASE_READ, new Resource.InProject(entry.project()));
        databases.open(entry.identity());
        DatabaseRows.Listed listed = databases.listed(entry.identity()).orElseThrow(() -> Problem.notFound("This database"));
        Optional<DatabaseStatus> status = status(databases.awake(entry.identity()));
        DatabaseStatus now = status.orElse(DatabaseStatus.ASLEEP);
        return Response.json(Map.of(
                "database", view(listed, status),
                "engine", engine,
                "offset", now.offset(),
                "tables", now.tables(),
                "clients", now.clients().stream().map(one -> new ClientView(one.identity().hex(), one.connection().hex())).toList(),
                "calls", databases.calls(entry.identity()),
                "publications", databases.publications(entry.identity(), PUBLICATIONS).stream().map(PublicationView::of).toList()));
    }

    /** Empty if it sleeps, or is too busy to say. */
    private static Optional<DatabaseStatus> status(Optional<RunningDatabase> database) {
        return database.map(running -> running.status().toCompletableFuture().completeOnTimeout(DatabaseStatus.ASLEEP, PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    }

    /** A database as the API shows it: the schema {@code Database} of {@code openapi.yaml}. */
    private record DatabaseView(
            String name, List<String> names, String identity, String projectId, String owner, boolean locked, boolean running,
            long rows, long bytes, int clients, Instant createdAt, Instant updatedAt) {}

    private static DatabaseView view(DatabaseRows.Listed listed, Optional<DatabaseStatus> status) {
        DatabaseEntry entry = listed.entry();
        DatabaseStatus now = status.orElse(DatabaseStatus.ASLEEP);
        List<String> names = entry.names().stream().map(DatabaseName::value).toList();
        return new DatabaseView(names.isEmpty() ? entry.identity().hex() : names.getFirst(), names, entry.identity().hex(), entry.project().value(),
                entry.owner().hex(), entry.locked(), status.isPresent(), now.rows(), now.bytes(), now.clients().size(), listed.createdAt(), listed.updatedAt());
    }

    /** A client as the API shows it. */
    private record ClientView(String identity, String connection) {}

    /** A publication as the API shows it: the schema {@code DatabasePublication} of {@code openapi.yaml}. */
    private record PublicationView(Instant at, String sender, String program, String kind, String plan) {
        static PublicationView of(Publication.Past past) {
            return new PublicationView(past.at(), past.sender().hex(), past.program(), past.kind().name().toLowerCase(Locale.ROOT), past.plan());
        }
    }
}
