package dev.cloche.workspaces;

import static dev.cloche.workspaces.Bench.MEMBER;
import static dev.cloche.workspaces.Bench.OWNER;
import static dev.cloche.workspaces.Bench.PROJECT;
import static dev.cloche.workspaces.Bench.STRANGER;
import static dev.cloche.workspaces.Bench.VIEWER;
import static dev.cloche.workspaces.Bench.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Request;
import dev.cloche.http.RequestBuilder;
import dev.cloche.identity.Actor;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.Role;
import dev.cloche.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RolesTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    private static Actor token(Scope scope) {
        return new Actor.Token(OWNER, "token", Set.of(scope));
    }

    @Test
    void everyMemberReads() {
        WorkspaceId id = bench.newWorkspace();
        bench.put(id, "a.txt", "a");
        String base = "/api/workspaces/" + id;
        Map<String, Function<String, RequestBuilder>> reads = Map.of(
                "", path -> Request.builder("GET", path),
                "/files", path -> Request.builder("GET", path),
                "/files/a.txt", path -> Request.builder("GET", path),
                "/pyodide/files", path -> Request.builder("GET", path),
                "/archive", path -> Request.builder("GET", path),
                "/state", path -> Request.builder("GET", path),
                "/pyodide/state", path -> Request.builder("PUT", path).json(Map.of("tab", 1)));

        reads.forEach((path, request) -> {
            for (PersonId person : List.of(OWNER, MEMBER, VIEWER)) {
                assertThat(bench.as(person, request.apply(base + path)).status()).as(path).isBetween(200, 204);
            }
            assertThat(bench.as(STRANGER, request.apply(base + path)).status()).as(path).isEqualTo(404);
            assertThat(bench.anonymous(request.apply(base + path)).status()).as(path).isEqualTo(401);
            assertThat(bench.as(token(Scope.PUBLISH), request.apply(base + path)).status()).as(path).isEqualTo(403);
        });
        assertThat(bench.as(STRANGER, Request.builder("GET", base + "/events")).status()).isEqualTo(404);
        assertThat(json(bench.as(STRANGER, Request.builder("GET", "/api/workspaces"))).get("workspaces")).isEmpty();
        assertThat(bench.as(STRANGER, Request.builder("GET", "/api/workspaces").query("project", PROJECT.value())).status()).isEqualTo(404);
    }

    @Test
    void onlyMembersWrite() {
        WorkspaceId id = bench.newWorkspace();
        bench.put(id, "a.txt", "a");
        String base = "/api/workspaces/" + id;
        Map<String, Function<String, RequestBuilder>> writes = Map.of(
                "/files/b.txt", path -> Request.builder("PUT", path),
                "/pyodide/files/a.txt", path -> Request.builder("DELETE", path),
                "/changes", path -> Request.builder("POST", path).json(Map.of("changes", List.of(Map.of("op", "folder", "path", "f")))),
                "", path -> Request.builder("PATCH", path).json(Map.of("name", "n")));

        writes.forEach((path, request) -> {
            assertThat(bench.as(VIEWER, request.apply(base + path)).status()).as(path).isEqualTo(403);
            assertThat(bench.as(STRANGER, request.apply(base + path)).status()).as(path).isEqualTo(404);
            assertThat(bench.anonymous(request.apply(base + path)).status()).as(path).isEqualTo(401);
            assertThat(bench.as(token(Scope.READ), request.apply(base + path)).status()).as(path).isEqualTo(403);
        });
        assertThat(bench.as(VIEWER, Request.builder("DELETE", base)).status()).isEqualTo(403);
        assertThat(bench.as(STRANGER, Request.builder("DELETE", base)).status()).isEqualTo(404);
        assertThat(json(bench.get(base)).at("/workspace/revision").asLong()).isEqualTo(1);
        bench.as(OWNER, Request.builder("DELETE", base));
        assertThat(bench.as(VIEWER, Request.builder("POST", base + "/restore")).status()).isEqualTo(403);
        assertThat(bench.as(STRANGER, Request.builder("POST", base + "/restore")).status()).isEqualTo(404);
    }

    @Test
    void aViewerCannotMakeWorkspacesAndAMemberCan() {
        RequestBuilder body = Request.builder("POST", "/api/workspaces").json(Map.of("name", "n", "type", "PYODIDE", "projectId", PROJECT.value()));

        assertThat(bench.as(VIEWER, body).status()).isEqualTo(403);
        assertThat(bench.as(STRANGER, body).status()).isEqualTo(404);
        assertThat(bench.as(MEMBER, body).status()).isEqualTo(201);
        bench.memberships.set(VIEWER, Bench.OTHER_PROJECT, Role.MEMBER);
        assertThat(bench.as(VIEWER, Request.builder("POST", "/api/workspaces").json(Map.of("name", "n", "type", "PYODIDE"))).status())
                .as("without a project it goes where the person may write")
                .isEqualTo(201);
    }
}
