package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.FrameClient;
import dev.cloche.http.SocketClient;
import dev.cloche.identity.TestServer;
import dev.cloche.kernel.Digest;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.LinkMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes and tabs, by frames over a socket. */
@Timeout(60)
class LinkTest {
    private final CoordinatorServer server = new CoordinatorServer();
    private final String digest = server.publish("texts", FakeWorkers.module(1)).at("/worker/digest").asText();

    @AfterEach
    void close() {
        server.close();
    }

    private LinkedNode node() {
        return LinkedNode.node(server);
    }

    private LinkedNode tab() {
        return LinkedNode.tab(server);
    }

    private static <T> CompletableFuture<T> async(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> Thread.ofVirtual().start(task));
    }

    private CompletableFuture<CoordinatorServer.Answer> call(String where, String input) {
        return async(() -> server.send("POST", "/api/workers/texts/call/echo?where=" + where, "text/plain", input.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aNodeGetsTheWorkerThatItLacksAndAnswersCalls() throws Exception {
        try (LinkedNode node = node().hello("node", 2)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call("node", "in");
            LinkMessage message = node.hear();
            LinkMessage.Call call = (LinkMessage.Call) message.head();
            assertThat(call.worker()).isEqualTo("texts");
            assertThat(call.function()).isEqualTo("echo");
            assertThat(call.digest()).isEqualTo(digest);
            assertThat(message.bytes()).isEqualTo("in".getBytes(StandardCharsets.UTF_8));

            LinkMessage file = node.say(new LinkMessage.Need(digest), "").hear();
            assertThat(((LinkMessage.WorkerFile) file.head()).name()).isEqualTo("texts");
            assertThat(file.bytes()).isEqualTo(FakeWorkers.module(1));
            node.say(new LinkMessage.Answer(call.call(), 1.5), "out");

            assertThat(answer.get().text()).isEqualTo("out");
            assertThat(answer.get().header("cloche-ran-on")).isEqualTo(node.id);
            assertThat(answer.get().header("cloche-ran-ms")).isEqualTo("1.500");
            node.say(new LinkMessage.Beat(1, 0.25), "");
            JsonNode shown = server.send("GET", "/api/nodes").json().at("/nodes/1");
            assertThat(shown.path("ran").asInt()).isEqualTo(1);
            assertThat(shown.path("person").asText()).isEqualTo("owner");
        }
    }

    @Test
    void aCallIsTakenBackWhenItsCallerGoesAway() {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            LinkMessage.Call call;
            try (SocketClient caller = SocketClient.connect(server.port())) {
                caller.send("POST /api/workers/texts/call/echo?where=node HTTP/1.1\r\nHost: " + server.running().controlHost() + "\r\nAuthorization: Bearer " + server.token
                        + "\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nin");
                call = node.call();
            }

            assertThat(node.hear().head()).isEqualTo(new LinkMessage.Cancel(call.call()));
            assertThat(server.send("GET", "/api/nodes").json().at("/nodes/1/failed").asInt()).as("nothing failed").isZero();
        }
    }

    @Test
    void aFailureOfANodeReachesTheCaller() throws Exception {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call("node", "in");
            node.say(new LinkMessage.Failed(node.call().call(), "bad_input", Optional.of("B"), Optional.of("shape"), "too short"), "");

            assertThat(answer.get().status()).isEqualTo(422);
            assertThat(answer.get().json().at("/errors/0/field").asText()).isEqualTo("B");
        }
    }

    @Test
    void callsWaitAtTheOnlyNodeThatTakesThemHoweverManyThereAre() throws Exception {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            List<CompletableFuture<CoordinatorServer.Answer>> answers = IntStream.range(0, 10).mapToObj(k -> call(node.id, "in")).toList();

            for (int k = 0; k < 10; k++) {
                node.say(new LinkMessage.Answer(node.call().call(), 1), "out");
            }

            for (CompletableFuture<CoordinatorServer.Answer> answer : answers) {
                assertThat(answer.get().text()).isEqualTo("out");
            }
        }
    }

    @Test
    void aCallOfANodeThatDiesIsMadeElsewhere() throws Exception {
        try (LinkedNode first = node().hello("node", 1, digest); LinkedNode second = node().hello("node", 1, digest)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call("node", "in");
            // whoever got it goes without an answer
            CompletableFuture<Boolean> firstGot = async(() -> {
                first.call();
                return true;
            });
            CompletableFuture<LinkMessage.Call> secondGot = async(second::call);
            CompletableFuture.anyOf(firstGot, secondGot).get();
            boolean firstHasIt = firstGot.isDone();
            LinkedNode dead = firstHasIt ? first : second;
            dead.close();
            LinkMessage.Call again = firstHasIt ? secondGot.get() : null;
            if (again == null) {
                firstGot.get();
                first.say(new LinkMessage.Answer(1, 1), "out");
            } else {
                second.say(new LinkMessage.Answer(again.call(), 1), "out");
            }

            assertThat(answer.get().text()).isEqualTo("out");
        }
    }

    @Test
    void aTaskOfANodeThatDiesIsDoneByTheNextOne() {
        String id;
        try (LinkedNode node = node().hello("node", 1, digest)) {
            id = server.task(Map.of("worker", "texts", "function", "echo", "content", "in", "where", "node"));
            node.call();
        }
        try (LinkedNode node = node().hello("node", 1, digest)) {
            node.say(new LinkMessage.Answer(node.call().call(), 1), "out");

            assertThat(server.send("GET", "/result/" + id + "?wait=30").text()).isEqualTo("out");
            assertThat(server.send("GET", "/task/" + id).json().at("/task/losses").asInt()).isEqualTo(1);
        }
    }

    @Test
    void aNodeThatDrainsGetsNothingMoreUntilItSaysHelloAgain() throws Exception {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            node.say(new LinkMessage.Drain(), "");
            while (!server.send("GET", "/api/nodes").json().at("/nodes/1/draining").asBoolean()) {
                Thread.onSpinWait();
            }
            assertThat(call("node", "in").get().status()).isEqualTo(503);

            node.hello("node", 1, digest);
            CompletableFuture<CoordinatorServer.Answer> answer = call("node", "in");
            node.say(new LinkMessage.Answer(node.call().call(), 1), "out");
            assertThat(answer.get().text()).isEqualTo("out");
        }
    }

    @Test
    void aCancelledTaskIsTakenBackFromItsNode() {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            String id = server.task(Map.of("worker", "texts", "function", "echo", "where", "node"));
            long number = node.call().call();
            server.send("DELETE", "/task/" + id);

            assertThat(node.hear().head()).isEqualTo(new LinkMessage.Cancel(number));
        }
    }

    @Test
    void aTabGetsWorkersThatNeedNothingButNoOthers() throws Exception {
        server.publish("hosts", FakeWorkers.bundle(FakeWorkers.manifest(Map.of("allowed_hosts", List.of("api.example.org")))));
        try (LinkedNode tab = tab().hello("tab", 1)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call("tab", "in");
            tab.say(new LinkMessage.Answer(tab.call().call(), 1), "out");
            assertThat(answer.get().text()).isEqualTo("out");

            assertThat(server.send("POST", "/api/workers/hosts/call/echo?where=tab").status()).isEqualTo(503);
            assertThat(server.send("POST", "/api/workers/hosts/call/echo").header("cloche-ran-on")).isEqualTo("local");
        }
    }

    private void settings(String worker, Map<String, Object> settings) {
        assertThat(server.json("PUT", "/api/workers/" + worker + "/settings", settings).status()).isEqualTo(200);
    }

    private CompletableFuture<CoordinatorServer.Answer> answered(LinkedNode node, CompletableFuture<CoordinatorServer.Answer> answer, LentSettings before) {
        LinkMessage message = node.hear();
        if (!before.equals(LentSettings.NONE)) {
            assertThat(message.head()).isInstanceOf(LinkMessage.Settings.class);
            assertThat(LentSettings.read(message.bytes())).isEqualTo(before);
            message = node.hear();
        }
        node.say(new LinkMessage.Answer(((LinkMessage.Call) message.head()).call(), 1), "out");
        return answer;
    }

    @Test
    void aTabIsToldTheConfigurationOfAWorkerBeforeItsFirstCallAndWhenItChanges() throws Exception {
        settings("texts", Map.of("config", Map.of("vowels", Map.of("value", "aeiou")), "memoryPages", 16));
        try (LinkedNode tab = tab().hello("tab", 1, digest)) {
            LentSettings first = new LentSettings(Map.of("vowels", "aeiou"), List.of(), Optional.of(16));
            assertThat(answered(tab, call("tab", "in"), first).get().text()).isEqualTo("out");
            assertThat(answered(tab, call("tab", "in"), LentSettings.NONE).get().text()).isEqualTo("out");

            settings("texts", Map.of("config", Map.of("vowels", Map.of("value", "y"))));
            assertThat(answered(tab, call("tab", "in"), new LentSettings(Map.of("vowels", "y"), List.of(), Optional.empty())).get().text()).isEqualTo("out");
            settings("texts", Map.of());
            CompletableFuture<CoordinatorServer.Answer> last = call("tab", "in");
            assertThat(LentSettings.read(tab.hear().bytes())).isEqualTo(LentSettings.NONE);
            assertThat(answered(tab, last, LentSettings.NONE).get().text()).isEqualTo("out");
        }
    }

    @Test
    void aWorkerWithASecretIsGivenToNobodyButToNodesThatHaveIt() throws Exception {
        settings("texts", Map.of("config", Map.of("key", Map.of("value", "geheim", "secret", true))));
        try (LinkedNode tab = tab().hello("tab", 1, digest); LinkedNode node = node().hello("node", 1)) {
            assertThat(call("tab", "in").get().text()).contains("has a secret");
            assertThat(call("node", "in").get().status()).isEqualTo(503);
            node.say(new LinkMessage.Need(digest), "");
            assertThat(server.send("GET", "/api/workers/texts").json().at("/worker/tabs").asBoolean()).isFalse();

            try (LinkedNode own = node().hello("node", 1, digest)) {
                assertThat(answered(own, call("node", "in"), LentSettings.NONE).get().text()).isEqualTo("out");
            }
        }
    }

    @Test
    void aWorkerThatAsksHostsIsGivenToNodesThatGrantThem() throws Exception {
        server.publish("hosts", FakeWorkers.bundle(FakeWorkers.manifest(Map.of("allowed_hosts", List.of("api.example.org", "*.example.com")))));
        settings("hosts", Map.of("hosts", List.of("api.example.org")));
        try (LinkedNode tab = tab().hello("tab", 1); LinkedNode without = node().hello("node", 1);
                LinkedNode with = node().helloWith(new LinkMessage.Hello("node", "n", "e", false, 1, List.of(), List.of("*.Example.org")))) {
            CompletableFuture<CoordinatorServer.Answer> answer = async(() -> server.send("POST", "/api/workers/hosts/call/echo?where=node"));
            assertThat(answered(with, answer, new LentSettings(Map.of(), List.of("api.example.org"), Optional.empty())).get().header("cloche-ran-on")).isEqualTo(with.id);
            assertThat(server.send("POST", "/api/workers/hosts/call/echo?where=" + without.id).status()).isEqualTo(503);
            assertThat(server.send("POST", "/api/workers/hosts/call/echo?where=" + tab.id).status()).isEqualTo(503);

            settings("hosts", Map.of("hosts", List.of("api.example.org", "*.example.com")));
            assertThat(server.send("POST", "/api/workers/hosts/call/echo?where=node").text()).contains("asks hosts");
        }
    }

    @Test
    void aWorkerThatWantsFoldersIsGivenToNobody() throws Exception {
        server.publish("folders", FakeWorkers.bundle(FakeWorkers.manifest(Map.of("allowed_paths", Map.of("data", "/data")))));
        try (LinkedNode tab = tab().hello("tab", 1); LinkedNode node = node().hello("node", 1)) {
            assertThat(server.send("POST", "/api/workers/folders/call/echo?where=tab").text()).contains("wants folders");
            assertThat(server.send("POST", "/api/workers/folders/call/echo?where=node").text()).contains("wants folders");
            assertThat(server.send("POST", "/api/workers/folders/call/echo").header("cloche-ran-on")).isEqualTo("local");
            assertThat(tab.id).isNotEqualTo(node.id);
        }
    }

    @Test
    void whoMayNotLendOrSaysNonsenseIsSentAway() {
        assertThat(status("Authorization: Bearer cloche_wrong")).isEqualTo(401);
        assertThat(status("Authorization: Bearer " + CoordinatorServer.token(server.owner, List.of("read", "write", "publish", "admin")))).isEqualTo(403);
        assertThat(status("Authorization: Bearer " + CoordinatorServer.token(server.people.person("stranger"), List.of("work")))).isEqualTo(403);
        assertThat(status("Cookie: __Host-cloche=" + server.owner.session(), "Origin: http://evil.example", "Sec-Fetch-Site: cross-site")).isEqualTo(403);
        assertThat(status("Cookie: __Host-cloche=" + server.owner.session(), "Origin: http://x.app." + server.running().controlHost(), "Sec-Fetch-Site: same-site")).isEqualTo(403);

        assertThat(node().say(new LinkMessage.Beat(1, 1), "").closing()).isEqualTo("The first message is 'hello'.");
        assertThat(node().say(new LinkMessage.Hello("cat", "x", "x", false, 1, List.of(), List.of()), "").closing()).contains("'kind'");
        assertThat(node().say(new LinkMessage.Hello("tab", "x", "x", false, 1, List.of(), List.of()), "").closing()).contains("'kind'");
        assertThat(node().say(new LinkMessage.Hello("node", "x", "x", false, 0, List.of(), List.of()), "").closing()).contains("'slots'");
        LinkedNode broken = node();
        broken.frames.binary(new byte[] {1, 2});
        assertThat(broken.closing()).contains("four bytes");
        LinkedNode text = node();
        text.frames.text("{}");
        assertThat(text.closing()).contains("binary");
    }

    private int status(String... headers) {
        try (FrameClient client = FrameClient.open(server.port(), "/api/nodes/link", headers)) {
            return client.status();
        }
    }

    @Test
    void whoLentANodeEndsIt() {
        try (LinkedNode node = node().hello("node", 1)) {
            assertThat(server.sendAs(CoordinatorServer.token(server.people.person("other"), CoordinatorServer.ALL), "DELETE", "/api/nodes/" + node.id, "", new byte[0]).status()).isEqualTo(403);
            assertThat(server.send("DELETE", "/api/nodes/" + node.id).status()).isEqualTo(204);
            assertThat(node.frames.next().code()).isEqualTo(1000);
            assertThat(server.send("DELETE", "/api/nodes/" + node.id).status()).isEqualTo(404);
        }
    }

    private LinkedNode node(String token) {
        return LinkedNode.node(server, token);
    }

    private static final List<String> MAY_LEND = List.of("work");

    @Test
    void aNodeIsSentAwayWhenItsTokenIsRevokedAndItsCallsAreMadeElsewhere() throws Exception {
        JsonNode made = server.owner.send("POST", "/api/tokens", Map.of("name", "node", "scopes", MAY_LEND)).json();
        try (LinkedNode revoked = node(made.path("secret").asText()).hello("node", 1, digest)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call("node", "in");
            revoked.call();
            try (LinkedNode other = node().hello("node", 1, digest)) {
                assertThat(server.owner.send("DELETE", "/api/tokens/" + made.at("/token/id").asText()).status()).isEqualTo(204);

                assertThat(server.send("GET", "/api/nodes").text()).doesNotContain(revoked.id);
                assertThat(revoked.closing()).contains("your token or session has ended");
                other.say(new LinkMessage.Answer(other.call().call(), 1), "out");
                assertThat(answer.get().text()).isEqualTo("out");
            }
        }
        assertThat(status("Authorization: Bearer " + made.path("secret").asText())).isEqualTo(401);
    }

    @Test
    void aTabIsSentAwayWhenItsSessionEnds() {
        try (LinkedNode tab = tab().hello("tab", 1)) {
            server.owner.send("DELETE", "/api/session");

            assertThat(tab.closing()).contains("your token or session has ended");
        }
    }

    @Test
    void aNodeIsSentAwayWhenItsPersonMayDoNothingAnyMore() throws Exception {
        TestServer.Client member = server.people.person("member");
        String project = server.owner.send("GET", "/api/projects").json().at("/projects/0/id").asText();
        String membership = "/api/projects/" + project + "/members/" + server.people.idOf(member);
        server.owner.send("PUT", membership, Map.of("role", "member"));
        try (LinkedNode node = node(CoordinatorServer.token(member, MAY_LEND)).hello("node", 1, digest)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call(node.id, "in");
            node.call();
            server.owner.send("DELETE", membership);

            assertThat(node.closing()).contains("no member of a project");
            assertThat(answer.get().status()).isEqualTo(503);
        }
    }

    @Test
    void aNodeLosesTheCallsOfAProjectInWhichItsPersonIsNoMoreThanAViewer() throws Exception {
        TestServer.Client member = server.people.person("member");
        member.send("POST", "/api/projects", Map.of("name", "Own"));
        String project = server.owner.send("GET", "/api/projects").json().at("/projects/0/id").asText();
        String membership = "/api/projects/" + project + "/members/" + server.people.idOf(member);
        server.owner.send("PUT", membership, Map.of("role", "member"));
        try (LinkedNode node = node(CoordinatorServer.token(member, MAY_LEND)).hello("node", 1, digest)) {
            CompletableFuture<CoordinatorServer.Answer> answer = call(node.id, "in");
            long number = node.call().call();
            server.owner.send("PUT", membership, Map.of("role", "viewer"));

            assertThat(node.hear().head()).isEqualTo(new LinkMessage.Cancel(number));
            assertThat(answer.get().status()).isEqualTo(503);
            assertThat(call(node.id, "in").get().status()).isEqualTo(503);
        }
    }

    @Test
    void aNodeIsSentAwayWhenItsTokenExpires() {
        JsonNode made = server.owner.send("POST", "/api/tokens", Map.of("name", "node", "scopes", MAY_LEND, "days", 1)).json();
        try (LinkedNode node = node(made.path("secret").asText()).hello("node", 1)) {
            server.people.clock().pass(Duration.ofDays(2));

            assertThat(node.closing()).contains("your token or session has ended");
        }
    }

    @Test
    void aTaskThatFailedSaysWhichNodeHadItWhenThatHasGoneToo() {
        String task = server.task(Map.of("worker", "texts", "function", "echo", "where", "node", "attempts", 1));
        String id;
        try (LinkedNode node = node().hello("node", 1, digest)) {
            id = node.id;
            node.say(new LinkMessage.Failed(node.call().call(), "failed", Optional.empty(), Optional.empty(), "no luck"), "");
            assertThat(server.send("GET", "/result/" + task + "?wait=30").status()).isEqualTo(422);
        }
        server.restart();

        JsonNode shown = server.send("GET", "/task/" + task).json().path("task");
        assertThat(shown.path("state").asText()).isEqualTo("dead");
        assertThat(shown.at("/lastOn/id").asText()).isEqualTo(id);
        assertThat(shown.at("/lastOn/name").asText()).isEqualTo("laptop");
        assertThat(server.send("GET", "/result/" + task).json().at("/failures/0/name").asText()).isEqualTo("laptop");
    }

    @Test
    void aTaskThatIsDoneSaysWhichNodeDidItWhenThatHasGone() {
        String task = server.task(Map.of("worker", "texts", "function", "echo", "where", "node"));
        try (LinkedNode node = node().hello("node", 1, digest)) {
            node.say(new LinkMessage.Answer(node.call().call(), 1), "out");
            assertThat(server.send("GET", "/result/" + task + "?wait=30").text()).isEqualTo("out");
        }

        assertThat(server.send("GET", "/task?worker=texts").json().at("/tasks/0/lastOn/name").asText()).isEqualTo("laptop");
    }

    @Test
    void anAnswerToNoCallIsOfNoInterest() throws Exception {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            node.say(new LinkMessage.Answer(99, 1), "ghost");
            CompletableFuture<CoordinatorServer.Answer> answer = call("node", "in");
            long number = node.call().call();
            node.say(new LinkMessage.Answer(number, 1), "out").say(new LinkMessage.Answer(number, 1), "twice");

            assertThat(answer.get().text()).isEqualTo("out");
        }
        assertThat(Digest.of(FakeWorkers.module(1)).hex()).isEqualTo(digest);
    }
}
