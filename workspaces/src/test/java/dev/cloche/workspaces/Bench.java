package dev.cloche.workspaces;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.RequestBuilder;
import dev.cloche.http.Response;
import dev.cloche.http.Router;
import dev.cloche.identity.Access;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.ManualClock;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Role;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.TestDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A workbench for tests: the feature over a real database, with people of every role, asked in process. */
public final class Bench implements AutoCloseable {
    public static final ProjectId PROJECT = new ProjectId("aaaaaaaaaaaaaaaa");
    public static final ProjectId OTHER_PROJECT = new ProjectId("bbbbbbbbbbbbbbbb");
    public static final PersonId OWNER = new PersonId("0000000000000001");
    public static final PersonId MEMBER = new PersonId("0000000000000002");
    public static final PersonId VIEWER = new PersonId("0000000000000003");
    public static final PersonId STRANGER = new PersonId("0000000000000004");

    public final TestDatabase database = TestDatabase.fresh();
    public final FakeMemberships memberships = new FakeMemberships();
    public final Access access = new Access(memberships);
    public final ManualClock clock = new ManualClock();
    public final RandomIds ids = new RandomIds(new SecureRandom());
    /** Whose session or token has ended. */
    public final Set<Actor> ended = ConcurrentHashMap.newKeySet();
    public final Workspaces workspaces;
    private final Router router;

    public Bench() {
        this(WorkspaceLimits.DEFAULT);
    }

    public Bench(WorkspaceLimits limits) {
        List.of(PROJECT, OTHER_PROJECT).forEach(this::insert);
        List.of(OWNER, MEMBER, VIEWER, STRANGER).forEach(this::insert);
        memberships.set(OWNER, PROJECT, Role.OWNER);
        memberships.set(MEMBER, PROJECT, Role.MEMBER);
        memberships.set(VIEWER, PROJECT, Role.VIEWER);
        memberships.set(STRANGER, OTHER_PROJECT, Role.OWNER);
        workspaces = new Workspaces(
                new Workspaces.Foundation(database.database(), access, actor -> !ended.contains(actor), new AuditLog(clock), clock, ids),
                new WorkspaceSettings("3.14.2", limits, Duration.ofDays(30)));
        router = new Router(workspaces.routes());
    }

    private void insert(ProjectId id) {
        database.database().write(handle -> handle.createUpdate("INSERT INTO project (id, name, slug, created_at) VALUES (:id, :id, :slug, now())")
                .bind("id", id.value())
                .bind("slug", id.equals(PROJECT) ? "home" : "other")
                .execute());
    }

    private void insert(PersonId id) {
        database.database().write(handle -> handle.createUpdate("INSERT INTO person (id, name, display_name, created_at) VALUES (:id, :id, :id, now())")
                .bind("id", id.value())
                .execute());
    }

    /** Actions with their targets, the oldest first. */
    List<String> audited() {
        return database.database().read(handle -> handle.createQuery("SELECT action || ' ' || target FROM audit ORDER BY id").mapTo(String.class).list());
    }

    /** The store below the API, with these limits. */
    FileStore files(WorkspaceLimits limits) {
        return new FileStore(database.database(), new Blobs(), limits, new WorkspaceEvents(), clock);
    }

    /** A new empty workspace of the owner. */
    public WorkspaceId newWorkspace() {
        return newWorkspace(Map.of("name", "Bench", "type", "PYODIDE"));
    }

    public WorkspaceId newWorkspace(Map<String, ?> body) {
        Response made = as(OWNER, Request.builder("POST", "/api/workspaces").json(body));
        if (made.status() != 201) {
            throw new AssertionError(text(made));
        }
        return new WorkspaceId(json(made).at("/workspace/id").asText());
    }

    public Response as(PersonId person, RequestBuilder request) {
        return as(new Actor.Session(person, "session"), request);
    }

    public Response as(Actor actor, RequestBuilder request) {
        Request built = request.build();
        built.set(Actor.ATTRIBUTE, actor);
        return router.handle(built);
    }

    public Response anonymous(RequestBuilder request) {
        return router.handle(request.build());
    }

    public Response get(String path) {
        return as(OWNER, Request.builder("GET", path));
    }

    public Response put(WorkspaceId id, String path, String content) {
        String escaped = URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
        return as(OWNER, Request.builder("PUT", "/api/workspaces/" + id + "/files/" + escaped).body(bytes(content)));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static byte[] body(Response response) {
        return switch (response.body()) {
            case Response.Body.Bytes(byte[] bytes) -> bytes;
            case Response.Body.Stream(Response.Writer writer) -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try {
                    writer.writeTo(out);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                yield out.toByteArray();
            }
            case Response.Body.File file -> throw new AssertionError("no file is expected here: " + file);
            case Response.Body.Upgrade upgrade -> throw new AssertionError("no WebSocket is expected here: " + upgrade);
        };
    }

    public static String text(Response response) {
        return new String(body(response), StandardCharsets.UTF_8);
    }

    public static JsonNode json(Response response) {
        return Json.tree(body(response));
    }

    @Override
    public void close() {
        workspaces.close();
        database.close();
    }
}
