package dev.cloche.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Contract;
import dev.cloche.http.ContractMatrix;
import dev.cloche.http.SocketClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The composed server from outside, against all of {@code openapi.yaml}. */
class WholeServerTest {
    @TempDir
    static Path folder;

    private static ServerProcess server;
    private static String cookie;
    private static String token;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.start(folder);
        SocketClient.Answer signIn = SocketClient.json(server.port(), "POST", "/api/session/link", host(), "{\"code\":\"" + server.signInCode() + "\"}");
        cookie = signIn.header("set-cookie").orElseThrow().split("[=;]")[1];
        SocketClient.Answer made = SocketClient.json(server.port(), "POST", "/api/tokens", host(), "{\"name\":\"test\"}", "Authorization: Bearer " + server.operatorKey());
        token = made.json().path("secret").asText();
    }

    @AfterAll
    static void stop() throws InterruptedException {
        server.close();
    }

    @Test
    void cookieAndTokenWorkWhereTheyMay() {
        assertThat(SocketClient.once(server.port(), "GET", "/api/projects", host(), "Cookie: __Host-cloche=" + cookie, "Sec-Fetch-Site: same-origin").status()).isEqualTo(200);
        assertThat(SocketClient.once(server.port(), "GET", "/api/projects", "localhost:" + server.port(), "Authorization: Bearer " + token).status()).isEqualTo(200);
    }

    @Test
    void userContentAndNobodyGetNothingFromAnyOperation() {
        assertThat(new ContractMatrix().leaks(server.port(), WholeServerTest::isOurs, cookie, token)).isEmpty();
    }

    @Test
    void pagesOfUserContentReachDatabasesAtTheirOwnOriginButPublishNone() {
        for (String content : List.of("any.app.cloche.localhost:", "ws-0123456789abcdef.host.cloche.localhost:")) {
            String host = content + server.port();
            SocketClient.Answer identity = SocketClient.once(server.port(), "POST", "/v1/identity", host);
            assertThat(identity.status()).isEqualTo(200);
            String bearer = "Authorization: Bearer " + identity.json().path("token").asText();
            assertThat(SocketClient.once(server.port(), "POST", "/v1/identity/websocket-token", host, bearer).status()).isEqualTo(200);
            assertThat(SocketClient.once(server.port(), "GET", "/v1/database/nothing/schema?version=9", host).status()).isEqualTo(404);

            SocketClient.Answer publish = SocketClient.once(server.port(), "PUT", "/v1/database/stolen", host, "Authorization: Bearer " + token);
            assertThat(publish.status()).isIn(404, 405);
            assertThat(SocketClient.once(server.port(), "DELETE", "/v1/database/stolen", host, "Authorization: Bearer " + token).status()).isIn(404, 405);
        }
    }

    @Test
    void everyOperationOfTheContractHasARoute() {
        List<String> missing = new ArrayList<>();
        for (Contract.Operation operation : Contract.load().operations().stream().filter(WholeServerTest::isOurs).toList()) {
            String target = operation.path().replaceAll("\\{[^}]*}", "0123456789abcdef");
            // nobody: routes of actors answer 401 before anything happens, what is not there answers 404 or 405
            int status = SocketClient.once(server.port(), operation.method(), target, host()).status();
            boolean thereForNobody = operation.open() ? status != 404 && status != 405 : status == 401;
            if (!thereForNobody) {
                missing.add(operation.method() + " " + operation.path() + " answers " + status);
            }
        }

        assertThat(missing).isEmpty();
    }

    @Test
    void theContractIsServedAsWritten() {
        assertThat(SocketClient.once(server.port(), "GET", "/openapi.yaml", host()).text()).startsWith("openapi: 3.1");
    }

    /** Not so the client protocol, which is open to pages of any origin and has a matrix of its own. */
    private static boolean isOurs(Contract.Operation operation) {
        return !operation.tag().equals("protocol");
    }

    private static String host() {
        return "cloche.localhost:" + server.port();
    }
}
