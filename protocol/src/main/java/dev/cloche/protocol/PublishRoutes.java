package dev.cloche.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.databases.DatabaseEntry;
import dev.cloche.databases.DatabaseName;
import dev.cloche.databases.Databases;
import dev.cloche.databases.MigrationPlan;
import dev.cloche.databases.ModuleFile;
import dev.cloche.databases.NewDatabase;
import dev.cloche.databases.PublishOutcome;
import dev.cloche.databases.UpdateRules;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Publishing and administration of databases: {@code /v1/database} (facts, specification C; observed, section 3, points 12 and 13). */
final class PublishRoutes {
    /** The largest module. */
    static final long LARGEST_MODULE = 64L * 1024 * 1024;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MOST_NAMES = 100;

    private final Databases databases;
    private final Callers callers;
    private final Audit audit;

    /** Records who did what to which database. */
    @FunctionalInterface
    interface Audit {
        /** One entry. */
        void record(Request request, String action, String target);
    }

    PublishRoutes(Databases databases, Callers callers, Audit audit) {
        this.databases = databases;
        this.callers = callers;
        this.audit = audit;
    }

    List<Route> routes() {
        return List.of(
                Route.post("/v1/database", this::publishNameless).bodyLimit(LARGEST_MODULE),
                Route.put("/v1/database/{database}", this::publish).bodyLimit(LARGEST_MODULE),
                Route.get("/v1/database/{database}", this::show),
                Route.delete("/v1/database/{database}", this::delete),
                Route.post("/v1/database/{database}/pre_publish", this::plan).bodyLimit(LARGEST_MODULE),
                Route.put("/v1/database/{database}/reset", this::reset).bodyLimit(LARGEST_MODULE),
                Route.get("/v1/database/{database}/names", this::names),
                Route.post("/v1/database/{database}/names", this::addName),
                Route.put("/v1/database/{database}/names", this::setNames),
                Route.get("/v1/database/{database}/identity", this::identity),
                Route.post("/v1/database/{database}/lock", request -> lock(request, true)),
                Route.post("/v1/database/{database}/unlock", request -> lock(request, false)));
    }

    private Response publishNameless(Request request) {
        return create(request, Optional.empty());
    }

    private Response publish(Request request) {
        String name = request.pathParameter("database");
        Optional<DatabaseEntry> known = databases.find(name);
        return known.isPresent() ? update(request, known.get()) : create(request, Optional.of(name(name)));
    }

    private Response create(Request request, Optional<DatabaseName> name) {
        Caller caller = callers.known(request);
        ProjectId project = callers.project(caller, request.query("organization"));
        callers.person(caller, Action.DATABASE_PUBLISH, project);
        return outcome(request, databases.create(new NewDatabase(name, project, caller.identity()), module(request)), name);
    }

    private Response update(Request request, DatabaseEntry database) {
        Caller caller = callers.known(request);
        callers.person(caller, Action.DATABASE_PUBLISH, database.project());
        Optional<DatabaseName> name = nameIn(request);
        if (request.query("clear").filter("true"::equals).isPresent()) {
            return outcome(request, databases.reset(database.identity(), Optional.of(module(request)), caller.identity()), name);
        }
        boolean mayBreak = switch (request.query("policy").orElse("Compatible")) {
            case "Compatible" -> false;
            case "BreakClients" -> true;
            default -> throw Refusal.of(400, "'policy' is Compatible or BreakClients.");
        };
        return outcome(request, databases.update(database.identity(), module(request), new UpdateRules(caller.identity(), mayBreak, request.query("token"))), name);
    }

    private Response outcome(Request request, PublishOutcome outcome, Optional<DatabaseName> name) {
        return switch (outcome) {
            case PublishOutcome.Created(DatabaseEntry database) -> published(request, database, name, "created");
            case PublishOutcome.Updated(DatabaseEntry database) -> published(request, database, name, "updated");
            case PublishOutcome.NameTaken(DatabaseName taken) -> throw Refusal.of(409, "The name `" + taken + "` is taken by another database.");
            case PublishOutcome.BreaksClients(MigrationPlan.Automatic plan) -> throw Refusal.of(400,
                    "Failed to create or update the database: Migration plan contains a client-breaking change which is disallowed under current policy\n" + plan.text());
            case PublishOutcome.NeedsMigration(MigrationPlan.Manual plan) -> throw Refusal.of(400, "Failed to create or update the database: " + plan.reason());
            case PublishOutcome.InitFailed(String message) -> throw Refusal.of(400, "Failed to create or update the database: init failed: " + message);
        };
    }

    private Response published(Request request, DatabaseEntry database, Optional<DatabaseName> name, String what) {
        audit.record(request, "database.publish", name.map(DatabaseName::value).orElse(database.identity().hex()));
        ObjectNode success = JSON.objectNode();
        success.put("domain", name.map(DatabaseName::value).orElse(null)).put("database_identity", database.identity().hex()).put("op", what);
        return Response.json(JSON.objectNode().set("Success", success));
    }

    private Response plan(Request request) {
        DatabaseEntry database = owned(request, Action.DATABASE_READ);
        return Response.json(switch (databases.plan(database.identity(), module(request))) {
            case MigrationPlan.Automatic plan -> JSON.objectNode().<ObjectNode>set("AutoMigrate", JSON.objectNode().put("migrate_plan", plan.text())
                    .put("break_clients", plan.breaksClients()).put("token", plan.token()).put("major_version_upgrade", false));
            case MigrationPlan.Manual plan -> JSON.objectNode().<ObjectNode>set("ManualMigrate", JSON.objectNode().put("reason", plan.reason()).put("major_version_upgrade", false));
        });
    }

    private Response show(Request request) {
        DatabaseEntry database = Found.in(databases, request);
        ObjectNode json = JSON.objectNode();
        json.set("database_identity", JSON.objectNode().put("__identity__", "0x" + database.identity().hex()));
        json.set("owner_identity", JSON.objectNode().put("__identity__", "0x" + database.owner().hex()));
        json.set("host_type", JSON.objectNode().set("Wasm", JSON.arrayNode()));
        return Response.json(json.put("initial_program", "0x" + database.program()));
    }

    private Response delete(Request request) {
        DatabaseEntry database = owned(request, Action.DATABASE_PUBLISH);
        databases.delete(database.identity());
        audit.record(request, "database.delete", request.pathParameter("database"));
        return done();
    }

    private Response reset(Request request) {
        DatabaseEntry database = owned(request, Action.DATABASE_PUBLISH);
        Optional<ModuleFile> module = request.body().length == 0 ? Optional.empty() : Optional.of(module(request));
        return outcome(request, databases.reset(database.identity(), module, callers.known(request).identity()), nameIn(request));
    }

    private Response names(Request request) {
        return Response.json(Map.of("names", Found.in(databases, request).names().stream().map(DatabaseName::value).toList()));
    }

    private Response addName(Request request) {
        DatabaseEntry database = owned(request, Action.DATABASE_PUBLISH);
        DatabaseName name = name(new String(request.body(), StandardCharsets.UTF_8).strip());
        Set<DatabaseName> names = new LinkedHashSet<>(database.names());
        names.add(name);
        give(request, database, List.copyOf(names));
        return Response.json(JSON.objectNode().set("Success", JSON.objectNode().put("domain", name.value()).put("database_identity", database.identity().hex())));
    }

    private Response setNames(Request request) {
        DatabaseEntry database = owned(request, Action.DATABASE_PUBLISH);
        JsonNode list = Json.tree(request.body());
        if (!list.isArray() || list.valueStream().anyMatch(one -> !one.isTextual())) {
            throw Refusal.of(400, "The body is a JSON array of names.");
        }
        give(request, database, new ArrayList<>(new LinkedHashSet<>(list.valueStream().map(one -> name(one.textValue())).toList())));
        return Response.json(JSON.objectNode().set("Success", JSON.arrayNode()));
    }

    private void give(Request request, DatabaseEntry database, List<DatabaseName> names) {
        if (names.size() > MOST_NAMES) {
            throw Refusal.of(400, "A database has at most " + MOST_NAMES + " names.");
        }
        List<DatabaseName> taken = databases.setNames(database.identity(), names);
        if (!taken.isEmpty()) {
            throw Refusal.of(409, "Taken by other databases: " + String.join(", ", taken.stream().map(DatabaseName::value).toList()));
        }
        audit.record(request, "database.rename", database.identity().hex());
    }

    private Response identity(Request request) {
        return Response.text(200, Found.in(databases, request).identity().hex());
    }

    private Response lock(Request request, boolean locked) {
        databases.setLocked(owned(request, Action.DATABASE_PUBLISH).identity(), locked);
        return done();
    }

    private DatabaseEntry owned(Request request, Action action) {
        DatabaseEntry database = Found.in(databases, request);
        callers.person(callers.known(request), action, database.project());
        return database;
    }

    private static Response done() {
        return new Response(200, Map.of(), new Response.Body.Bytes(new byte[0]));
    }

    private static ModuleFile module(Request request) {
        if (request.body().length == 0) {
            throw Refusal.of(400, "The body is the module; it is empty.");
        }
        return new ModuleFile(switch (request.query("host_type").orElse("Wasm")) {
            case "Wasm" -> ModuleFile.Host.WASM;
            case "Js" -> ModuleFile.Host.JS;
            default -> throw Refusal.of(400, "'host_type' is Wasm or Js.");
        }, request.body());
    }

    private static Optional<DatabaseName> nameIn(Request request) {
        String text = request.pathParameter("database");
        return text.matches("[0-9a-fA-F]{64}") ? Optional.empty() : Optional.of(name(text));
    }

    private static DatabaseName name(String text) {
        try {
            return new DatabaseName(text);
        } catch (Problem e) {
            throw Refusal.of(400, "Invalid URL: invalid characters in database name. " + e.detail());
        }
    }
}
