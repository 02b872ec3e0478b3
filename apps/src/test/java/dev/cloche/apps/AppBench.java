package dev.cloche.apps;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Assets;
import dev.cloche.http.Authenticator;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.Origins;
import dev.cloche.http.Request;
import dev.cloche.http.RequestBuilder;
import dev.cloche.http.RequestCheck;
import dev.cloche.http.Response;
import dev.cloche.http.Router;
import dev.cloche.http.Site;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.Project;
import dev.cloche.kernel.Digest;
import dev.cloche.packages.PythonLock;
import dev.cloche.packages.Wheel;
import dev.cloche.workspaces.Bench;
import dev.cloche.workspaces.WorkspaceId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A workbench for tests of apps: workspaces over a real database, and a front door with all origins. */
final class AppBench implements AutoCloseable {
    static final PythonLock LOCK = new PythonLock("3.14.2", "pyemscripten_2026_0_wasm32", List.of("flask"),
            List.of(new Wheel("flask", "3.1.3", "flask-3.1.3-py3-none-any.whl", Digest.of(new byte[0]), 7)));

    final Bench workspaces = new Bench();
    private final Router api;
    private final FrontDoor door;

    AppBench() {
        Origins origins = Origins.local(3000);
        Apps apps = new Apps(
                new Apps.Foundation(workspaces.database.database(), workspaces.clock, workspaces.ids, workspaces.workspaces.catalog(), (id, mayWrite) -> LOCK),
                new Apps.Policy(workspaces.access, new AuditLog(workspaces.clock),
                        id -> Optional.of(new Project(id, "Home", id.equals(Bench.PROJECT) ? "home" : "other", Instant.EPOCH))),
                new Apps.Places(origins, new BootPage(), new EngineVersions("314.0.7", "3.14.2")));
        api = new Router(apps.routes());
        door = new FrontDoor(origins, new FrontDoor.Parts(
                apps.routes(), apps.contentRoutes(), new BootPage(), Authenticator.nobody(), RequestCheck.none()));
    }

    /** Assets of which only the page that starts an app matters. */
    private static final class BootPage implements Assets {
        @Override
        public Optional<Response> control(Request request) {
            return Optional.empty();
        }

        @Override
        public Optional<Response> content(Site site, Request request) {
            return Optional.empty();
        }

        @Override
        public Response appPage(Request request) {
            return Response.bytes(200, "text/html; charset=utf-8", Bench.bytes("BOOT"));
        }
    }

    Response as(PersonId person, RequestBuilder request) {
        Request built = request.build();
        built.set(Actor.ATTRIBUTE, new Actor.Session(person, "session"));
        return api.handle(built);
    }

    Response publish(WorkspaceId workspace, String name, Object... more) {
        Map<String, Object> body = new HashMap<>(Map.of("name", name, "workspace", workspace.value()));
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return as(Bench.OWNER, Request.builder("POST", "/api/apps").json(body));
    }

    /** A browser that loads a page; {@code host} without the domain, empty for the control plane. */
    Response browse(String host, String path) {
        return door.answer(request("GET", host, path)
                .header("sec-fetch-mode", "navigate")
                .header("sec-fetch-site", "none")
                .header("accept", "text/html,*/*")
                .build());
    }

    /** A tool without a browser. */
    Response fetch(String method, String host, String path) {
        return door.answer(request(method, host, path).header("accept", "*/*").build());
    }

    private static RequestBuilder request(String method, String host, String path) {
        return Request.builder(method, path).host((host.isEmpty() ? "" : host + ".app.") + "cloche.localhost:3000");
    }

    static JsonNode json(Response response) {
        return Bench.json(response);
    }

    @Override
    public void close() {
        workspaces.close();
    }
}
