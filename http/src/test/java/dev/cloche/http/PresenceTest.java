package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler that waits for something, and a client that may not. */
@Timeout(60)
class PresenceTest {
    private static final LinkedBlockingQueue<Waiting> WAITING = new LinkedBlockingQueue<>();
    private static RunningServer server;

    /** A handler at its wait. */
    private record Waiting(CountDownLatch go, CompletableFuture<String> end) {}

    @BeforeAll
    static void start() {
        Route.Handler waits = request -> {
            Waiting waiting = new Waiting(new CountDownLatch(1), new CompletableFuture<>());
            try {
                boolean went = request.whileClientWaits(() -> {
                    WAITING.add(waiting);
                    return waiting.go.await(50, TimeUnit.SECONDS);
                });
                waiting.end.complete("went " + went + ", interrupted " + Thread.currentThread().isInterrupted());
                return Response.text(200, "done");
            } catch (InterruptedException e) {
                waiting.end.complete("gone, interrupted " + Thread.currentThread().isInterrupted());
                throw e;
            }
        };
        server = RunningServer.of(List.of(Route.get("/waits", waits).open(), Route.post("/waits", waits).open().bodyLimit(1_000_000)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String request(String method, int length) {
        return method + " /waits HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nContent-Length: " + length + "\r\n\r\n" + "x".repeat(length);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 900_000})
    void aWaitEndsWithTheConnectionOfItsClient(int length) throws Exception {
        Waiting waiting;
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send(request(length == 0 ? "GET" : "POST", length));
            waiting = WAITING.take();
        }

        assertThat(waiting.end.get(20, TimeUnit.SECONDS)).isEqualTo("gone, interrupted false");
    }

    @Test
    void whoStaysIsAnsweredAlsoTwice() throws Exception {
        try (SocketClient client = SocketClient.connect(server.port())) {
            for (int round = 0; round < 2; round++) {
                client.send(request("POST", 5));
                Waiting waiting = WAITING.take();
                waiting.go.countDown();

                assertThat(client.read().text()).isEqualTo("done");
                assertThat(waiting.end.get()).isEqualTo("went true, interrupted false");
            }
        }
    }

    @Test
    void withoutAConnectionNobodyGoesAway() throws Exception {
        assertThat(Request.builder("GET", "/x").build().<Integer>whileClientWaits(() -> 7)).isEqualTo(7);
    }
}
