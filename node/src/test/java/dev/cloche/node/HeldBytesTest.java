package dev.cloche.node;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeldBytesTest {
    @Test
    @Timeout(30)
    void roomIsGivenBackWhenTheAnswerEndsAndWhenTheClientGoesAway() throws IOException, InterruptedException {
        HeldBytes held = new HeldBytes(100);
        LinkedBlockingQueue<Boolean> taken = new LinkedBlockingQueue<>();
        Vertx vertx = Vertx.vertx();
        try {
            int port = vertx.createHttpServer().requestHandler(request -> {
                boolean room = held.take(request, 60);
                taken.add(room);
                if (request.path().equals("/answered") || !room) {
                    request.response().end();
                }
            }).listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join().actualPort();

            try (Socket waits = asks(port, "/waits")) {
                assertThat(taken.take()).isTrue();
                asks(port, "/answered").close();
                assertThat(taken.take()).as("100 bytes are not twice 60").isFalse();
            }
            do {
                asks(port, "/answered").close();
            } while (!taken.take());
            do {
                asks(port, "/answered").close();
            } while (!taken.take());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static Socket asks(int port, String path) throws IOException {
        Socket socket = new Socket("127.0.0.1", port);
        socket.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(US_ASCII));
        return socket;
    }
}
