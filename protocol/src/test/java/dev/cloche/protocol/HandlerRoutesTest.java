package dev.cloche.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Contract;
import dev.cloche.http.SocketClient;
import dev.cloche.modules.HttpHeader;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The module's own HTTP over a socket: what passes in and out, and what a browser may do with it. */
class HandlerRoutesTest {
    private static final String ROUTE = "/v1/database/people/route";
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
    void aRequestPassesWithoutWhatProvesWhoSomebodyIs() {
        SocketClient.Answer answer = server.send("POST", ROUTE + "/say?a=1&b=%20|&a=2", "hello",
                "Authorization: Bearer " + server.ownerToken(), "Cookie: __Host-cloche=secret", "Proxy-Authorization: Basic x", "Content-Type: application/json",
                "X-Hub-Signature-256: sha256=00", "X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "TE: trailers", "X-Once: this connection only", "Connection: x-once");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("x-said")).contains("yes");
        assertThat(answer.text()).startsWith("POST /say?a=1&b=%20%7c&a=2 [content-type=application/json, host=localhost:").contains("x-hub-signature-256=sha256=00]").endsWith(" hello");
    }

    @Test
    void nobodyIsAskedWhoTheyAreSoAForeignTokenIsNoMistake() {
        assertThat(server.send("GET", ROUTE + "/say", "", "Authorization: Bearer nonsense").status()).isEqualTo(201);
    }

    @Test
    void allMethodsReachTheModule() {
        for (String method : new String[] {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
            assertThat(server.send(method, ROUTE + "/say", "").text()).startsWith(method + " /say");
        }
        SocketClient.Answer head = server.send("HEAD", ROUTE + "/say", "");
        assertThat(head.status()).isEqualTo(201);
        assertThat(head.text()).isEmpty();
    }

    @Test
    void anAnswerCannotTouchThePlatformsOrigin() {
        SocketClient.Answer answer = server.send("GET", ROUTE + "/bad", "", "Origin: http://game.example");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("<script>");
        assertThat(answer.header("content-type")).contains("text/html");
        assertThat(answer.header("content-disposition")).contains("attachment; filename=a.html");
        assertThat(answer.header("x-content-type-options")).contains("nosniff");
        assertThat(answer.header("content-security-policy").orElseThrow()).contains("default-src 'none'").contains("sandbox").doesNotContain("*");
        assertThat(answer.header("access-control-allow-origin")).contains("*");
        for (String name : new String[] {"set-cookie", "clear-site-data", "refresh", "service-worker-allowed", "access-control-allow-credentials",
            "strict-transport-security", "www-authenticate", "transfer-encoding", "x-cloche-own-page"}) {
            assertThat(answer.header(name)).as(name).isEmpty();
        }
    }

    @Test
    void anAnswerIsTameWhereverItStands() {
        assertThat(HandlerHeaders.answered(List.of(new HttpHeader("Content-Security-Policy", "script-src *")), true)).containsOnlyKeys(
                "content-security-policy", "content-type", "content-disposition").hasEntrySatisfying("content-security-policy",
                policy -> assertThat(policy).singleElement().asString().contains("default-src 'none'").endsWith("sandbox"));
    }

    @Test
    void aPageOfThePlatformDoesNotRunAnAnswer() {
        for (String use : new String[] {"script", "style", "worker", "serviceworker", "iframe", "manifest"}) {
            assertThat(server.send("GET", ROUTE + "/say", "", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: " + use).status()).as(use).isEqualTo(403);
        }
        assertThat(server.send("GET", ROUTE + "/say", "", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: empty").status()).isEqualTo(201);
    }

    @Test
    void whatIsNotThereAndWhatBreaksHasItsStatus() {
        assertThat(server.send("GET", ROUTE, "").status()).isEqualTo(404);
        assertThat(server.send("GET", ROUTE + "/", "").text()).isEqualTo("The module has no route for this path.");
        assertThat(server.send("GET", ROUTE + "/say/", "").status()).isEqualTo(404);
        SocketClient.Answer other = server.send("GET", ROUTE + "/post-only", "");
        assertThat(other.status()).isEqualTo(405);
        assertThat(other.header("allow")).contains("PATCH, POST");
        assertThat(server.send("GET", ROUTE + "/broken", "").status()).isEqualTo(500);
        assertThat(server.send("GET", ROUTE + "/busy", "").status()).isEqualTo(503);
        assertThat(server.send("GET", "/v1/database/nobody/route/say", "").status()).isEqualTo(404);
    }
}
