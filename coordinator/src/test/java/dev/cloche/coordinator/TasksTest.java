package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The queue over a socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class TasksTest {
    private CoordinatorServer server;

    @BeforeAll
    void start() {
        server = new CoordinatorServer();
        server.publish("texts", FakeWorkers.module(1));
        server.publish("sums", FakeWorkers.bundle(FakeWorkers.divisible()));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private JsonNode next() {
        return server.send("GET", "/task/next?worker=texts").json();
    }

    private CoordinatorServer.Answer hand(JsonNode task, Object result) {
        return server.json("POST", "/task/" + task.path("id").asText() + "/result", result);
    }

    @Test
    void theServerDoesATaskByItself() {
        String id = server.task(Map.of("worker", "texts", "function", "reverse", "content", "abc"));

        CoordinatorServer.Answer result = server.send("GET", "/result/" + id + "?wait=30");
        assertThat(result.text()).isEqualTo("cba");
        assertThat(result.header("cloche-ran-on")).isEqualTo("local");
        assertThat(server.state(id)).isEqualTo("done");
        assertThat(server.send("GET", "/task?state=done&worker=texts").json().path("tasks").toString()).contains(id);
    }

    @Test
    void aBodyOfAnyBytesIsTheInputAsItIsAndSoIsTheResult() {
        byte[] all = new byte[1 << 20];
        new Random(3).nextBytes(all);
        CoordinatorServer.Answer made = server.send("POST", "/task?worker=texts&function=echo&priority=7&key=raw", "application/octet-stream", all);
        String id = made.json().path("id").asText();

        assertThat(made.status()).isEqualTo(201);
        assertThat(server.send("GET", "/result/" + id + "?wait=30").on().body()).isEqualTo(all);
        assertThat(server.send("GET", "/task/" + id).json().at("/task/priority").asInt()).isEqualTo(7);
        assertThat(server.send("POST", "/task?worker=texts&function=echo&key=raw", "application/octet-stream", new byte[0]).json().path("id").asText()).isEqualTo(id);
        String empty = server.send("POST", "/task?worker=texts&function=echo", "application/octet-stream", new byte[0]).json().path("id").asText();
        assertThat(server.send("GET", "/result/" + empty + "?wait=30").on().body()).isEmpty();
    }

    @Test
    void aBodyThatIsTheInputNeedsAllElseInTheQuery() {
        long before = open();

        assertThat(refused("/task?function=echo", "application/octet-stream", 10)).isEqualTo("400 worker required");
        assertThat(refused("/task?worker=texts", "application/octet-stream", 10)).isEqualTo("400 function required");
        assertThat(refused("/task?worker=texts&function=none", "application/octet-stream", 10)).isEqualTo("400 function exists");
        assertThat(refused("/task?worker=texts&function=echo&priority=10", "application/octet-stream", 10)).isEqualTo("400 priority maximum");
        assertThat(refused("/task?worker=texts&function=echo&input=x", "application/octet-stream", 10)).isEqualTo("400 input unknown");
        assertThat(refused("/task?worker=texts&function=echo", "application/octet-stream", TaskQueue.LARGEST + 1)).isEqualTo("413 body maxLength");
        assertThat(refused("/task?worker=texts&function=echo", "text/plain", 10)).startsWith("415");
        CoordinatorServer.Answer both = server.send("POST", "/task?worker=texts&function=echo", "application/json", "{\"worker\":\"texts\",\"function\":\"echo\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(both.json().at("/errors/0/rule").asText()).isEqualTo("single");
        assertThat(open()).isEqualTo(before);
    }

    private String refused(String target, String type, int bytes) {
        CoordinatorServer.Answer answer = server.send("POST", target, type, new byte[bytes]);
        return answer.status() + " " + answer.json().at("/errors/0/field").asText() + " " + answer.json().at("/errors/0/rule").asText();
    }

    @Test
    void aTaskInPartsGivesOneResult() {
        String id = server.task(Map.of("worker", "sums", "function", "sum", "input", Base64.getEncoder().encodeToString(new byte[] {1, 2, 3, 4}), "divide", 3));

        assertThat(server.send("GET", "/result/" + id + "?wait=30").text()).isEqualTo("10");
    }

    @Test
    void aTaskThatFailsForGoodSaysWhy() {
        String id = server.task(Map.of("worker", "texts", "function", "bad", "attempts", 1));

        CoordinatorServer.Answer result = server.send("GET", "/result/" + id + "?wait=30");
        assertThat(result.status()).isEqualTo(422);
        assertThat(result.json().at("/errors/0/rule").asText()).isEqualTo("shape");
        assertThat(result.json().at("/failures/0/on").asText()).isEqualTo("local");
        assertThat(server.send("GET", "/task?state=dead").json().path("tasks").toString()).contains(id);
    }

    @Test
    void aClientFetchesATaskAndHandsInItsResult() {
        String id = server.task(Map.of("worker", "texts", "function", "echo", "content", "in", "where", "pull"));
        JsonNode task = next();
        assertThat(task.path("id").asText()).isEqualTo(id);
        assertThat(new String(Base64.getDecoder().decode(task.path("input").asText()), StandardCharsets.UTF_8)).isEqualTo("in");
        assertThat(server.send("GET", "/task/next?worker=texts").status()).isEqualTo(204);
        assertThat(server.send("GET", "/result/" + id).status()).isEqualTo(202);
        String lease = task.path("lease").asText();
        assertThat(server.json("POST", "/task/" + id + "/lease", Map.of("lease", lease, "seconds", 60)).status()).isEqualTo(200);

        assertThat(hand(task, Map.of("lease", lease, "content", "out")).status()).isEqualTo(200);
        assertThat(hand(task, Map.of("lease", lease, "content", "out")).status()).isEqualTo(200);

        assertThat(server.send("GET", "/result/" + id).text()).isEqualTo("out");
        CoordinatorServer.Answer other = hand(task, Map.of("lease", lease, "content", "other"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().at("/errors/0/rule").asText()).isEqualTo("lease");
    }

    @Test
    void whoWaitsForATaskGetsItAsSoonAsItIsThere() throws Exception {
        CompletableFuture<CoordinatorServer.Answer> waiting = CompletableFuture.supplyAsync(() -> server.send("GET", "/task/next?worker=sums&wait=30"), task -> Thread.ofVirtual().start(task));
        String id = server.task(Map.of("worker", "sums", "function", "sum", "where", "pull"));

        JsonNode task = waiting.get().json();
        assertThat(task.path("id").asText()).isEqualTo(id);
        hand(task, Map.of("lease", task.path("lease").asText(), "content", "0"));
    }

    @Test
    void whatIsWrongWithATaskIsSaidAndTheQueueStaysAsItIs() {
        long before = open();
        assertThat(rule("POST", "/task", Map.of("worker", "texts", "function", "nothing"))).isEqualTo("exists");
        assertThat(rule("POST", "/task", Map.of("worker", "texts", "function", "echo", "input", "%%%"))).isEqualTo("base64");
        assertThat(rule("POST", "/task", Map.of("worker", "texts", "function", "echo", "input", "", "content", ""))).isEqualTo("single");
        assertThat(rule("POST", "/task", Map.of("worker", "texts", "function", "echo", "priority", 10))).isEqualTo("maximum");
        assertThat(rule("POST", "/task", Map.of("worker", "texts", "function", "echo", "prio", 1))).isEqualTo("unknown");
        assertThat(rule("POST", "/task", Map.of("worker", "texts"))).isEqualTo("required");
        assertThat(rule("POST", "/task", Map.of("worker", "texts", "function", "echo", "divide", 2))).isEqualTo("divisible");
        assertThat(server.json("POST", "/task", Map.of("worker", "missing", "function", "echo")).status()).isEqualTo(404);
        assertThat(server.send("POST", "/task", "application/json", "{".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(400);
        CoordinatorServer.Answer large = server.json("POST", "/task", Map.of("worker", "texts", "function", "echo", "input", Base64.getEncoder().encodeToString(new byte[TaskQueue.LARGEST + 1])));
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json().at("/errors/0/field").asText()).isEqualTo("input");
        assertThat(server.sendAs("cloche_wrong", "POST", "/task", "application/json", "{}".getBytes(StandardCharsets.UTF_8)).status()).isEqualTo(401);
        assertThat(server.sendAs(CoordinatorServer.token(server.owner, List.of("read", "write")), "GET", "/task/next", "", new byte[0]).status()).isEqualTo(403);
        assertThat(server.json("POST", "/task/0123456789abcdef/result", Map.of("lease", "x", "content", "out")).status()).isEqualTo(404);
        assertThat(server.send("GET", "/result/0123456789abcdef").status()).isEqualTo(404);
        assertThat(open()).isEqualTo(before);

        String id = server.task(Map.of("worker", "texts", "function", "echo", "where", "pull"));
        assertThat(rule("POST", "/task/" + id + "/result", Map.of("lease", "wrong", "content", "out"))).isEqualTo("lease");
        assertThat(rule("POST", "/task/" + id + "/result", Map.of("lease", "wrong"))).isEqualTo("required");
        assertThat(rule("POST", "/task/" + id + "/lease", Map.of("lease", "wrong"))).isEqualTo("lease");
        assertThat(server.state(id)).isEqualTo("waiting");
        assertThat(server.send("DELETE", "/task/" + id).status()).isEqualTo(204);
        assertThat(server.send("DELETE", "/task/" + id).status()).isEqualTo(409);
        assertThat(server.send("GET", "/result/" + id).status()).isEqualTo(410);
    }

    private String rule(String method, String path, Object body) {
        return server.json(method, path, body).json().at("/errors/0/rule").asText();
    }

    private long open() {
        JsonNode queue = server.send("GET", "/api/workers/statistics").json().path("queue");
        return queue.path("waiting").asLong();
    }

    @Test
    void aTaskThatRunsCanBeCancelled() {
        server.workers.gate = new CountDownLatch(1);
        String id = server.task(Map.of("worker", "texts", "function", "wait"));
        while (!server.state(id).equals("running")) {
            Thread.onSpinWait();
        }

        assertThat(server.send("DELETE", "/task/" + id).status()).isEqualTo(204);

        assertThat(server.send("GET", "/result/" + id + "?wait=5").status()).isEqualTo(410);
        server.workers.gate.countDown();
        assertThat(server.send("POST", "/task/" + id + "/retry").json().path("state").asText()).isEqualTo("waiting");
        assertThat(server.send("GET", "/result/" + id + "?wait=30").status()).isEqualTo(200);
    }

    @Test
    void whatWasAcceptedIsDoneAfterARestart() {
        server.workers.gate = new CountDownLatch(1);
        List<String> ids = java.util.stream.IntStream.range(0, 20).mapToObj(k -> server.task(Map.of("worker", "texts", "function", "wait", "content", "task " + k))).toList();
        server.restart();
        server.workers.gate.countDown();

        for (int k = 0; k < 20; k++) {
            assertThat(server.send("GET", "/result/" + ids.get(k) + "?wait=30").text()).isEqualTo("task " + k);
        }
    }
}
