package dev.cloche.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies above the limit, over a socket: the client hears 413, whenever it looks for an answer. */
@Timeout(120)
class UnwantedBodyTest {
    private static final int MIB = 1024 * 1024;
    private static final int LARGE = 100;
    private static final byte[] PIECE = new byte[MIB];
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.of(List.of(
                Route.get("/hello", request -> Response.text(200, "hello")).open(),
                Route.post("/small", request -> Response.text(200, "" + request.body().length)).open().bodyLimit(10),
                Route.post("/members", request -> Response.text(200, "in")).bodyLimit(1L << 30)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static SocketClient begin(String target, String headers) {
        return SocketClient.connect(server.port()).send("POST " + target + " HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n" + headers + "\r\n");
    }

    private static String length(long bytes) {
        return "Content-Length: " + bytes + "\r\n";
    }

    private static void assertTooLarge(SocketClient.Answer answer) {
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:cloche:problem:too-large");
        assertThat(answer.header("connection")).contains("close");
    }

    /** As clients do that read no answer before they have sent all. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: close\r\n", "Expect: 100-continue\r\n"})
    void whoSendsAllFirstHearsTheAnswerAfterIt(String headers) {
        try (SocketClient client = begin("/small", headers + length((long) LARGE * MIB))) {
            for (int k = 0; k < LARGE; k++) {
                client.send(PIECE);
            }

            assertTooLarge(client.read());
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whoSendsAllInChunksFirstHearsTheAnswerAfterIt() {
        try (SocketClient client = begin("/small", "Transfer-Encoding: chunked\r\n")) {
            for (int k = 0; k < LARGE; k++) {
                client.send("100000\r\n").send(PIECE).send("\r\n");
            }
            client.send("0\r\n\r\n");

            assertTooLarge(client.read());
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whoAsksFirstNeedSendNothing() {
        try (SocketClient client = begin("/small", "Expect: 100-continue\r\n" + length(1L << 40))) {
            assertTooLarge(client.read());
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void whoLooksWhileItSendsHearsTheAnswerAtOnce() {
        try (SocketClient client = begin("/small", length(1L << 40))) {
            client.send(PIECE);

            assertTooLarge(client.read());
        }
        try (SocketClient client = begin("/small", "Transfer-Encoding: chunked\r\n")) {
            for (int k = 0; k < 10; k++) {
                client.send("100000\r\n").send(PIECE).send("\r\n");
            }

            assertTooLarge(client.read());
        }
    }

    @Test
    void whoMayNotComeInHearsSoAfterItHasSentAll() {
        try (SocketClient client = begin("/members", length((long) LARGE * MIB))) {
            for (int k = 0; k < LARGE; k++) {
                client.send(PIECE);
            }

            assertThat(client.read().status()).isEqualTo(401);
        }
    }

    @Test
    void afterALittleThatNobodyWantsTheConnectionServesTheNextRequest() {
        byte[] next = ("GET /hello HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n\r\n").getBytes(US_ASCII);
        try (SocketClient client = begin("/small", length(MIB))) {
            client.send(PIECE);

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.send(next).read().text()).isEqualTo("hello");
        }
        try (SocketClient client = begin("/small", "Transfer-Encoding: chunked\r\n")) {
            client.send("100000\r\n").send(PIECE).send("\r\n0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.send(next).read().text()).isEqualTo("hello");
        }
    }

    @Test
    void whoNeverStopsIsCutOff() {
        CompletableFuture<Long> sent = new CompletableFuture<>();
        try (SocketClient client = begin("/small", length(1L << 40))) {
            Thread.ofVirtual().start(() -> {
                long all = 0;
                try {
                    while (true) {
                        client.send(PIECE);
                        all += MIB;
                    }
                } catch (UncheckedIOException cut) {
                    sent.complete(all);
                }
            });

            assertThat(sent.join()).isLessThan(300L * MIB);
        }
    }

    @Test
    void whoStopsHalfwayIsCutOff() {
        try (SocketClient client = begin("/small", length(1L << 40))) {
            client.send(PIECE);

            assertTooLarge(client.read());
            assertThat(client.isClosed()).isTrue();
        }
    }

    @Test
    void aSecondRequestBehindAnUnwantedBodyIsNotHeard() {
        try (SocketClient client = begin("/small", length(8L * MIB))) {
            for (int k = 0; k < 8; k++) {
                client.send(PIECE);
            }
            client.send("GET /hello HTTP/1.1\r\nHost: " + server.controlHost() + "\r\n\r\n");

            assertTooLarge(client.read());
            assertThat(client.isClosed()).isTrue();
        }
    }
}
