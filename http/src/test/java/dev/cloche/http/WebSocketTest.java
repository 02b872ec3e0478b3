package dev.cloche.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class WebSocketTest {
    private static final SocketLimits LIMITS = new SocketLimits(100_000, 1_000_000, Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMillis(250));

    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicReference<Socket> ours = new AtomicReference<>();
    private RunningServer server = start(LIMITS);

    /** Sends back what it hears; the text "fail" breaks it, "bye" ends it. */
    private final class Echo implements SocketListener {
        private final Socket socket;

        Echo(Socket socket) {
            this.socket = socket;
            ours.set(socket);
        }

        @Override
        public void binary(byte[] bytes, int from, int length) {
            socket.binary(bytes, from, length);
        }

        @Override
        public void text(String text) {
            switch (text) {
                case "fail" -> throw new IllegalStateException("as the test wants");
                case "bye" -> socket.close(4001, "until next time");
                default -> socket.text(text.getBytes(UTF_8));
            }
        }

        @Override
        public void closed() {
            closed.countDown();
        }
    }

    private RunningServer start(SocketLimits limits) {
        Route echo = Route.get("/v1/echo", request -> Handshake.accept(request,
                Handshake.offered(request).stream().filter("echo"::equals).findFirst(), Echo::new)).anyOrigin();
        Route own = Route.get("/api/own", request -> Handshake.accept(request, Optional.empty(), Echo::new)).open();
        return RunningServer.of(HttpConfig.on("127.0.0.1", 0).with(limits),
                origins -> new FrontDoor.Parts(List.of(echo, own), List.of(), Assets.none(), Authenticator.nobody(), RequestCheck.none()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theExampleOfTheStandardIsAnswered() {
        try (FrameClient client = open("Sec-WebSocket-Protocol: other, echo")) {
            assertThat(client.status()).isEqualTo(101);
            assertThat(client.header("sec-websocket-accept")).contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(client.header("sec-websocket-protocol")).contains("echo");
            assertThat(client.text("grüß").next().text()).isEqualTo("grüß");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 125, 126, 127, 65_535, 65_536, 99_000})
    void messagesOfEachSizeComeBack(int size) {
        try (FrameClient client = open()) {
            assertThat(client.binary(FrameClient.pattern(size)).next().payload()).isEqualTo(FrameClient.pattern(size));
        }
    }

    @Test
    void framesInAnyPiecesAreTheSameFrames() {
        Random random = new Random(7);
        byte[][] frames = new byte[200][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = FrameClient.encoded(0x82, FrameClient.pattern(random.nextInt(i % 10 == 0 ? 20_000 : 300)));
        }
        byte[] all = FrameClient.joined(frames);
        random = new Random(7);
        try (FrameClient client = open()) {
            Random cuts = new Random(8);
            for (int at = 0; at < all.length; ) {
                int to = Math.min(all.length, at + 1 + cuts.nextInt(3000));
                client.raw(java.util.Arrays.copyOfRange(all, at, to));
                at = to;
            }
            for (int i = 0; i < frames.length; i++) {
                assertThat(client.next().payload()).isEqualTo(FrameClient.pattern(random.nextInt(i % 10 == 0 ? 20_000 : 300)));
            }
        }
    }

    @Test
    void aMessageInFragmentsWithAPingBetweenIsOneMessage() {
        try (FrameClient client = open()) {
            client.frame(0x01, "Hel".getBytes(UTF_8)).frame(0x89, "?".getBytes(UTF_8)).frame(0x00, "l".getBytes(UTF_8)).frame(0x80, "o".getBytes(UTF_8));

            assertThat(client.next()).satisfies(pong -> assertThat(pong.opcode()).isEqualTo(10)).satisfies(pong -> assertThat(pong.text()).isEqualTo("?"));
            assertThat(client.next().text()).isEqualTo("Hello");
        }
    }

    @Test
    void whatBreaksTheRulesEndsWithTheCodeForIt() {
        assertThat(endOf(new byte[] {(byte) 0x82, 1, 5})).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0xc2, new byte[1]))).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0x83, new byte[1]))).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0x80, new byte[1]))).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0x09, new byte[1]))).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0x89, new byte[126]))).isEqualTo(1002);
        assertThat(endOf(FrameClient.joined(FrameClient.encoded(0x01, new byte[1]), FrameClient.encoded(0x81, new byte[1])))).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0x81, new byte[] {(byte) 0xff}))).isEqualTo(1007);
        assertThat(endOf(FrameClient.encoded(0x82, new byte[100_001]))).isEqualTo(1009);
        assertThat(endOf(new byte[] {(byte) 0x82, (byte) 0xff, -1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0})).isEqualTo(1009);
        assertThat(endOf(FrameClient.joined(FrameClient.encoded(0x02, new byte[60_000]), FrameClient.encoded(0x80, new byte[60_000])))).isEqualTo(1009);
        assertThat(endOf(FrameClient.encoded(0x81, "fail".getBytes(UTF_8)))).isEqualTo(1011);
        assertThat(endOf(FrameClient.encoded(0x88, new byte[] {3}))).isEqualTo(1002);
        assertThat(endOf(FrameClient.encoded(0x88, new byte[] {3, (byte) 0xed}))).isEqualTo(1002);
    }

    @Test
    void randomBytesNeverDoMoreThanEndTheSocket() {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            try (FrameClient client = open()) {
                client.raw(bytes);
            }
        }
        try (FrameClient client = open()) {
            assertThat(client.text("still here").next().text()).isEqualTo("still here");
        }
    }

    @Test
    void bothSidesCanEndItWithCodeAndReason() throws Exception {
        try (FrameClient client = open()) {
            FrameClient.Frame end = client.text("bye").closeFrame();
            assertThat(end.code()).isEqualTo(4001);
            assertThat(end.reason()).isEqualTo("until next time");
            assertThat(client.nextOrEnd()).isEmpty();
        }
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        try (FrameClient client = open()) {
            assertThat(client.frame(0x88, new byte[] {3, (byte) 0xe8}).closeFrame().code()).isEqualTo(1000);
            assertThat(client.nextOrEnd()).isEmpty();
        }
    }

    @Test
    void aClientThatVanishesIsNoticed() throws Exception {
        open().close();

        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSilentClientIsAskedAndThenDropped() throws Exception {
        server.close();
        server = start(new SocketLimits(100_000, 1_000_000, Duration.ofMillis(200), Duration.ofSeconds(3), Duration.ofMillis(250)));
        try (java.net.Socket silent = new java.net.Socket("127.0.0.1", server.port())) {
            silent.getOutputStream().write(("GET /v1/echo HTTP/1.1\r\nHost: localhost:" + server.port() + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").getBytes(UTF_8));
            byte[] all = silent.getInputStream().readAllBytes();

            assertThat(new String(all, UTF_8)).startsWith("HTTP/1.1 101");
            assertThat(all[all.length - 2]).isEqualTo((byte) 0x89);
        }
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aClientThatDoesNotTakeWhatItIsSentIsDroppedWithAReason() throws Exception {
        try (FrameClient client = open()) {
            client.text("hello").next();
            byte[] message = new byte[64 * 1024];
            while (closed.getCount() > 0 && ours.get().queued() < 1_000_000) {
                ours.get().binary(message, 0, message.length);
            }
            ours.get().binary(message, 0, message.length);

            FrameClient.Frame end = client.closeFrame();

            assertThat(end.code()).isEqualTo(1008);
            assertThat(end.reason()).contains("too slow");
        }
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPausedSocketHearsNothingUntilItGoesOn() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (FrameClient client = open()) {
            assertThat(client.text("one").next().text()).isEqualTo("one");
            ours.get().pause();
            ours.get().text("paused".getBytes(UTF_8));
            heard.add(client.next().text());
            client.text("two");
            ours.get().resume();

            assertThat(heard).containsExactly("paused");
            assertThat(client.next().text()).isEqualTo("two");
        }
    }

    @Test
    void manySendersLoseNothingAndKeepTheirOrder() throws Exception {
        try (FrameClient client = open()) {
            client.text("hello").next();
            Thread[] senders = new Thread[4];
            for (int s = 0; s < senders.length; s++) {
                byte sender = (byte) s;
                senders[s] = Thread.ofVirtual().start(() -> {
                    for (int i = 0; i < 2000; i++) {
                        ours.get().binary(new byte[] {sender, (byte) (i >> 8), (byte) i}, 0, 3);
                    }
                });
            }
            int[] next = new int[senders.length];
            for (int i = 0; i < 8000; i++) {
                byte[] frame = client.next().payload();
                assertThat((frame[1] & 0xff) << 8 | (frame[2] & 0xff)).isEqualTo(next[frame[0]]++);
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void theServersEndIsTold() {
        try (FrameClient client = open()) {
            client.text("hello").next();
            Thread.ofVirtual().start(server::close);

            assertThat(client.closeFrame().code()).isEqualTo(1001);
        }
    }

    @Test
    void theJavaClientUnderstandsIt() throws Exception {
        BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
        CompletableFuture<Integer> end = new CompletableFuture<>();
        WebSocket.Listener listener = new WebSocket.Listener() {
            @Override
            public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                heard.add(bytes);
                socket.request(1);
                return null;
            }

            @Override
            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                end.complete(code);
                return null;
            }
        };
        try (HttpClient http = HttpClient.newHttpClient()) {
            WebSocket socket = http.newWebSocketBuilder().subprotocols("echo").buildAsync(URI.create("ws://localhost:" + server.port() + "/v1/echo"), listener).join();

            assertThat(socket.getSubprotocol()).isEqualTo("echo");
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();
            assertThat(heard.poll(30, TimeUnit.SECONDS)).containsExactly(1, 2, 3);
            socket.sendClose(1000, "done").join();
            assertThat(end.get(30, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void whatIsNoOpeningIsRefused() {
        assertThat(server.send("GET", "/v1/echo").status()).isEqualTo(426);
        assertThat(server.send("GET", "/v1/echo", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 8").status()).isEqualTo(426);
        assertThat(server.send("GET", "/v1/echo", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: YQ==").status()).isEqualTo(400);
    }

    @Test
    void eachRouteDecidesWhichPagesMayOpenIt() {
        String page = "Origin: http://evil.example";
        try (FrameClient any = open(page); FrameClient own = FrameClient.open(server.port(), "/api/own", page)) {
            assertThat(any.status()).isEqualTo(101);
            assertThat(own.status()).isEqualTo(403);
        }
    }

    @Test
    void pagesOfAnyOriginMayAskARouteThatSaysSoAndOnlyThat() {
        String[] preflight = {"Origin: http://evil.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: authorization"};
        SocketClient.Answer any = server.send("OPTIONS", "/v1/echo", preflight);

        assertThat(any.status()).isEqualTo(204);
        assertThat(any.header("access-control-allow-origin")).contains("*");
        assertThat(any.header("access-control-allow-headers").orElseThrow()).contains("authorization");
        assertThat(any.headers()).doesNotContainKey("access-control-allow-credentials");
        assertThat(server.send("GET", "/v1/echo", "Origin: http://evil.example").header("access-control-allow-origin")).contains("*");
        assertThat(server.send("OPTIONS", "/api/own", preflight).status()).isEqualTo(403);
        assertThat(server.send("OPTIONS", "/api/own", preflight).headers()).doesNotContainKey("access-control-allow-origin");
    }

    private FrameClient open(String... headers) {
        return FrameClient.open(server.port(), "/v1/echo", headers);
    }

    private int endOf(byte[] bytes) {
        try (FrameClient client = open()) {
            return client.raw(bytes).closeFrame().code();
        }
    }
}
