package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProjectsTest {
    private TestServer server;
    private TestServer.Client owner;
    private TestServer.Client ada;
    private TestServer.Client bob;
    private String project;

    @BeforeEach
    void start() {
        server = new TestServer();
        owner = server.byLink(server.firstLink());
        ada = server.person("ada");
        bob = server.person("bob");
        project = ada.send("POST", "/api/projects", Map.of("name", "Ada's Lab")).json().at("/project/id").asText();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aProjectBelongsToItsMakerAndIsUnknownToOthers() {
        assertThat(ada.send("GET", "/api/projects/" + project).json().at("/project/slug").asText()).isEqualTo("ada-s-lab");
        assertThat(bob.send("GET", "/api/projects/" + project).status()).isEqualTo(404);
        assertThat(owner.send("GET", "/api/projects/" + project).status()).isEqualTo(404);
        assertThat(bob.send("PATCH", "/api/projects/" + project, Map.of("name", "Mine")).status()).isEqualTo(404);
        assertThat(bob.send("GET", "/api/projects").json().path("projects")).isEmpty();
    }

    @Test
    void slugsAreUniqueAndNeverAPathOfThePlatform() {
        assertThat(bob.send("POST", "/api/projects", Map.of("name", "Ada's Lab")).json().at("/project/slug").asText()).isEqualTo("ada-s-lab-2");
        assertThat(bob.send("POST", "/api/projects", Map.of("name", "API")).json().at("/project/slug").asText()).isEqualTo("project-api");
        assertThat(bob.send("POST", "/api/projects", Map.of("name", "日本")).json().at("/project/slug").asText()).isEqualTo("project");
        assertThat(bob.send("POST", "/api/projects", Map.of("name", "x", "slug", "ada-s-lab")).status()).isEqualTo(409);
        assertThat(bob.send("POST", "/api/projects", Map.of("name", "x", "slug", "api")).status()).isEqualTo(400);
    }

    @Test
    void eachRoleMayDoWhatItMay() {
        set(ada, bob, "viewer", 204);
        assertThat(bob.send("GET", "/api/projects/" + project).status()).isEqualTo(200);
        assertThat(bob.send("PATCH", "/api/projects/" + project, Map.of("name", "Mine")).status()).isEqualTo(403);
        set(bob, owner, "viewer", 403);
        set(ada, bob, "admin", 204);
        assertThat(bob.send("PATCH", "/api/projects/" + project, Map.of("name", "Ours")).status()).isEqualTo(200);
        set(bob, owner, "member", 204);
        assertThat(bob.send("DELETE", "/api/projects/" + project).status()).isEqualTo(403);
        assertThat(ada.send("DELETE", "/api/projects/" + project).status()).isEqualTo(204);
    }

    @Test
    void anAdminCannotRiseOrTouchThoseAtTheSameHeight() {
        set(ada, bob, "admin", 204);

        set(bob, bob, "owner", 403);
        set(bob, owner, "admin", 403);
        set(bob, ada, "viewer", 403);
        assertThat(bob.send("DELETE", "/api/projects/" + project + "/members/" + server.idOf(ada)).status()).isEqualTo(403);
    }

    @Test
    void aProjectKeepsAnOwner() {
        set(ada, ada, "viewer", 409);
        assertThat(ada.send("DELETE", "/api/projects/" + project + "/members/" + server.idOf(ada)).status()).isEqualTo(409);
        set(ada, bob, "owner", 204);
        assertThat(ada.send("DELETE", "/api/projects/" + project + "/members/" + server.idOf(ada)).status()).isEqualTo(204);
        assertThat(ada.send("GET", "/api/projects/" + project).status()).isEqualTo(404);
    }

    @Test
    void aRemovedMemberIsOutAtOnce() {
        set(ada, bob, "member", 204);
        assertThat(bob.send("GET", "/api/projects/" + project).status()).isEqualTo(200);

        ada.send("DELETE", "/api/projects/" + project + "/members/" + server.idOf(bob));

        assertThat(bob.send("GET", "/api/projects/" + project).status()).isEqualTo(404);
    }

    @Test
    void peopleSeeThoseWithWhomTheyShareAProject() {
        assertThat(names(bob)).containsExactly("bob");
        set(ada, bob, "viewer", 204);
        assertThat(names(bob)).containsExactly("ada", "bob");
        assertThat(names(owner)).containsExactly("ada", "bob", "owner");
    }

    @Test
    void onlyTheServersOwnerManagesAccounts() {
        String id = server.idOf(bob);

        assertThat(ada.send("POST", "/api/people", Map.of("name", "eve")).status()).isEqualTo(403);
        assertThat(ada.send("POST", "/api/people/" + id + "/link").status()).isEqualTo(403);
        assertThat(ada.send("DELETE", "/api/people/" + id).status()).isEqualTo(403);
        assertThat(ada.send("GET", "/api/audit").status()).isEqualTo(403);
        assertThat(owner.send("POST", "/api/people", Map.of("name", "bob")).status()).isEqualTo(409);
        assertThat(owner.send("POST", "/api/people", Map.of("name", "Bob")).status()).isEqualTo(400);
    }

    @Test
    void aRemovedPersonIsOutAtOnceButNeverTheLastOwner() {
        assertThat(owner.send("DELETE", "/api/people/" + server.idOf(owner)).status()).isEqualTo(409);
        assertThat(owner.send("DELETE", "/api/people/" + server.idOf(ada)).json().path("detail").asText()).contains("Ada's Lab");
        assertThat(owner.send("DELETE", "/api/people/" + server.idOf(bob)).status()).isEqualTo(204);
        assertThat(bob.send("GET", "/api/session").status()).isEqualTo(401);
    }

    @Test
    void peopleRenameThemselves() {
        assertThat(bob.send("PATCH", "/api/me", Map.of("displayName", "Bob Ö.")).json().path("displayName").asText()).isEqualTo("Bob Ö.");
        assertThat(bob.send("PATCH", "/api/me", Map.of("name", "ada")).status()).isEqualTo(409);
        assertThat(bob.send("PATCH", "/api/me", Map.of("serverOwner", true)).status()).isEqualTo(400);
        assertThat(bob.send("GET", "/api/session").json().at("/person/name").asText()).isEqualTo("bob");
    }

    private void set(TestServer.Client by, TestServer.Client whom, String role, int expected) {
        assertThat(by.send("PUT", "/api/projects/" + project + "/members/" + server.idOf(whom), Map.of("role", role)).status()).isEqualTo(expected);
    }

    private static java.util.List<String> names(TestServer.Client client) {
        JsonNode people = client.send("GET", "/api/people").json().path("people");
        return people.findValuesAsText("name");
    }
}
