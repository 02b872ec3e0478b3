package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokensTest {
    private TestServer server;
    private TestServer.Client owner;

    @BeforeEach
    void start() {
        server = new TestServer();
        owner = server.byLink(server.firstLink());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aTokenActsForItsPersonAndItsSecretIsShownOnce() {
        JsonNode made = owner.send("POST", "/api/tokens", Map.of("name", "laptop")).json();

        assertThat(made.path("secret").asText()).matches("cloche_[0-9a-z]{32}");
        assertThat(server.program(made.path("secret").asText()).send("GET", "/api/session").json().at("/person/name").asText()).isEqualTo("owner");
        JsonNode listed = owner.send("GET", "/api/tokens").json().at("/tokens/0");
        assertThat(listed.path("name").asText()).isEqualTo("laptop");
        assertThat(listed.has("usedAt")).isTrue();
        assertThat(listed.has("secret")).isFalse();
        assertThat(listed.path("scopes")).hasSize(Scope.values().length);
    }

    @Test
    void aRevokedTokenIsWorthNothingAtOnce() {
        JsonNode made = owner.send("POST", "/api/tokens", Map.of("name", "laptop")).json();
        TestServer.Client program = server.program(made.path("secret").asText());
        assertThat(program.send("GET", "/api/projects").status()).isEqualTo(200);

        owner.send("DELETE", "/api/tokens/" + made.at("/token/id").asText());

        assertThat(program.send("GET", "/api/projects").status()).isEqualTo(401);
    }

    @Test
    void aTokenEndsWhenItsDaysAreOver() {
        String secret = owner.send("POST", "/api/tokens", Map.of("name", "week", "days", 7)).json().path("secret").asText();
        server.clock().pass(Duration.ofDays(7).minusSeconds(1));
        assertThat(server.program(secret).send("GET", "/api/projects").status()).isEqualTo(200);
        server.clock().pass(Duration.ofSeconds(1));

        assertThat(server.program(secret).send("GET", "/api/projects").status()).isEqualTo(401);
    }

    @Test
    void aTokenDoesOnlyWhatItsScopesSay() {
        TestServer.Client reader = token(List.of("read"));

        assertThat(reader.send("GET", "/api/projects").status()).isEqualTo(200);
        TestServer.Answer refused = reader.send("POST", "/api/projects", Map.of("name", "New"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("detail").asText()).contains("scope 'admin'");
        assertThat(reader.send("POST", "/api/tokens", Map.of("name", "more")).status()).isEqualTo(403);
        assertThat(reader.send("GET", "/api/audit").status()).isEqualTo(403);
        assertThat(token(List.of("write", "publish")).send("GET", "/api/projects").status()).isEqualTo(403);
    }

    @Test
    void aTokenCannotMakeAStrongerOne() {
        TestServer.Client admin = token(List.of("admin", "read"));

        assertThat(admin.send("POST", "/api/tokens", Map.of("name", "more", "scopes", List.of("write"))).status()).isEqualTo(403);
        assertThat(admin.send("POST", "/api/tokens", Map.of("name", "same")).json().at("/token/scopes")).hasSize(2);
    }

    @Test
    void aTokenOfAnotherPersonIsNotThere() {
        String id = owner.send("POST", "/api/tokens", Map.of("name", "laptop")).json().at("/token/id").asText();

        assertThat(server.person("ada").send("DELETE", "/api/tokens/" + id).status()).isEqualTo(404);
    }

    @Test
    void badRequestsChangeNothingAndNameTheRule() {
        assertThat(owner.send("POST", "/api/tokens", Map.of("name", "x", "scopes", List.of("root"))).json().at("/errors/0/field").asText()).isEqualTo("scopes[0]");
        assertThat(owner.send("POST", "/api/tokens", Map.of("name", "x", "scopes", List.of())).json().at("/errors/0/rule").asText()).isEqualTo("minItems");
        assertThat(owner.send("POST", "/api/tokens", Map.of("name", "x", "scope", "read")).json().at("/errors/0/rule").asText()).isEqualTo("unknown");
        assertThat(owner.send("POST", "/api/tokens", Map.of("name", "x", "days", 0)).json().at("/errors/0/rule").asText()).isEqualTo("minimum");
        assertThat(owner.send("GET", "/api/tokens").json().path("tokens")).isEmpty();
    }

    private TestServer.Client token(List<String> scopes) {
        return server.program(owner.send("POST", "/api/tokens", Map.of("name", "t", "scopes", scopes)).json().path("secret").asText());
    }
}
