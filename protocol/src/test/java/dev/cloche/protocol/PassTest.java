package dev.cloche.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Contract;
import dev.cloche.http.SocketClient;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.TestServer;
import dev.cloche.kernel.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The token with which the screens speak the protocol for somebody who is signed in. */
class PassTest {
    private static ProtocolServer server;

    @BeforeAll
    static void start() {
        server = new ProtocolServer(OidcSettings.none(), Contract.load());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void itHasTheIdentityAndTheRolesOfThePerson() {
        String pass = pass(server.owner);

        assertThat(bearer("PUT", "/v1/database/people", "module", pass).status()).isEqualTo(200);
        assertThat(server.databases.updates.getLast().sender()).isEqualTo(Protocol.identity(new PersonId(server.people.idOf(server.owner))));
        assertThat(server.owner.send("GET", "/api/audit").json().at("/events/0/action").asText()).isEqualTo("database.publish");
        assertThat(bearer("PUT", "/v1/database/people", "module", pass(server.people.person("stranger"))).status()).isEqualTo(403);
    }

    @Test
    void onlyASessionOfOurOwnPagesGetsOne() {
        assertThat(asked("Authorization: Bearer " + server.ownerToken()).status()).isEqualTo(403);
        assertThat(asked("X-Nothing: 1").status()).isEqualTo(401);
        assertThat(asked("Cookie: __Host-cloche=" + server.owner.session(), "Origin: http://game.app.cloche.localhost:" + server.port(), "Sec-Fetch-Site: same-site").status())
                .isEqualTo(403);
    }

    @Test
    void whatIsMadeOfItForAnAddressHasNoRole() {
        String token = Json.tree(bearer("POST", "/v1/identity/websocket-token", "", pass(server.owner)).body()).path("token").asText();

        assertThat(bearer("PUT", "/v1/database/people", "module", token).status()).isEqualTo(403);
        assertThat(server.send("PUT", "/v1/database/people?token=" + pass(server.owner), "module", "Content-Type: application/wasm").status()).isEqualTo(403);
    }

    private static String pass(TestServer.Client person) {
        SocketClient.Answer answer = asked("Cookie: __Host-cloche=" + person.session(), "Origin: http://cloche.localhost:" + server.port(), "Sec-Fetch-Site: same-origin");
        assertThat(answer.status()).isEqualTo(200);
        return Json.tree(answer.body()).path("token").asText();
    }

    private static SocketClient.Answer asked(String... headers) {
        return SocketClient.once(server.port(), "POST /api/databases/pass HTTP/1.1\r\nHost: cloche.localhost:" + server.port()
                + "\r\nConnection: close\r\nContent-Length: 0\r\n" + String.join("\r\n", headers) + "\r\n\r\n");
    }

    private static SocketClient.Answer bearer(String method, String target, String body, String token) {
        return server.send(method, target, body, "Authorization: Bearer " + token, "Content-Type: application/wasm");
    }
}
