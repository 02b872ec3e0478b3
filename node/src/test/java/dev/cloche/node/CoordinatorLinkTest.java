package dev.cloche.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Digest;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.LinkMessage;
import dev.cloche.workers.Ticket;
import dev.cloche.workers.Worker;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The node's end of the link, against a coordinator that says what the test says. */
class CoordinatorLinkTest {
    private static final String PROBE = Digest.of(TestWorker.bytes()).hex();

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);

    @TempDir
    private Path folder;

    private Vertx vertx;
    private HttpServer coordinator;
    private Node node;
    private final LinkedBlockingQueue<ServerWebSocket> sockets = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<LinkMessage> said = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> tokens = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        coordinator = vertx.createHttpServer(new HttpServerOptions().setMaxWebSocketFrameSize(2_000_000).setMaxWebSocketMessageSize(2_000_000)).webSocketHandler(socket -> {
            // a program has no origin: with one it would be taken for a page
            tokens.add(socket.path() + " " + socket.headers().get("authorization") + " " + socket.headers().get("origin"));
            socket.binaryMessageHandler(bytes -> said.add(LinkMessage.read(ByteBuffer.wrap(bytes.getBytes()))));
            sockets.add(socket);
        }).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
        NodeSettings.Coordinator link = new NodeSettings.Coordinator(URI.create("http://cloche.localhost:" + coordinator.actualPort()), "secret", "probe node", Optional.of(URI.create("http://node.example:8081")));
        NodeSettings settings = NodeHttpTest.settings(folder, List.of(), Optional.of(link));
        node = Node.start(new NodeSettings(settings.files(), settings.bind(), 0, settings.slots(), settings.queue(), settings.bodyBytes(), settings.drain(), settings.origins(), Optional.empty(),
                settings.coordinator(), new NodeSettings.Grants(List.of("*.example.org"), true, Map.of(), Map.of("k", "of the node's own workers")), settings.places()));
    }

    @AfterEach
    void stop() {
        node.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private ServerWebSocket linked() throws InterruptedException {
        ServerWebSocket socket = sockets.poll(20, TimeUnit.SECONDS);
        assertThat(hears()).isInstanceOf(LinkMessage.Hello.class);
        send(socket, LinkMessage.of(new LinkMessage.Welcome("n1")));
        assertThat(hears()).isEqualTo(new LinkMessage.Reachable("http://node.example:8081"));
        send(socket, new LinkMessage(new LinkMessage.TicketKey(), KEY));
        return socket;
    }

    private LinkMessage.Head hears() throws InterruptedException {
        return message().head();
    }

    /** The next message that is no beat. */
    private LinkMessage message() throws InterruptedException {
        LinkMessage next = said.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a message of the node").isNotNull();
        return next.head() instanceof LinkMessage.Beat ? message() : next;
    }

    private static void send(ServerWebSocket socket, LinkMessage message) {
        socket.writeBinaryMessage(Buffer.buffer(message.encoded()));
    }

    private static LinkMessage call(long number, String function, String input) {
        return new LinkMessage(new LinkMessage.Call(number, "probe", PROBE, function, 20_000), input.getBytes(UTF_8));
    }

    private static LinkMessage file() {
        return new LinkMessage(new LinkMessage.WorkerFile(PROBE, "probe"), TestWorker.bytes());
    }

    @Test
    void aNodeSaysWhoItIsWithItsToken() throws Exception {
        sockets.poll(20, TimeUnit.SECONDS);

        assertThat(tokens.poll(20, TimeUnit.SECONDS)).isEqualTo("/api/nodes/link Bearer secret null");
        assertThat(hears()).isEqualTo(new LinkMessage.Hello("node", "probe node", node.engine(), true, 2, List.of(), List.of("*.example.org")));
    }

    @Test
    void aNodeAsksOnceForAWorkerThatItLacksAndThenAnswersAll() throws Exception {
        ServerWebSocket socket = linked();

        send(socket, call(1, "echo", "one"));
        send(socket, call(2, "refuse", ""));
        assertThat(hears()).isEqualTo(new LinkMessage.Need(PROBE));
        send(socket, file());

        List<LinkMessage> answers = List.of(message(), message());
        assertThat(answers).anySatisfy(answer -> {
            assertThat(answer.head()).isInstanceOfSatisfying(LinkMessage.Answer.class, head -> assertThat(head.call()).isEqualTo(1));
            assertThat(answer.bytes()).isEqualTo("one".getBytes(UTF_8));
        });
        assertThat(answers).anySatisfy(answer -> assertThat(answer.head())
                .isEqualTo(new LinkMessage.Failed(2, "bad_input", Optional.of("B"), Optional.of("shape"), "B must have 2 rows.")));
        send(socket, call(3, "echo", "three"));
        assertThat(message().bytes()).isEqualTo("three".getBytes(UTF_8));
    }

    private static LinkMessage settings(LentSettings settings) {
        return new LinkMessage(new LinkMessage.Settings(PROBE), settings.bytes());
    }

    @Test
    void aCallHasTheSettingsThatWereSaidLastAndNoneOfTheNodesOwn() throws Exception {
        ServerWebSocket socket = linked();

        send(socket, call(1, "setting", ""));
        assertThat(hears()).isEqualTo(new LinkMessage.Need(PROBE));
        send(socket, settings(new LentSettings(Map.of("k", "first"), List.of(), Optional.empty())));
        send(socket, call(2, "setting", ""));
        assertThat(hears()).isEqualTo(new LinkMessage.Need(PROBE));
        send(socket, file());

        List<LinkMessage> answers = List.of(message(), message());
        assertThat(answers).extracting(answer -> ((LinkMessage.Answer) answer.head()).call() + " " + new String(answer.bytes(), UTF_8)).containsExactlyInAnyOrder("1 ", "2 first");
        send(socket, settings(LentSettings.NONE));
        send(socket, call(3, "setting", ""));
        assertThat(message().bytes()).isEmpty();
    }

    @Test
    void aWorkerWithSettingsOfBeforeIsClosed() throws Exception {
        ServerWebSocket socket = linked();
        List<Worker> lent = new ArrayList<>();
        for (String value : List.of("first", "second", "third")) {
            LentSettings settings = new LentSettings(Map.of("k", value), List.of(), Optional.empty());
            send(socket, settings(settings));
            send(socket, call(lent.size(), "setting", ""));
            assertThat(hears()).isEqualTo(new LinkMessage.Need(PROBE));
            send(socket, file());
            assertThat(message().bytes()).isEqualTo(value.getBytes(UTF_8));
            lent.add(node.workers().find(new NodeWorkers.Lent(PROBE, settings)).orElseThrow());
        }

        assertThat(node.workers().find(new NodeWorkers.Lent(PROBE, new LentSettings(Map.of("k", "first"), List.of(), Optional.empty())))).isEmpty();
        while (!(lent.get(0).call("echo", new byte[0], Duration.ofSeconds(5)) instanceof CallOutcome.Failed)) {
            Thread.onSpinWait();
        }
        assertThat(lent.get(2).call("echo", new byte[0], Duration.ofSeconds(5))).isInstanceOf(CallOutcome.Answer.class);
    }

    @Test
    void settingsThatCannotBeReadAreNone() throws Exception {
        ServerWebSocket socket = linked();

        send(socket, new LinkMessage(new LinkMessage.Settings(PROBE), "no JSON".getBytes(UTF_8)));
        send(socket, call(1, "setting", ""));
        assertThat(hears()).isEqualTo(new LinkMessage.Need(PROBE));
        send(socket, file());

        assertThat(message().bytes()).isEmpty();
    }

    private static Ticket ticket(long call, long settings, String function) {
        return new Ticket(call, "probe", PROBE, settings, function, 20_000, Instant.now().plus(Ticket.VALID).toEpochMilli());
    }

    private HttpResponse<String> show(String ticket, String input) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/ticket-call")).header("Authorization", "Bearer " + ticket)
                .POST(HttpRequest.BodyPublishers.ofString(input)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A socket of a node that has the worker. */
    private ServerWebSocket withWorker() throws Exception {
        ServerWebSocket socket = linked();
        send(socket, call(1, "echo", "one"));
        hears();
        send(socket, file());
        assertThat(message().bytes()).isEqualTo("one".getBytes(UTF_8));
        return socket;
    }

    @Test
    void whoShowsATicketMakesOneCallAndTheCoordinatorHearsOfIt() throws Exception {
        withWorker();
        String ticket = ticket(40, 0, "echo").signed(KEY);

        HttpResponse<String> answer = show(ticket, "two");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("two");
        assertThat(answer.headers().firstValue("cloche-ran-ms")).isPresent();
        assertThat(hears()).isEqualTo(new LinkMessage.Shown(40));
        LinkMessage said = message();
        assertThat(said.head()).isInstanceOfSatisfying(LinkMessage.Answer.class, head -> assertThat(head.call()).isEqualTo(40));
        assertThat(said.bytes()).as("the caller has it").isEmpty();

        HttpResponse<String> again = show(ticket, "two");
        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.body()).contains("ticket").contains("once");
        assertThat(show(ticket(41, 0, "refuse").signed(KEY), "").statusCode()).isEqualTo(422);
        assertThat(hears()).isEqualTo(new LinkMessage.Shown(41));
        assertThat(hears()).isInstanceOfSatisfying(LinkMessage.Failed.class, failed -> assertThat(failed.call()).isEqualTo(41));
    }

    @Test
    void ticketsOfOthersAndOfOtherTimesAreWorthNothing() throws Exception {
        ServerWebSocket socket = linked();
        byte[] other = KEY.clone();
        other[0]++;

        assertThat(show("", "").statusCode()).isEqualTo(401);
        assertThat(show(ticket(1, 0, "echo").signed(other), "").body()).contains("signature");
        assertThat(show(new Ticket(1, "probe", PROBE, 0, "echo", 20_000, Instant.now().minusSeconds(1).toEpochMilli()).signed(KEY), "").body()).contains("expired");
        socket.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        sockets.poll(20, TimeUnit.SECONDS);
        assertThat(hears()).isInstanceOf(LinkMessage.Hello.class);
        HttpResponse<String> late = show(ticket(2, 0, "echo").signed(KEY), "");
        assertThat(late.statusCode()).as("a new connection, no key yet").isEqualTo(401);
        assertThat(late.body()).contains("coordinator");
    }

    @Test
    void aTicketIsForTheWorkerAsItsSettingsWere() throws Exception {
        ServerWebSocket socket = withWorker();
        send(socket, settings(new LentSettings(Map.of("k", "new"), List.of(), Optional.empty())));
        send(socket, call(2, "setting", ""));
        assertThat(hears()).isEqualTo(new LinkMessage.Need(PROBE));
        send(socket, file());
        assertThat(message().bytes()).isEqualTo("new".getBytes(UTF_8));

        HttpResponse<String> stale = show(ticket(3, 0, "setting").signed(KEY), "");
        assertThat(stale.statusCode()).isEqualTo(409);
        assertThat(stale.body()).contains("\"ticket\"").contains("nothing was run");
        assertThat(hears()).isEqualTo(new LinkMessage.Shown(3));
        assertThat(hears()).isInstanceOfSatisfying(LinkMessage.Failed.class, failed -> assertThat(failed.error()).isEqualTo("unavailable"));
        assertThat(show(ticket(4, 1, "setting").signed(KEY), "").body()).isEqualTo("new");
    }

    @Test
    void aCallWithATicketIsTakenBackLikeOthers() throws Exception {
        ServerWebSocket socket = withWorker();
        CompletableFuture<HttpResponse<String>> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return show(ticket(9, 0, "endless").signed(KEY), "");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        while (node.workers().busy() == 0) {
            Thread.onSpinWait();
        }
        send(socket, LinkMessage.of(new LinkMessage.Cancel(9)));

        assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        send(socket, LinkMessage.of(new LinkMessage.Cancel(10)));
        send(socket, call(11, "echo", "after"));
        while (!(message().head() instanceof LinkMessage.Answer)) {
            // what was said of the call that was taken back
        }
        assertThat(show(ticket(10, 0, "echo").signed(KEY), "").statusCode()).as("taken back before it was shown").isEqualTo(401);
    }

    @Test
    void aCallWithATicketEndsWithTheConnectionOfItsCaller() throws Exception {
        withWorker();
        byte[] request = ("POST /ticket-call HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + ticket(12, 0, "endless").signed(KEY) + "\r\nContent-Length: 0\r\n\r\n").getBytes(UTF_8);
        try (Socket caller = new Socket("127.0.0.1", node.port())) {
            caller.getOutputStream().write(request);
            assertThat(hears()).isEqualTo(new LinkMessage.Shown(12));
        }

        assertThat(hears()).isInstanceOfSatisfying(LinkMessage.Failed.class, failed -> assertThat(failed.error()).isEqualTo("cancelled"));
        while (node.workers().busy() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aLargeCallIsAnsweredWhole() throws Exception {
        ServerWebSocket socket = linked();
        send(socket, call(1, "echo", ""));
        hears();
        send(socket, file());
        hears();
        for (int size : new int[] {100, 66_000, 95_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            send(socket, new LinkMessage(new LinkMessage.Call(size, "probe", PROBE, "echo", 20_000), bytes));
            LinkMessage answer = message();
            assertThat(Arrays.equals(answer.bytes(), bytes)).as("%d bytes: %s", size, answer.head()).isTrue();
        }
    }

    @Test
    void aWorkerAsksNoHostsThatTheNodeDoesNotGrant() throws Exception {
        ServerWebSocket socket = linked();

        send(socket, settings(new LentSettings(Map.of(), List.of("api.example.com"), Optional.empty())));
        send(socket, call(1, "echo", "in"));
        hears();
        send(socket, file());
        assertThat(hears()).isInstanceOfSatisfying(LinkMessage.Failed.class, failed -> assertThat(failed.message()).contains("--allow-host"));

        send(socket, settings(new LentSettings(Map.of(), List.of("api.example.org"), Optional.of(100))));
        send(socket, call(2, "echo", "in"));
        hears();
        send(socket, file());
        assertThat(message().bytes()).isEqualTo("in".getBytes(UTF_8));
    }

    @Test
    void aFileThatIsNotTheOneAskedForFailsItsCalls() throws Exception {
        ServerWebSocket socket = linked();

        send(socket, call(1, "echo", "one"));
        hears();
        send(socket, new LinkMessage(new LinkMessage.WorkerFile(PROBE, "probe"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}));

        assertThat(hears()).isInstanceOfSatisfying(LinkMessage.Failed.class, failed -> assertThat(failed.error()).isEqualTo("unavailable"));
    }

    @Test
    void aCancelledCallIsNotAnsweredAndFreesItsSlot() throws Exception {
        ServerWebSocket socket = linked();
        send(socket, call(1, "echo", "one"));
        hears();
        send(socket, file());
        hears();

        for (int k = 10; k < 12; k++) {
            send(socket, call(k, "endless", ""));
        }
        send(socket, call(12, "echo", "after"));
        send(socket, LinkMessage.of(new LinkMessage.Cancel(10)));
        send(socket, LinkMessage.of(new LinkMessage.Cancel(11)));

        assertThat(hears()).isInstanceOfSatisfying(LinkMessage.Answer.class, answer -> assertThat(answer.call()).isEqualTo(12));
    }

    @Test
    void aNodeComesBackWhenTheConnectionBroke() throws Exception {
        ServerWebSocket first = linked();
        first.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);

        ServerWebSocket second = linked();
        send(second, call(1, "echo", "again"));
        hears();
        send(second, file());

        assertThat(message().bytes()).isEqualTo("again".getBytes(UTF_8));
    }

    @Test
    @Timeout(60)
    void aNodeThatStopsSaysSoAndFinishesItsCalls() throws Exception {
        ServerWebSocket socket = linked();
        send(socket, call(1, "echo", "one"));
        hears();
        send(socket, file());
        hears();

        send(socket, new LinkMessage(new LinkMessage.Call(2, "probe", PROBE, "endless", 300), new byte[0]));
        while (node.workers().busy() == 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);

        List<LinkMessage.Head> last = List.of(hears(), hears());
        assertThat(last).anySatisfy(head -> assertThat(head).isInstanceOf(LinkMessage.Drain.class))
                .anySatisfy(head -> assertThat(head).isInstanceOfSatisfying(LinkMessage.Failed.class, failed -> assertThat(failed.error()).isEqualTo("timed_out")));
        closing.get(20, TimeUnit.SECONDS);
    }
}
