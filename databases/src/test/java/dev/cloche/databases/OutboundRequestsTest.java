package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import dev.cloche.modules.HttpHeader;
import dev.cloche.modules.HttpRequestHead;
import dev.cloche.modules.HttpResponseHead;
import dev.cloche.modules.HttpVersion;
import dev.cloche.modules.Outside.HttpAnswer;
import dev.cloche.outbound.Lookup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What modules may ask of other servers, with a real one on this machine that the test allows. */
class OutboundRequestsTest {
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger lookups = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<OutboundRequests> opened = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        opened.forEach(OutboundRequests::close);
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        String path = exchange.getRequestURI().getPath();
        byte[] body = switch (path) {
            case "/large" -> new byte[9 << 20];
            default -> (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getRequestHeaders().get("Host") + " "
                    + exchange.getRequestHeaders().get("X-Two") + " " + exchange.getRequestHeaders().get("User-Agent") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        };
        if (path.equals("/never")) {
            await();
        }
        if (path.equals("/elsewhere")) {
            exchange.getResponseHeaders().add("Location", "/");
        }
        exchange.getResponseHeaders().add("X-Two", "a");
        exchange.getResponseHeaders().add("X-Two", "b");
        exchange.sendResponseHeaders(path.equals("/elsewhere") ? 302 : 200, 0);
        try (exchange) {
            exchange.getResponseBody().write(body);
        }
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int port() {
        return server.getAddress().getPort();
    }

    /** Requests to a name that no resolver knows but this one, at whatever address. */
    private OutboundRequests requests(boolean anyAddress, String... hosts) {
        OutboundRequests made = new OutboundRequests(new OutboundSettings(Arrays.stream(hosts).map(OutboundSettings::host).toList(), "cloche.test", anyAddress), new Lookup(host -> {
            lookups.incrementAndGet();
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        }));
        opened.add(made);
        return made;
    }

    private static HttpAnswer send(OutboundRequests requests, String method, String url, String body, HttpHeader... headers) {
        byte[] head = new HttpRequestHead(method, List.of(headers), Optional.empty(), url, HttpVersion.HTTP_1_1).encode();
        return requests.send(head, body.getBytes(StandardCharsets.UTF_8), () -> false);
    }

    private static String failure(HttpAnswer answer) {
        assertThat(answer).isInstanceOf(HttpAnswer.Failed.class);
        return ((HttpAnswer.Failed) answer).message();
    }

    @Test
    void aRequestGoesToTheAddressThatWasLookedUpOnceUnderTheNameOfItsUrl() {
        HttpAnswer answer = send(requests(true, "api.test:" + port()), "PUT", "http://API.test:" + port() + "/a%20b?c=d", "body",
                new HttpHeader("X-Two", "1"), new HttpHeader("x-two", "2"), new HttpHeader("authorization", "Bearer key of the module's own"));

        assertThat(answer).isInstanceOf(HttpAnswer.Answered.class);
        HttpResponseHead head = HttpResponseHead.decode(((HttpAnswer.Answered) answer).head());
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).contains(new HttpHeader("x-two", "a"), new HttpHeader("x-two", "b"));
        assertThat(new String(((HttpAnswer.Answered) answer).body(), StandardCharsets.UTF_8))
                .isEqualTo("PUT /a%20b?c=d [api.test:" + port() + "] [1, 2] [cloche] body");
        assertThat(lookups).hasValue(1);
    }

    @Test
    void aNameThatLeadsIntoThePrivateNetworkIsRefusedThoughItIsAllowed() {
        assertThat(failure(send(requests(false, "*", "api.test:" + port()), "GET", "http://api.test:" + port() + "/", "")))
                .isEqualTo("GET http://api.test:" + port() + "/: api.test is not in the public network");
        assertThat(asked).hasValue(0);
    }

    @Test
    void oneBadAddressAmongSeveralIsEnough() throws Exception {
        InetAddress[] mixed = {InetAddress.getByName("9.9.9.9"), InetAddress.getByName("169.254.169.254")};
        OutboundRequests requests = new OutboundRequests(new OutboundSettings(List.of(OutboundSettings.host("*")), "", false), new Lookup(host -> mixed));
        opened.add(requests);

        assertThat(failure(send(requests, "GET", "https://rebound.test/", ""))).endsWith("is not in the public network");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://other.test/", "http://api.test/", "https://api.test:8443/", "http://127.0.0.1/", "http://[::1]/", "http://cloche.test/", "http://x.app.cloche.test/",
        "http://below.example.test.evil.test/", "http://xexample.test/"})
    void whatIsNotAllowedIsNotEvenLookedUp(String url) {
        assertThat(failure(send(requests(true, "api.test:" + port(), "*.example.test", "cloche.test", "*.cloche.test"), "GET", url, ""))).contains("does not allow requests to");
        assertThat(failure(send(requests(true), "GET", url, ""))).contains("does not allow requests to");
        assertThat(lookups).hasValue(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://api.test/", "/relative", "//api.test/", "http:///x", "http://user:word@api.test/", "http://api.test/ a", "jar:http://api.test/!/", ""})
    void whatIsNoUrlOfHttpIsRefused(String url) {
        assertThat(failure(send(requests(true, "*"), "GET", url, ""))).containsAnyOf("begins with https:// or http://", "a URL has a host, and no user", "this is no URL");
    }

    @Test
    void headersOfTheConnectionAndOrdersToProxiesAreRefused() {
        OutboundRequests requests = requests(true, "*");
        for (String name : List.of("Host", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Proxy-Authorization", "TE")) {
            assertThat(failure(send(requests, "GET", "http://api.test/", "", new HttpHeader(name, "x")))).contains("is written by the server itself");
        }
        assertThat(failure(send(requests, "GET", "http://api.test/", "", new HttpHeader("x", "a\r\nHost: b")))).contains("characters that cannot stand there");
        assertThat(failure(send(requests, "GET", "http://api.test/", "", new HttpHeader("x", "a".repeat(40_000))))).contains("at most 32768 bytes");
        assertThat(failure(send(requests, "CONNECT", "http://api.test/", ""))).endsWith("this method is not sent");
        assertThat(failure(send(requests, "G T", "http://api.test/", ""))).endsWith("this method is not sent");
        assertThat(failure(requests.send(new byte[] {77}, new byte[0], () -> false))).startsWith("The request has not the form of the module ABI");
        assertThat(asked).hasValue(0);
    }

    @Test
    void aRedirectIsAnAnswerLikeAnyOther() {
        HttpAnswer answer = send(requests(true, "api.test:" + port()), "GET", "http://api.test:" + port() + "/elsewhere", "");

        assertThat(HttpResponseHead.decode(((HttpAnswer.Answered) answer).head()).status()).isEqualTo(302);
        assertThat(asked).hasValue(1);
    }

    @Test
    void neitherSizeNorTimeIsWithoutEnd() {
        OutboundRequests requests = requests(true, "api.test:" + port());
        String place = "http://api.test:" + port();

        assertThat(failure(send(requests, "GET", place + "/large", ""))).contains("more than 8388608 bytes");
        assertThat(failure(send(requests, "PUT", place + "/", "x".repeat((8 << 20) + 1)))).contains("at most 8388608 bytes");
        byte[] hurried = new HttpRequestHead("GET", List.of(), Optional.of(Duration.ofMillis(200)), place + "/never", HttpVersion.HTTP_1_1).encode();
        assertThat(failure(requests.send(hurried, new byte[0], () -> false))).contains("no answer within");
        byte[] patient = new HttpRequestHead("GET", List.of(), Optional.of(Duration.ofHours(1)), place + "/never", HttpVersion.HTTP_1_1).encode();
        assertThat(failure(requests.send(patient, new byte[0], () -> true))).endsWith("the call is to end");
    }

    @Test
    void aServerThatIsNotThereIsSaid() {
        server.stop(0);

        assertThat(failure(send(requests(true, "api.test:" + port()), "GET", "http://api.test:" + port() + "/", ""))).contains("refused");
    }

    @Test
    void theSettingIsAListOfHosts() {
        assertThat(settings("").hosts()).isEmpty();
        assertThat(settings("api.example.org, *.Example.com:8443,*").hosts()).extracting(OutboundSettings.Host::name).containsExactly("api.example.org", "*.example.com", "*");
        for (String wrong : List.of("http://example.org", "a b", "example.org:0", "example.org:70000", "-x", "*x.org", "example.org/path")) {
            assertThatThrownBy(() -> settings(wrong)).isInstanceOf(Problem.class).hasMessageContaining("databases.outbound");
        }
    }

    private static OutboundSettings settings(String text) {
        return OutboundSettings.from(new Configuration(Map.of("databases.outbound", new Configuration.Setting(text, "test")), Map.of(), Map.of()), "cloche.test");
    }
}
