package dev.cloche.apps;

import static dev.cloche.workspaces.Bench.MEMBER;
import static dev.cloche.workspaces.Bench.OWNER;
import static dev.cloche.workspaces.Bench.STRANGER;
import static dev.cloche.workspaces.Bench.VIEWER;
import static dev.cloche.workspaces.Bench.body;
import static dev.cloche.workspaces.Bench.json;
import static dev.cloche.workspaces.Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.identity.Role;
import dev.cloche.workspaces.Bench;
import dev.cloche.workspaces.WorkspaceId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AppsTest {
    private final AppBench bench = new AppBench();

    @AfterEach
    void close() {
        bench.close();
    }

    private WorkspaceId site() {
        WorkspaceId id = bench.workspaces.newWorkspace();
        bench.workspaces.put(id, "index.html", "one");
        return id;
    }

    private WorkspaceId flask() {
        return bench.workspaces.newWorkspace(Map.of("name", "n", "type", "PYODIDE", "template", "flask-todo"));
    }

    @Test
    void aDeploymentDoesNotChangeWhileTheWorkspaceGoesOn() {
        WorkspaceId id = site();

        Response made = bench.publish(id, "shop");
        bench.workspaces.put(id, "index.html", "two");

        assertThat(made.status()).isEqualTo(201);
        assertThat(json(made).at("/app/url").asText()).isEqualTo("http://shop.app.cloche.localhost:3000/");
        assertThat(json(made).at("/app/path").asText()).isEqualTo("/app/shop/");
        assertThat(json(made).at("/app/deployment/kind").asText()).isEqualTo("static");
        assertThat(text(bench.browse("shop", "/"))).isEqualTo("one");
        assertThat(bench.publish(id, "shop").status()).isEqualTo(200);
        assertThat(text(bench.browse("shop", "/"))).isEqualTo("two");
        assertThat(bench.publish(id, "shop", "revision", 1).status()).isEqualTo(200);
        assertThat(text(bench.browse("shop", "/"))).isEqualTo("one");
    }

    @Test
    void rollingBackGoesOneByOneOrToAGivenDeployment() {
        WorkspaceId id = site();
        bench.publish(id, "shop");
        String first = deployments().getFirst();
        bench.workspaces.put(id, "index.html", "two");
        bench.publish(id, "shop");
        bench.workspaces.put(id, "index.html", "three");
        bench.publish(id, "shop");

        assertThat(rollBack(Map.of()).status()).isEqualTo(200);
        assertThat(text(bench.browse("shop", "/"))).isEqualTo("two");
        assertThat(rollBack(Map.of("deployment", first)).status()).isEqualTo(200);
        assertThat(text(bench.browse("shop", "/"))).isEqualTo("one");
        assertThat(rollBack(Map.of()).status()).isEqualTo(409);
        assertThat(rollBack(Map.of("deployment", "0000000000000000")).status()).isEqualTo(400);
        assertThat(rollBack(Map.of("deployment", deployments().getFirst())).status()).as("and forward again").isEqualTo(200);
        assertThat(text(bench.browse("shop", "/"))).isEqualTo("three");
    }

    private Response rollBack(Map<String, String> body) {
        return bench.as(OWNER, Request.builder("POST", "/api/apps/shop/rollback").json(body));
    }

    private List<String> deployments() {
        return json(bench.as(OWNER, Request.builder("GET", "/api/apps/shop"))).get("deployments").findValuesAsText("id");
    }

    @Test
    void contentsOutliveTheirWorkspaceAsLongAsADeploymentHasThem() {
        WorkspaceId id = site();
        bench.publish(id, "shop");
        bench.workspaces.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id));
        bench.workspaces.clock.pass(Duration.ofDays(31));

        bench.workspaces.workspaces.purge();

        assertThat(text(bench.browse("shop", "/"))).isEqualTo("one");
        assertThat(bench.as(OWNER, Request.builder("DELETE", "/api/apps/shop")).status()).isEqualTo(204);
        assertThat(bench.workspaces.workspaces.purge().contents()).isEqualTo(1);
        assertThat(bench.browse("shop", "/").status()).isEqualTo(404);
    }

    @Test
    void secretsAndHistoriesAreNeverPublished() throws IOException {
        WorkspaceId id = flask();
        for (String path : List.of(".env", ".env.local", ".git/config", "sub/.ENV", "__pycache__/app.pyc", ".cloche/python.lock.json", "sub/id_rsa")) {
            bench.workspaces.put(id, path, "secret");
        }

        bench.publish(id, "todo");

        JsonNode manifest = json(bench.fetch("GET", "todo", "/__cloche/deployment.json"));
        assertThat(names(bench.fetch("GET", "todo", manifest.get("archive").asText())))
                .containsExactly("README.md", "app.py", "static/app.js", "static/style.css", "store.py", "templates/index.html");
        WorkspaceId pages = site();
        bench.workspaces.put(pages, ".env", "secret");
        bench.publish(pages, "pages");
        assertThat(bench.browse("pages", "/.env").status()).isEqualTo(404);
    }

    @Test
    void whatTheWorkspacesClocheignoreNamesIsNotPublished() throws IOException {
        WorkspaceId id = flask();
        bench.workspaces.put(id, ".clocheignore", "# drafts\n*.md\n/data/\n!data/kept.csv\n");
        bench.workspaces.put(id, "data/kept.csv", "not kept: its folder is left out, as in Git");
        bench.workspaces.put(id, "static/data/shown.csv", "1");

        bench.publish(id, "todo");

        JsonNode manifest = json(bench.fetch("GET", "todo", "/__cloche/deployment.json"));
        assertThat(names(bench.fetch("GET", "todo", manifest.get("archive").asText())))
                .containsExactly("app.py", "static/app.js", "static/data/shown.csv", "static/style.css", "store.py", "templates/index.html");
    }

    @Test
    void aClocheignoreBeyondItsLimitsIsRefusedByName() {
        WorkspaceId id = flask();
        bench.workspaces.put(id, ".clocheignore", "x\n".repeat(201));

        assertField(bench.as(OWNER, Request.builder("POST", "/api/apps").json(Map.of("name", "todo", "workspace", id.value(), "placement", "browser"))), ".clocheignore");
    }

    private static List<String> names(Response response) throws IOException {
        assertThat(response.status()).isEqualTo(200);
        List<String> names = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body(response)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void aPythonAppIsStartedByThePageInTheTab() {
        bench.publish(flask(), "todo");

        assertThat(text(bench.browse("todo", "/deep/link"))).isEqualTo("BOOT");
        JsonNode manifest = json(bench.fetch("GET", "todo", "/__cloche/deployment.json"));
        assertThat(manifest.get("kind").asText()).isEqualTo("wsgi");
        assertThat(manifest.get("entry").asText()).isEqualTo("app:app");
        assertThat(manifest.at("/engine/pyodide").asText()).isEqualTo("314.0.7");
        assertThat(manifest.at("/wheels/0/url").asText())
                .isEqualTo("/__cloche/wheels/" + manifest.at("/wheels/0/sha256").asText() + "/flask-3.1.3-py3-none-any.whl");
        assertThat(manifest.at("/environment/WORKSPACE_TYPE").asText()).isEqualTo("pyodide");
    }

    @Test
    void toolsAreToldThatTheAppRunsInATab() {
        bench.publish(flask(), "todo");

        Response own = bench.fetch("GET", "todo", "/");
        assertThat(own.status()).isEqualTo(200);
        assertThat(own.header("content-type")).contains("text/plain; charset=utf-8");
        assertThat(text(own)).contains("browser").contains("http://todo.app.cloche.localhost:3000/");
        assertThat(bench.fetch("GET", "todo", "/api/todos").status()).isEqualTo(501);
        assertThat(bench.fetch("POST", "todo", "/todos").status()).isEqualTo(501);
        Response path = bench.fetch("GET", "", "/app/todo/");
        assertThat(path.status()).isEqualTo(200);
        assertThat(path.header("content-security-policy").orElse("")).contains("sandbox");
        assertThat(bench.fetch("GET", "", "/home/app/todo").status()).isEqualTo(200);
        assertThat(bench.fetch("GET", "", "/app/none/").status()).isEqualTo(404);
        assertThat(bench.fetch("GET", "", "/other/app/todo/").status()).isEqualTo(404);
    }

    @Test
    void browsersAreSentToTheAppsOwnOrigin() {
        bench.publish(flask(), "todo");

        assertThat(bench.browse("", "/app/todo").header("location")).contains("http://todo.app.cloche.localhost:3000/");
        assertThat(bench.browse("", "/home/app/todo/a%20b/").header("location")).contains("http://todo.app.cloche.localhost:3000/a%20b/");
        assertThat(bench.browse("", "/app/todo//evil.example/").header("location")).contains("http://todo.app.cloche.localhost:3000//evil.example/");
        assertThat(bench.browse("", "/app/todo/").header("content-security-policy").orElse("")).contains("sandbox");
        assertThat(bench.browse("", "/app/none/").status()).isEqualTo(404);
        assertThat(bench.browse("none", "/").status()).isEqualTo(404);
        assertThat(text(bench.browse("none", "/"))).contains("<h1>");
    }

    @Test
    void filesAreServedAsAWebServerWould() {
        WorkspaceId id = site();
        bench.workspaces.put(id, "docs/index.html", "docs");
        bench.workspaces.put(id, "a b.css", "x");
        bench.publish(id, "shop");

        assertThat(text(bench.browse("shop", "/docs/"))).isEqualTo("docs");
        assertThat(bench.browse("shop", "/docs").header("location")).contains("/docs/");
        Response css = bench.fetch("GET", "shop", "/a%20b.css");
        assertThat(css.header("content-type")).contains("text/css; charset=utf-8");
        assertThat(css.header("x-content-type-options")).contains("nosniff");
        assertThat(css.header("etag")).isPresent();
        assertThat(bench.fetch("POST", "shop", "/").status()).isEqualTo(405);
        assertThat(bench.browse("shop", "/none").status()).isEqualTo(404);
        assertThat(bench.fetch("GET", "shop", "/../index.html").status()).isEqualTo(400);
        bench.workspaces.put(id, "404.html", "lost");
        bench.publish(id, "shop");
        assertThat(bench.browse("shop", "/none").status()).isEqualTo(404);
        assertThat(text(bench.browse("shop", "/none"))).isEqualTo("lost");
    }

    @Test
    void onlyTheFolderOfTheEntryIsPublished() {
        WorkspaceId id = bench.workspaces.newWorkspace();
        bench.workspaces.put(id, "public/index.html", "public");
        bench.workspaces.put(id, "notes.txt", "private");

        assertThat(json(bench.publish(id, "shop")).at("/app/deployment/entry").asText()).isEqualTo("public");

        assertThat(text(bench.browse("shop", "/"))).isEqualTo("public");
        assertThat(bench.browse("shop", "/notes.txt").status()).isEqualTo(404);
        assertThat(bench.browse("shop", "/../notes.txt").status()).isEqualTo(400);
    }

    @Test
    void anAppGivesOnlyItsOwnDeployments() {
        bench.publish(site(), "mine");
        bench.publish(flask(), "theirs");
        String theirs = json(bench.fetch("GET", "theirs", "/__cloche/deployment.json")).get("archive").asText();

        assertThat(bench.fetch("GET", "theirs", theirs).status()).isEqualTo(200);
        assertThat(bench.fetch("GET", "mine", theirs).status()).isEqualTo(404);
        assertThat(bench.fetch("GET", "mine", "/__cloche/deployment/x.zip").status()).isEqualTo(404);
        assertThat(bench.fetch("GET", "none", "/__cloche/deployment.json").status()).isEqualTo(404);
    }

    @Test
    void theRolesAreKept() {
        WorkspaceId id = site();
        Map<String, String> body = Map.of("name", "shop", "workspace", id.value());

        assertThat(bench.as(VIEWER, Request.builder("POST", "/api/apps").json(body)).status()).isEqualTo(403);
        assertThat(bench.as(STRANGER, Request.builder("POST", "/api/apps").json(body)).status()).isEqualTo(404);
        assertThat(bench.as(MEMBER, Request.builder("POST", "/api/apps").json(body)).status()).isEqualTo(201);
        assertThat(bench.as(VIEWER, Request.builder("GET", "/api/apps/shop")).status()).isEqualTo(200);
        assertThat(bench.as(STRANGER, Request.builder("GET", "/api/apps/shop")).status()).isEqualTo(404);
        assertThat(bench.as(VIEWER, Request.builder("DELETE", "/api/apps/shop")).status()).isEqualTo(403);
        assertThat(bench.as(STRANGER, Request.builder("POST", "/api/apps/shop/rollback")).status()).isEqualTo(404);
        assertThat(json(bench.as(STRANGER, Request.builder("GET", "/api/apps"))).get("apps")).isEmpty();
        assertThat(json(bench.as(VIEWER, Request.builder("GET", "/api/apps"))).get("apps")).hasSize(1);
        assertThat(bench.as(STRANGER, Request.builder("POST", "/api/apps/detect").json(Map.of("workspace", id.value()))).status()).isEqualTo(404);
    }

    @Test
    void aNameStaysWithItsProject() {
        bench.publish(site(), "shop");
        bench.as(OWNER, Request.builder("DELETE", "/api/apps/shop"));
        bench.workspaces.memberships.set(OWNER, Bench.OTHER_PROJECT, Role.OWNER);
        WorkspaceId other = bench.workspaces.newWorkspace(Map.of("name", "n", "type", "PYODIDE", "projectId", Bench.OTHER_PROJECT.value()));
        bench.workspaces.put(other, "index.html", "x");

        assertThat(bench.publish(other, "shop").status()).isEqualTo(409);
        assertThat(bench.publish(site(), "shop").status()).isEqualTo(201);
    }

    @Test
    void wrongWishesAreRefusedWithTheField() {
        WorkspaceId id = site();
        assertField(bench.publish(id, "www"), "name");
        assertField(bench.publish(id, "Shop"), "name");
        assertField(bench.publish(id, "-a"), "name");
        assertField(bench.publish(id, "xn--a"), "name");
        assertField(bench.publish(id, "x".repeat(41)), "name");
        assertField(bench.publish(id, "shop", "kind", "php"), "kind");
        assertField(bench.publish(id, "shop", "kind", "wsgi"), "kind");
        assertField(bench.publish(id, "shop", "kind", "wsgi", "entry", "main:app"), "entry");
        assertField(bench.publish(id, "shop", "kind", "wsgi", "entry", "os;x"), "entry");
        assertField(bench.publish(id, "shop", "kind", "static", "entry", "public"), "entry");
        assertField(bench.publish(id, "shop", "revision", 99), "revision");
        assertField(bench.publish(id, "shop", "placement", "moon"), "placement");
        Response server = bench.publish(id, "shop", "placement", "server");
        assertThat(server.status()).isEqualTo(501);
        assertThat(json(server).get("detail").asText()).contains("browser");
        assertThat(bench.browse("shop", "/").status()).isEqualTo(404);
    }

    private static void assertField(Response refused, String field) {
        assertThat(refused.status()).isEqualTo(400);
        assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo(field);
    }
}
