package dev.cloche.databases;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.tables.MemoryPool;
import dev.cloche.values.Identity;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the screens and the command show of databases, besides the public protocol: {@code /api/databases}. */
final class DatabaseRoutes {
    private static final long LARGEST_BACKUP = 256L << 20;
    private static final int PUBLICATIONS = 50;
    private static final int PATIENCE_SECONDS = 10;

    private final PostgresDatabases databases;
    private final Access access;
    private final Function<PersonId, Identity> people;
    private final Host host;

    /** What the databases run on: the engine of their modules, and the memory of all of them. */
    record Host(String engine, SharedMemory memory) {}

    DatabaseRoutes(PostgresDatabases databases, Access access, Function<PersonId, Identity> people, Host host) {
        this.databases = databases;
        this.access = access;
        this.people = people;
        this.host = host;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/databases", this::list),
                Route.get("/api/databases/{database}", this::show),
                Route.get("/api/databases/{database}/backup", this::backup),
                Route.put("/api/databases/{database}/backup", this::restore).bodyLimit(LARGEST_BACKUP));
    }

    private Response list(Request request) {
        Actor actor = Actor.of(request);
        Set<ProjectId> asked = request.query("project").map(id -> Set.of(new ProjectId(id))).orElseGet(() -> access.projects(actor).keySet());
        asked.forEach(project -> access.check(actor, Action.DATABASE_READ, new Resource.InProject(project)));
        List<DatabaseView> views = databases.ofProjects(asked.stream().map(ProjectId::value).collect(Collectors.toSet())).stream()
                .map(one -> view(one, status(databases.awake(one.entry().identity()))))
                .toList();
        MemoryPool tables = host.memory().tables();
        MemoryPool modules = host.memory().modules();
        return Response.json(Map.of("databases", views, "memory",
                new MemoryView(tables.taken(), tables.limit(), modules.taken(), modules.limit())));
    }

    private Response show(Request request) {
        DatabaseEntry entry = allowed(request, Action.DATABASE_READ);
        databases.open(entry.identity());
        DatabaseRows.Listed listed = databases.listed(entry.identity()).orElseThrow(() -> Problem.notFound("This database"));
        Optional<DatabaseStatus> status = status(databases.awake(entry.identity()));
        DatabaseStatus now = status.orElse(DatabaseStatus.ASLEEP);
        return Response.json(Map.of(
                "database", view(listed, status),
                "engine", host.engine(),
                "offset", now.offset(),
                "tables", now.tables(),
                "clients", now.clients().stream().map(one -> new ClientView(one.identity().hex(), one.connection().hex())).toList(),
                "calls", databases.calls(entry.identity()),
                "history", databases.history().window(entry.identity()),
                "publications", databases.publications(entry.identity(), PUBLICATIONS).stream().map(PublicationView::of).toList()));
    }

    private DatabaseEntry allowed(Request request, Action action) {
        DatabaseEntry entry = databases.find(request.pathParameter("database")).orElseThrow(() -> Problem.notFound("This database"));
        access.check(Actor.of(request), action, new Resource.InProject(entry.project()));
        return entry;
    }

    private Response backup(Request request) {
        DatabaseEntry entry = allowed(request, Action.DATABASE_WRITE);
        DatabaseBackup backup = past(request, entry.identity()).map(at -> databases.backup(entry.identity(), at))
                .orElseGet(() -> databases.backup(entry.identity()));
        return Response.stream("application/zip", backup::write)
                .with("content-disposition", "attachment; filename=\"" + request.pathParameter("database") + ".zip\"");
    }

    /** The transaction that is asked for, by its number or a time. */
    private Optional<Long> past(Request request, Identity identity) {
        Optional<Long> number = request.query("transaction").map(Long::valueOf);
        return number.or(() -> request.query("at").map(text -> databases.history().at(identity, time(text))));
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw Problem.field("at", "date-time", "The field 'at' must be a time such as 2026-01-31T12:00:00Z.");
        }
    }

    private Response restore(Request request) {
        Actor actor = Actor.of(request);
        DatabaseName name = new DatabaseName(request.pathParameter("database"));
        ProjectId project = request.query("project").map(ProjectId::new)
                .or(() -> access.projects(actor).keySet().stream().filter(one -> access.allows(actor, Action.DATABASE_PUBLISH, new Resource.InProject(one))).findFirst())
                .orElseThrow(() -> Problem.of(ErrorCode.FORBIDDEN, "There is no project in which you may publish."));
        access.check(actor, Action.DATABASE_PUBLISH, new Resource.InProject(project));
        NewDatabase wanted = new NewDatabase(Optional.of(name), project, people.apply(actor.person()));
        return switch (databases.restore(wanted, DatabaseBackup.read(request.body()))) {
            case PublishOutcome.Created(DatabaseEntry made) -> Response.json(201, Map.of("database",
                    view(databases.listed(made.identity()).orElseThrow(), status(databases.awake(made.identity())))));
            default -> throw Problem.of(ErrorCode.CONFLICT, "There is a database with the name '" + name + "' already; choose another name.");
        };
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

    /** The memory of all databases as the API shows it: the schema {@code DatabaseMemory} of {@code openapi.yaml}. */
    private record MemoryView(long tables, long mostTables, long modules, long mostModules) {}

    /** A client as the API shows it. */
    private record ClientView(String identity, String connection) {}

    /** A publication as the API shows it: the schema {@code DatabasePublication} of {@code openapi.yaml}. */
    private record PublicationView(Instant at, String sender, String program, String kind, String plan) {
        static PublicationView of(Publication.Past past) {
            return new PublicationView(past.at(), past.sender().hex(), past.program(), past.kind().name().toLowerCase(Locale.ROOT), past.plan());
        }
    }
}
