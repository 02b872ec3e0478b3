package dev.cloche.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Digest;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.LinkMessage;
import dev.cloche.workers.Worker;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
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
        NodeSettings.Coordinator link = new NodeSettings.Coordinator(URI.create("http://cloche.localhost:" + coordinator.actualPort()), "secret", "probe node");
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
