package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only shows on the wire: smuggling, broken framing, tricks with the target and the host. */
class HostileWireTest {
    private static final AtomicInteger SMUGGLED = new AtomicInteger();
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.of(List.of(
                Route.post("/echo", request -> Response.bytes(200, "text/plain", request.body())).open(),
                Route.get("/hello", request -> Response.text(200, "hello")).open(),
                Route.get("/smuggled", request -> Response.text(200, "" + SMUGGLED.incrementAndGet())).open()));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void twoDifferentLengthsAreRefused() {
        assertRefused("POST /echo HTTP/1.1\r\nHost: H\r\nContent-Length: 3\r\nContent-Length: 40\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: -1", "Content-Length: +3", "Content-Length: 3 3", "Content-Length: 0x3", "Content-Length: 3, 4",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: gzip"})
    void aFramingThatIsNotUnderstoodDoesNotLetASecondRequestThrough(String header) {
        assertRefused("POST /echo HTTP/1.1\r\nHost: H\r\n" + header + "\r\n\r\nabcGET /smuggled HTTP/1.1\r\nHost: H\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n", "3;\nabc\r\n0\r\n\r\n", "ffffffffffffffffff\r\nabc"})
    void aBadChunkEndsTheConnection(String chunks) {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send(("POST /echo HTTP/1.1\r\nHost: H\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks).replace("Host: H", "Host: " + server.controlHost()));
            String status = client.line();

            assertThat(status.isEmpty() || status.contains(" 400 ") || status.contains(" 413 ") || status.contains(" 200 ")).as(status).isTrue();
        }
        assertThat(server.send("GET", "/hello").text()).isEqualTo("hello");
    }

    @Test
    void chunksWinOverALengthSoThatBothSidesAgree() {
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send("POST /echo HTTP/1.1\r\nHost: " + server.controlHost() + "\r\nContent-Length: 500\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");

            assertThat(client.read().text()).isEqualTo("abc");
        }
    }

    @Test
    void aRequestNamesExactlyOneHost() {
        assertThat(SocketClient.once(server.port(), "GET /hello HTTP/1.1\r\nConnection: close\r\n\r\n").status()).isEqualTo(400);
        assertThat(server.send("GET", "/hello", "Host: evil.example").status()).isEqualTo(400);
        assertThat(server.send("GET", "/hello", "Host: " + server.controlHost()).status()).isEqualTo(400);
    }

    @Test
    void anAbsoluteTargetMustNameTheSameHost() {
        assertThat(server.send("GET", "http://" + server.controlHost() + "/hello").text()).isEqualTo("hello");
        assertThat(server.send("GET", "http://evil.example/hello").status()).isEqualTo(400);
        assertThat(SocketClient.once(server.port(), "GET", "http://" + server.controlHost() + "/hello", "evil.example").status()).isEqualTo(400);
    }

    @Test
    void hostsInCapitalsAreTheSameAndLookAlikesAreNot() {
        assertThat(SocketClient.once(server.port(), "GET", "/hello", "CLOCHE.localhost:" + server.port()).status()).isEqualTo(200);
        for (String host : List.of("evilcloche.localhost:", "cloche.localhost.:", "cloche.localhost.evil.example:", "x.cloche.localhost:")) {
            assertThat(SocketClient.once(server.port(), "GET", "/hello", host + server.port()).status()).isEqualTo(421);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "hello", "/hello#x", "/hel\u00e9lo", "/hello%", "/hello?a=%zz"})
    void aTargetThatIsNoPathIsRefused(String target) {
        assertThat(server.send("GET", target).status()).isEqualTo(400);
    }

    @Test
    void aMethodNobodyKnowsIsRefusedAndNothingBreaks() {
        assertThat(server.send("BREW", "/hello").status()).isEqualTo(405);
        assertThat(server.send("OPTIONS", "/hello").status()).isEqualTo(405);
        assertThat(server.send("CONNECT", "/hello").status()).isIn(400, 405);
        assertThat(SocketClient.once(server.port(), "\r\n\u0000\u0001garbage\r\n\r\n").status()).isEqualTo(400);
        assertThat(server.send("GET", "/hello").text()).isEqualTo("hello");
    }

    @Test
    void aHeaderCannotBeSplitAcrossLines() {
        assertRefused("GET /hello HTTP/1.1\r\nHost: H\r\nX: a\r\n b: c\rGET /smuggled HTTP/1.1\r\n\r\n".replace("\rGET", "\u0000GET"));
    }

    private static void assertRefused(String text) {
        int before = SMUGGLED.get();
        try (SocketClient client = SocketClient.connect(server.port())) {
            client.send(text.replace("Host: H", "Host: " + server.controlHost()));

            String status = client.line();
            // a connection that ends without an answer is as good
            assertThat(status).satisfiesAnyOf(s -> assertThat(s).isEmpty(), s -> assertThat(s).contains(" 400 "));
            if (!status.isEmpty()) {
                Map<String, List<String>> headers = client.headers();
                client.skip(Integer.parseInt(headers.get("content-length").getFirst()));
                assertThat(client.isClosed()).isTrue();
            }
        }
        assertThat(SMUGGLED.get()).isEqualTo(before);
    }
}
