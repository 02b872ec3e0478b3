package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignInTest {
    private static final String PASSWORD = "correct horse battery";

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
    void theFirstLinkSignsTheOwnerOfTheServerAndOfTheFirstProjectIn() {
        assertThat(server.firstLink()).startsWith("http://cloche.localhost:3000/sign-in#code=");
        TestServer.Client owner = server.byLink(server.firstLink());

        JsonNode session = owner.send("GET", "/api/session").json();
        assertThat(session.at("/person/serverOwner").asBoolean()).isTrue();
        assertThat(session.at("/hasPassword").asBoolean()).isFalse();
        JsonNode projects = owner.send("GET", "/api/projects").json();
        assertThat(projects.at("/projects/0/slug").asText()).isEqualTo("home");
        assertThat(projects.at("/projects/0/role").asText()).isEqualTo("owner");
    }

    @Test
    void theOperatorSeesTheFirstProjectBeforeAnybodySignedIn() {
        assertThat(server.operator().send("GET", "/api/projects").json().path("projects")).hasSize(1);
    }

    @Test
    void theOperatorsKeyIsWorthNothingFromAnotherMachine() {
        var request = Request.builder("GET", "/api/projects").host("cloche.localhost:3000").header("authorization", "Bearer " + TestServer.KEY).remoteAddress("192.0.2.1");

        assertThat(server.answer(request).status()).isEqualTo(401);
    }

    @Test
    void aLinkWorksOnce() throws Exception {
        String code = TestServer.code(server.firstLink());
        List<Callable<Integer>> tries = IntStream.range(0, 8).<Callable<Integer>>mapToObj(i -> () -> server.nobody().send("POST", "/api/session/link", Map.of("code", code)).status()).toList();
        List<Integer> statuses;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            statuses = threads.invokeAll(tries).stream().map(f -> f.resultNow()).collect(Collectors.toList());
        }

        assertThat(statuses).containsOnlyOnce(200);
        assertThat(statuses).filteredOn(s -> s != 200).containsOnly(401);
    }

    @Test
    void aLinkEndsAfterADayAndANewStartMakesAnother() {
        server.clock().pass(Duration.ofHours(24));

        assertThat(server.nobody().send("POST", "/api/session/link", Map.of("code", TestServer.code(server.firstLink()))).status()).isEqualTo(401);
        String second = server.identity().start().orElseThrow();
        server.byLink(second);
        assertThat(server.identity().start()).isEmpty();
    }

    @Test
    void theCookieIsForThisOriginOnlyAndNothingOfItIsKept() {
        TestServer.Answer answer = server.nobody().send("POST", "/api/session/link", Map.of("code", TestServer.code(server.firstLink())));

        assertThat(answer.response().header("set-cookie").orElseThrow()).startsWith("__Host-cloche=").contains("; Path=/;").contains("; Secure").contains("; HttpOnly").contains("; SameSite=Strict").doesNotContain("Domain");
        List<String> stored = server.database().database().read(handle -> handle.createQuery("SELECT encode(secret_hash, 'escape') || id FROM session").mapTo(String.class).list());
        assertThat(stored).hasSize(1).noneMatch(row -> row.contains(answer.cookie()));
    }

    @Test
    void aPasswordSignsInAndAWrongOneDoesNot() {
        TestServer.Client owner = server.byLink(server.firstLink());
        assertThat(owner.send("PUT", "/api/me/password", Map.of("password", PASSWORD)).status()).isEqualTo(204);

        assertThat(signIn("owner", PASSWORD).status()).isEqualTo(200);
        assertThat(signIn(" Owner ", PASSWORD).status()).isEqualTo(200);
        assertThat(signIn("owner", PASSWORD + "x").status()).isEqualTo(401);
        assertThat(signIn("nobody", PASSWORD).status()).isEqualTo(401);
        assertThat(signIn("owner", PASSWORD + "x").json()).isEqualTo(signIn("nobody", PASSWORD).json());
        List<String> stored = server.database().database().read(handle -> handle.createQuery("SELECT password_hash FROM person").mapTo(String.class).list());
        assertThat(stored.getFirst()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(PASSWORD);
    }

    @Test
    void tooManyTriesForANameAreHeldOffUntilTheWindowIsOver() {
        TestServer.Client owner = server.byLink(server.firstLink());
        owner.send("PUT", "/api/me/password", Map.of("password", PASSWORD));
        for (int i = 0; i < SignIn.TRIES_PER_NAME; i++) {
            assertThat(signIn("owner", "wrong").status()).isEqualTo(401);
        }

        TestServer.Answer refused = signIn("owner", PASSWORD);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.response().header("retry-after").orElseThrow())).isBetween(1, 301);
        server.clock().pass(SignIn.WINDOW);
        assertThat(signIn("owner", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void goodSignInsAreNotCounted() {
        server.byLink(server.firstLink()).send("PUT", "/api/me/password", Map.of("password", PASSWORD));
        for (int i = 0; i < SignIn.TRIES_PER_NAME + 2; i++) {
            assertThat(signIn("owner", PASSWORD).status()).isEqualTo(200);
        }
    }

    @Test
    void manyCodesFromOneAddressAreHeldOff() {
        int status = 0;
        for (int i = 0; i <= SignIn.TRIES_PER_ADDRESS; i++) {
            status = server.nobody().send("POST", "/api/session/link", Map.of("code", "guess" + i)).status();
        }

        assertThat(status).isEqualTo(429);
    }

    @Test
    void aSessionEndsThirtyDaysAfterItsLastUse() {
        TestServer.Client used = server.byLink(server.firstLink());
        TestServer.Client unused = server.byLink(server.identity().ownerLink());
        server.clock().pass(Duration.ofDays(20));
        assertThat(used.send("GET", "/api/session").status()).isEqualTo(200);
        server.clock().pass(Duration.ofDays(20));

        assertThat(used.send("GET", "/api/session").status()).isEqualTo(200);
        assertThat(unused.send("GET", "/api/session").status()).isEqualTo(401);
    }

    @Test
    void aSessionEndsAfterNinetyDaysHoweverOftenItIsUsed() {
        TestServer.Client client = server.byLink(server.firstLink());
        for (int i = 0; i < 5; i++) {
            server.clock().pass(Duration.ofDays(17));
            assertThat(client.send("GET", "/api/session").status()).isEqualTo(200);
        }
        server.clock().pass(Duration.ofDays(6));

        assertThat(client.send("GET", "/api/session").status()).isEqualTo(401);
    }

    @Test
    void signingOutEndsTheSessionAtOnce() {
        TestServer.Client client = server.byLink(server.firstLink());

        assertThat(client.send("DELETE", "/api/session").response().header("set-cookie").orElseThrow()).contains("Max-Age=0");
        assertThat(client.send("GET", "/api/session").status()).isEqualTo(401);
    }

    @Test
    void aNewPasswordEndsTheOtherSessionsAndTheLinks() {
        TestServer.Client one = server.byLink(server.firstLink());
        TestServer.Client other = server.byLink(server.identity().ownerLink());
        String link = server.identity().ownerLink();

        one.send("PUT", "/api/me/password", Map.of("password", PASSWORD));

        assertThat(one.send("GET", "/api/session").json().path("hasPassword").asBoolean()).isTrue();
        assertThat(other.send("GET", "/api/session").status()).isEqualTo(401);
        assertThat(server.nobody().send("POST", "/api/session/link", Map.of("code", TestServer.code(link))).status()).isEqualTo(401);
    }

    @Test
    void changingAPasswordNeedsTheOldOneUnlessTheSessionCameByALink() {
        TestServer.Client byLink = server.byLink(server.firstLink());
        byLink.send("PUT", "/api/me/password", Map.of("password", PASSWORD));
        TestServer.Client byPassword = server.browser(signIn("owner", PASSWORD).cookie());

        assertThat(byPassword.send("PUT", "/api/me/password", Map.of("password", "another password")).json().at("/errors/0/rule").asText()).isEqualTo("required");
        assertThat(byPassword.send("PUT", "/api/me/password", Map.of("password", "another password", "current", "wrong")).json().at("/errors/0/rule").asText()).isEqualTo("wrong");
        assertThat(byPassword.send("PUT", "/api/me/password", Map.of("password", "short", "current", PASSWORD)).json().at("/errors/0/rule").asText()).isEqualTo("minLength");
        assertThat(byPassword.send("PUT", "/api/me/password", Map.of("password", "another password", "current", PASSWORD)).status()).isEqualTo(204);
    }

    @Test
    void everyTryIsInTheAuditLogAndWhatWasTypedCannotForgeALine() {
        server.byLink(server.firstLink());
        signIn("own\ner\u202e", "x");

        JsonNode events = server.operator().send("GET", "/api/audit").json().path("events");
        assertThat(events.path(0).path("outcome").asText()).isEqualTo("refused");
        assertThat(events.path(0).path("actor").asText()).isEqualTo("own?er?");
        assertThat(events.path(0).path("address").asText()).isEqualTo("127.0.0.1");
        assertThat(events.path(1).path("via").asText()).isEqualTo("link");
        assertThat(server.operator().send("GET", "/api/audit?limit=1").json().path("events")).hasSize(1);
        assertThat(server.operator().send("GET", "/api/audit?before=" + events.path(0).path("id").asLong()).json().path("events")).hasSize(1);
    }

    private TestServer.Answer signIn(String name, String password) {
        return server.nobody().send("POST", "/api/session", Map.of("name", name, "password", password));
    }
}
