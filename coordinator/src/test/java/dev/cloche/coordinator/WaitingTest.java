package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.identity.TestServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Requests that wait for a task or a result while what they may do changes; each waits longer than the test may take. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(50)
class WaitingTest {
    private static final String NEXT = "/task/next?worker=texts&wait=60";

    private CoordinatorServer server;

    @BeforeAll
    void start() {
        server = new CoordinatorServer();
        server.publish("texts", FakeWorkers.module(1));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private record Made(String id, String secret) {}

    private Made token(TestServer.Client client, Map<String, ?> wish) {
        JsonNode made = client.send("POST", "/api/tokens", wish).json();
        return new Made(made.at("/token/id").asText(), made.path("secret").asText());
    }

    private static Map<String, Object> wish(String scope) {
        return Map.of("name", "waits", "scopes", List.of(scope));
    }

    /** A request that was let in and has not been answered. */
    private CompletableFuture<CoordinatorServer.Answer> waiting(TestServer.Client client, Made token, String target) {
        CompletableFuture<CoordinatorServer.Answer> answer = async(() -> server.sendAs(token.secret(), "GET", target, "", new byte[0]));
        while (!isUsed(client, token)) {
            Thread.onSpinWait();
        }
        return answer;
    }

    private static boolean isUsed(TestServer.Client client, Made token) {
        for (JsonNode one : client.send("GET", "/api/tokens").json().path("tokens")) {
            if (one.path("id").asText().equals(token.id())) {
                return one.hasNonNull("usedAt");
            }
        }
        return false;
    }

    private static <T> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
    }

    private void assertThatNobodyHas(String task) {
        JsonNode next = server.send("GET", "/task/next?worker=texts&wait=5").json();
        assertThat(next.path("id").asText()).isEqualTo(task);
        assertThat(next.path("attempt").asInt()).isEqualTo(1);
        server.send("DELETE", "/task/" + task);
    }

    private String pulled() {
        return server.task(Map.of("worker", "texts", "function", "echo", "where", "pull"));
    }

    @Test
    void aTokenThatIsRevokedEndsTheWaitForATask() throws Exception {
        Made token = token(server.owner, wish("work"));
        CompletableFuture<CoordinatorServer.Answer> waiting = waiting(server.owner, token, NEXT);

        server.owner.send("DELETE", "/api/tokens/" + token.id());

        assertThat(waiting.get().status()).isEqualTo(401);
        assertThatNobodyHas(pulled());
    }

    @Test
    void aTokenThatExpiresGetsNoTaskAnyMore() throws Exception {
        Made token = token(server.owner, Map.of("name", "waits", "scopes", List.of("work"), "days", 1));
        CompletableFuture<CoordinatorServer.Answer> waiting = waiting(server.owner, token, NEXT);

        server.people.clock().pass(Duration.ofDays(2));
        String task = pulled();

        assertThat(waiting.get().status()).isEqualTo(401);
        assertThatNobodyHas(task);
    }

    @Test
    void aSessionThatEndsEndsTheWaitForATask() throws Exception {
        TestServer.Client member = member("with-session");
        String host = server.running().controlHost();
        CompletableFuture<CoordinatorServer.Answer> waiting = async(() -> server.sendAs("", "GET", NEXT, "", new byte[0],
                "Cookie: __Host-cloche=" + member.session(), "Origin: http://" + host, "Sec-Fetch-Site: same-origin"));

        member.send("DELETE", "/api/session");

        assertThat(waiting.get().status()).isEqualTo(401);
        assertThatNobodyHas(pulled());
    }

    private TestServer.Client member(String name) {
        TestServer.Client member = server.people.person(name);
        server.owner.send("PUT", membership(member), Map.of("role", "member"));
        return member;
    }

    private String membership(TestServer.Client member) {
        String project = server.owner.send("GET", "/api/projects").json().at("/projects/0/id").asText();
        return "/api/projects/" + project + "/members/" + server.people.idOf(member);
    }

    @Test
    void aMemberWhoIsNoMoreThanAViewerGetsNoTaskAnyMore() throws Exception {
        TestServer.Client member = member("viewer");
        CompletableFuture<CoordinatorServer.Answer> named = waiting(member, token(member, wish("work")), NEXT);
        CompletableFuture<CoordinatorServer.Answer> any = waiting(member, token(member, wish("work")), "/task/next?wait=60");

        server.owner.send("PUT", membership(member), Map.of("role", "viewer"));

        assertThat(named.get().status()).isEqualTo(403);
        assertThat(any.get().status()).isEqualTo(403);
        assertThatNobodyHas(pulled());
    }

    @Test
    void aTokenThatIsRevokedGetsNoResult() throws Exception {
        String task = pulled();
        Made token = token(server.owner, wish("read"));
        CompletableFuture<CoordinatorServer.Answer> waiting = waiting(server.owner, token, "/result/" + task + "?wait=60");

        server.owner.send("DELETE", "/api/tokens/" + token.id());
        server.send("DELETE", "/task/" + task);

        assertThat(waiting.get().status()).isEqualTo(401);
    }
}
