package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our client's end of a WebSocket against our server's. */
@Timeout(60)
class SocketDialerTest {
    private static final SocketLimits LIMITS = SocketLimits.USUAL;

    private final Vertx vertx = Vertx.vertx();
    private final SocketDialer dialer = new SocketDialer(vertx, LIMITS);
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();
    private final RunningServer server = RunningServer.of(HttpConfig.on("127.0.0.1", 0).with(LIMITS), origins -> new FrontDoor.Parts(List.of(
            Route.get("/v1/echo", request -> {
                seen.add(request.header("authorization").orElse("nobody"));
                return Handshake.accept(request, Optional.empty(), Echo::new);
            }).anyOrigin(),
            Route.get("/v1/none", request -> Response.empty()).anyOrigin()), List.of(), Assets.none(), Authenticator.nobody(), RequestCheck.none()));
    private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    private record Echo(Socket socket) implements SocketListener {
        @Override
        public void binary(byte[] bytes, int from, int length) {
            socket.binary(bytes, from, length);
        }

        @Override
        public void text(String text) {
            socket.close(4001, text);
        }

        @Override
        public void closed() {}
    }

    private final class Ours implements SocketListener {
        private String reason = "none";

        @Override
        public void binary(byte[] bytes, int from, int length) {
            heard.add(Arrays.copyOfRange(bytes, from, from + length));
        }

        @Override
        public void text(String text) {}

        @Override
        public void ending(int code, String why) {
            reason = code + " " + why;
        }

        @Override
        public void closed() {
            ended.complete(reason);
        }
    }

    @AfterEach
    void close() {
        dialer.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        server.close();
    }

    private CompletableFuture<Socket> dial(String path, int port) {
        CompletableFuture<Socket> opened = new CompletableFuture<>();
        SocketDialer.Address address = new SocketDialer.Address("127.0.0.1", port, false, path, Map.of("authorization", "Bearer word"));
        vertx.runOnContext(now -> dialer.dial(address, socket -> {
            opened.complete(socket);
            return new Ours();
        }, reason -> opened.completeExceptionally(new IllegalStateException(reason))));
        return opened;
    }

    @Test
    void whatIsSentComesBackAndNothingIsKeptOfIt() throws Exception {
        Socket socket = dial("/v1/echo", server.port()).get(20, TimeUnit.SECONDS);
        assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("Bearer word");
        Random random = new Random(3);
        for (int size : new int[] {0, 1, 125, 126, 70_000, 3_000_000, 10, 3_000_000, 3_000_000}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            socket.binary(new byte[0], bytes);
            assertThat(Arrays.equals(heard.poll(20, TimeUnit.SECONDS), bytes)).as("%d bytes", size).isTrue();
        }
        while (socket.queued() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void ofManyLargeMessagesAtOnceNothingIsKept() throws Exception {
        Socket socket = dial("/v1/echo", server.port()).get(20, TimeUnit.SECONDS);
        byte[] bytes = new byte[2_000_000];
        for (int round = 0; round < 10; round++) {
            for (int k = 0; k < 4; k++) {
                socket.execute(() -> socket.binary(new byte[3], bytes));
            }
            for (int k = 0; k < 4; k++) {
                assertThat(heard.poll(20, TimeUnit.SECONDS)).hasSize(bytes.length + 3);
            }
        }
        while (socket.queued() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void theReasonOfTheEndIsHeard() throws Exception {
        Socket socket = dial("/v1/echo", server.port()).get(20, TimeUnit.SECONDS);
        socket.text("until next time".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(ended.get(20, TimeUnit.SECONDS)).isEqualTo("4001 until next time");
    }

    @Test
    void whoeverAnswersNoWebSocketIsSaid() {
        assertThat(dial("/v1/none", server.port())).failsWithin(java.time.Duration.ofSeconds(20)).withThrowableThat().withMessageContaining("it answered 204");
        assertThat(dial("/v1/echo", 1)).failsWithin(java.time.Duration.ofSeconds(20)).withThrowableThat().withMessageContaining("refused");
    }
}
