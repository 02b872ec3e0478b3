package dev.cloche.workspaces;

import static dev.cloche.workspaces.Bench.OWNER;
import static dev.cloche.workspaces.Bench.PROJECT;
import static dev.cloche.workspaces.Bench.VIEWER;
import static dev.cloche.workspaces.Bench.json;
import static dev.cloche.workspaces.Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WorkspacesApiTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private Response create(Object body) {
        return bench.as(OWNER, Request.builder("POST", "/api/workspaces").json(body));
    }

    @Test
    void theBodyOfTheRequirementMakesAWorkspaceWithTheDefaults() {
        Response made = create(Map.of("name", "Test Python Workspace", "type", "PYODIDE", "projectId", "your-project-id"));

        assertThat(made.status()).isEqualTo(201);
        JsonNode workspace = json(made).get("workspace");
        assertThat(workspace.get("name").asText()).isEqualTo("Test Python Workspace");
        assertThat(workspace.get("type").asText()).isEqualTo("PYODIDE");
        assertThat(workspace.get("projectId").asText()).isEqualTo(PROJECT.value());
        assertThat(workspace.at("/config/environment/WORKSPACE_TYPE").asText()).isEqualTo("pyodide");
        assertThat(workspace.at("/config/environment/PYTHON_VERSION").asText()).isEqualTo("3.14.2");
        assertThat(workspace.at("/config/pythonPackages").toString()).isEqualTo("[\"numpy\",\"matplotlib\"]");
        assertThat(workspace.get("role").asText()).isEqualTo("owner");
        assertThat(workspace.get("revision").asLong()).isZero();
    }

    @Test
    void theCallersConfigurationWins() {
        Map<String, Object> config = Map.of("environment", Map.of("PYTHON_VERSION", "3.99", "A", "b"), "pythonPackages", List.of("pandas>=2"));

        JsonNode made = json(create(Map.of("name", "n", "type", "PYODIDE", "config", config))).get("workspace").get("config");

        assertThat(made.at("/environment/PYTHON_VERSION").asText()).isEqualTo("3.99");
        assertThat(made.at("/environment/WORKSPACE_TYPE").asText()).isEqualTo("pyodide");
        assertThat(made.at("/environment/A").asText()).isEqualTo("b");
        assertThat(made.get("pythonPackages").toString()).isEqualTo("[\"pandas>=2\"]");
    }

    @Test
    void aTemplateBringsItsFilesAndPackages() {
        WorkspaceId id = bench.newWorkspace(Map.of("name", "n", "type", "PYODIDE", "template", "flask-todo"));
        JsonNode withList = json(create(Map.of("name", "n", "type", "PYODIDE", "template", "flask-todo",
                "config", Map.of("pythonPackages", List.of("Flask==3.1.3", "numpy"))))).get("workspace");

        assertThat(json(bench.get("/api/workspaces/" + id)).at("/workspace/config/pythonPackages").toString()).isEqualTo("[\"flask\"]");
        assertThat(json(bench.get("/api/workspaces/" + id + "/files")).findValuesAsText("path"))
                .contains("app.py", "templates", "templates/index.html", "static/style.css", "README.md");
        assertThat(json(bench.get("/api/workspaces/" + id)).at("/workspace/revision").asLong()).isEqualTo(1);
        assertThat(withList.at("/config/pythonPackages").toString()).isEqualTo("[\"Flask==3.1.3\",\"numpy\"]");
    }

    @Test
    void anUnknownTypeIsRefusedInTheDocumentedWords() {
        for (Object type : List.of("DOCKER", "pyodide", "", 5)) {
            Response refused = create(Map.of("name", "n", "type", type));

            assertThat(refused.status()).isEqualTo(400);
            assertThat(json(refused).get("error").asText()).isEqualTo("Invalid workspace type");
            assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo("type");
            assertThat(json(refused).at("/errors/0/rule").asText()).isEqualTo("enum");
        }
        assertThat(json(create(Map.of("name", "n"))).get("error").asText()).isEqualTo("Invalid workspace type");
    }

    @Test
    void typesWithoutAnEngineAreRefusedWithAnExplanation() {
        for (String type : List.of("NODE", "WEBVM", "FIRECRACKER")) {
            Response refused = create(Map.of("name", "n", "type", type));

            assertThat(refused.status()).isEqualTo(501);
            assertThat(json(refused).get("detail").asText()).contains(type).contains("PYODIDE");
        }
        assertThat(json(bench.get("/api/workspaces")).get("workspaces")).isEmpty();
    }

    @Test
    void badInputNamesTheFieldAndChangesNothing() {
        Map<Map<String, Object>, String> wrong = Map.of(
                Map.of("name", " ", "type", "PYODIDE"), "name",
                Map.of("name", "x".repeat(101), "type", "PYODIDE"), "name",
                Map.of("name", "a\nb", "type", "PYODIDE"), "name",
                Map.of("name", "n", "type", "PYODIDE", "description", "x".repeat(501)), "description",
                Map.of("name", "n", "type", "PYODIDE", "template", "no-such"), "template",
                Map.of("name", "n", "type", "PYODIDE", "projectId", "../x"), "projectId",
                Map.of("name", "n", "type", "PYODIDE", "colour", "red"), "colour",
                Map.of("name", "n", "type", "PYODIDE", "config", Map.of("environment", Map.of("1A", "b"))), "config.environment",
                Map.of("name", "n", "type", "PYODIDE", "config", Map.of("pythonPackages", List.of("numpy", ""))), "config.pythonPackages[1]");

        wrong.forEach((body, field) -> {
            Response refused = create(body);
            assertThat(refused.status()).as(body.toString()).isEqualTo(400);
            assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo(field);
        });

        assertThat(json(bench.get("/api/workspaces")).get("workspaces")).isEmpty();
    }

    @Test
    void theListIsSearchedCountedAndLastEditedFirst() {
        WorkspaceId first = bench.newWorkspace(Map.of("name", "Alpha 100%", "type", "PYODIDE"));
        bench.clock.pass(Duration.ofMinutes(1));
        WorkspaceId second = bench.newWorkspace(Map.of("name", "Beta", "description", "about snakes", "type", "PYODIDE"));
        bench.clock.pass(Duration.ofMinutes(1));
        bench.put(first, "a.txt", "now newer");

        assertThat(json(bench.get("/api/workspaces")).get("workspaces").findValuesAsText("id"))
                .containsExactly(first.value(), second.value());
        assertThat(search("SNAKE")).containsExactly(second.value());
        assertThat(search("100%")).containsExactly(first.value());
        assertThat(search("a_p")).isEmpty();
        assertThat(json(bench.get("/api/workspaces")).get("counts").toString())
                .isEqualTo("{\"PYODIDE\":2,\"NODE\":0,\"WEBVM\":0,\"FIRECRACKER\":0}");
    }

    private List<String> search(String text) {
        Response found = bench.as(OWNER, Request.builder("GET", "/api/workspaces").query("q", text));
        return json(found).get("workspaces").findValuesAsText("id");
    }

    @Test
    void aChangeKeepsWhatItDoesNotName() {
        WorkspaceId id = bench.newWorkspace(Map.of("name", "Old", "description", "kept", "type", "PYODIDE"));

        Response changed = patch(id, Map.of("name", " New ", "config", Map.of("pythonPackages", List.of("pandas"))));

        JsonNode workspace = json(changed).get("workspace");
        assertThat(workspace.get("name").asText()).isEqualTo("New");
        assertThat(workspace.get("description").asText()).isEqualTo("kept");
        assertThat(workspace.at("/config/pythonPackages/0").asText()).isEqualTo("pandas");
        assertThat(workspace.at("/config/environment/WORKSPACE_TYPE").asText()).isEqualTo("pyodide");
        assertThat(patch(id, Map.of("name", "")).status()).isEqualTo(400);
    }

    private Response patch(WorkspaceId id, Object body) {
        return bench.as(OWNER, Request.builder("PATCH", "/api/workspaces/" + id).json(body));
    }

    @Test
    void aDeletedWorkspaceIsGoneButCanBeRestoredForThirtyDays() {
        WorkspaceId id = bench.newWorkspace();
        bench.put(id, "kept.txt", "kept");

        assertThat(bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id)).status()).isEqualTo(204);

        assertThat(bench.get("/api/workspaces/" + id).status()).isEqualTo(404);
        assertThat(bench.get("/api/workspaces/" + id + "/files/kept.txt").status()).isEqualTo(404);
        assertThat(bench.put(id, "new.txt", "x").status()).isEqualTo(404);
        assertThat(deleted()).containsExactly(id.value());

        bench.clock.pass(Duration.ofDays(29));
        assertThat(bench.as(OWNER, Request.builder("POST", "/api/workspaces/" + id + "/restore")).status()).isEqualTo(200);
        assertThat(text(bench.get("/api/workspaces/" + id + "/files/kept.txt"))).isEqualTo("kept");
        assertThat(deleted()).isEmpty();
        assertThat(bench.as(OWNER, Request.builder("POST", "/api/workspaces/" + id + "/restore")).status()).isEqualTo(404);
    }

    @Test
    void deletingAndRestoringStandInTheAuditLogAndRefusalsDoNot() {
        WorkspaceId id = bench.newWorkspace();
        String name = bench.workspaces.catalog().get(id).name();

        bench.as(VIEWER, Request.builder("DELETE", "/api/workspaces/" + id));
        bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id));
        bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id));
        bench.as(OWNER, Request.builder("POST", "/api/workspaces/" + id + "/restore"));

        String target = name + " (" + id.value() + ")";
        assertThat(bench.audited()).containsExactly("workspace.delete " + target, "workspace.restore " + target);
    }

    @Test
    void afterThirtyDaysItCannotBeRestored() {
        WorkspaceId id = bench.newWorkspace();
        bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id));

        bench.clock.pass(Duration.ofDays(30).plusSeconds(1));

        assertThat(deleted()).isEmpty();
        assertThat(bench.as(OWNER, Request.builder("POST", "/api/workspaces/" + id + "/restore")).status()).isEqualTo(404);
    }

    private List<String> deleted() {
        return json(bench.as(OWNER, Request.builder("GET", "/api/workspaces").query("deleted", "true")))
                .get("workspaces").findValuesAsText("id");
    }

    @Test
    void theStateIsEachPersonsOwnAndLimited() {
        String path = "/api/workspaces/" + bench.newWorkspace() + "/state";

        assertThat(text(bench.get(path))).isEqualTo("{}");
        assertThat(bench.as(OWNER, Request.builder("PUT", path).json(Map.of("tabs", List.of("a.py")))).status()).isEqualTo(204);
        assertThat(bench.as(OWNER, Request.builder("PUT", path).json(Map.of("tabs", List.of("b.py")))).status()).isEqualTo(204);

        assertThat(json(bench.get(path)).at("/tabs/0").asText()).isEqualTo("b.py");
        assertThat(text(bench.as(Bench.MEMBER, Request.builder("GET", path)))).isEqualTo("{}");
        assertThat(bench.as(OWNER, Request.builder("PUT", path).json(List.of(1))).status()).isEqualTo(400);
        assertThat(bench.as(OWNER, Request.builder("PUT", path).json(Map.of("x", "y".repeat(70_000)))).status()).isEqualTo(413);
        assertThat(json(bench.get(path)).at("/tabs/0").asText()).isEqualTo("b.py");
    }

    @Test
    void anIdentifierOfTheWrongShapeIsNotFound() {
        assertThat(bench.get("/api/workspaces/nope").status()).isEqualTo(404);
        assertThat(bench.get("/api/workspaces/0000000000000000/files").status()).isEqualTo(404);
    }
}
