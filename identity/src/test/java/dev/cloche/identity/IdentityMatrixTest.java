package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.ContractMatrix;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.RunningServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each operation of identity against each kind of caller. */
class IdentityMatrixTest {
    private final ContractMatrix matrix = new ContractMatrix();
    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void routesAndContractAgree() {
        assertThat(matrix.differences(server.identity().routes(), operation -> operation.tag().equals("identity"))).isEmpty();
    }

    @Test
    void userContentAndNobodyGetNothingFromAnyOperation() {
        TestServer.Answer signIn = server.nobody().send("POST", "/api/session/link", Map.of("code", TestServer.code(server.firstLink())));
        String token = server.browser(signIn.cookie()).send("POST", "/api/tokens", Map.of("name", "t")).json().path("secret").asText();
        try (RunningServer running = RunningServer.of(HttpConfig.on("127.0.0.1", 0), origins -> new FrontDoor.Parts(
                server.identity().routes(), List.of(), Assets.none(), server.identity().authenticator(), Contract.load()))) {
            assertThat(running.send("GET", "/api/projects", "Cookie: __Host-cloche=" + signIn.cookie(), "Sec-Fetch-Site: same-origin").status()).isEqualTo(200);
            assertThat(running.send("GET", "/api/projects", "Authorization: Bearer " + token).status()).isEqualTo(200);

            assertThat(matrix.leaks(running.port(), operation -> operation.tag().equals("identity"), signIn.cookie(), token)).isEmpty();
        }
    }

    @Test
    void aTokenWithoutScopeAndAPersonOutsideGetNothingFromAnyOperation() {
        TestServer.Client owner = server.byLink(server.firstLink());
        String project = owner.send("GET", "/api/projects").json().at("/projects/0/id").asText();
        String ownerId = server.idOf(owner);
        TestServer.Client publisher = server.program(owner.send("POST", "/api/tokens", Map.of("name", "p", "scopes", List.of("publish"))).json().path("secret").asText());
        TestServer.Client outsider = server.person("eve");
        TestServer.Client viewer = server.person("vic");
        owner.send("PUT", "/api/projects/" + project + "/members/" + server.idOf(viewer), Map.of("role", "viewer"));

        for (Contract.Operation operation : Contract.load().operations()) {
            if (!operation.tag().equals("identity") || operation.open()) {
                continue;
            }
            String path = operation.path().replace("/members/{person}", "/members/" + ownerId)
                    .replace("{id}", operation.path().contains("people") ? ownerId : project);
            assertThat(send(publisher, operation, path)).as(operation.id()).isEqualTo(403);
            if (path.contains(project)) {
                assertThat(send(outsider, operation, path)).as(operation.id()).isEqualTo(404);
                assertThat(send(viewer, operation, path)).as(operation.id()).isEqualTo(operation.method().equals("GET") ? 200 : operation.id().equals("revokeToken") ? 404 : 403);
            }
            if (path.contains("people/") || path.equals("/api/audit")) {
                assertThat(send(outsider, operation, path)).as(operation.id()).isEqualTo(403);
            }
        }
        assertThat(owner.send("GET", "/api/projects/" + project).json().path("members")).hasSize(2);
    }

    private static int send(TestServer.Client client, Contract.Operation operation, String path) {
        return switch (operation.id()) {
            case "changeMe", "changeProject" -> client.send(operation.method(), path, Map.of("name", "other")).status();
            case "setPassword" -> client.send(operation.method(), path, Map.of("password", "long enough for this")).status();
            case "createToken", "createPerson", "createProject" -> client.send(operation.method(), path, Map.of("name", "other")).status();
            case "setMember" -> client.send(operation.method(), path, Map.of("role", "member")).status();
            default -> client.send(operation.method(), path).status();
        };
    }
}
