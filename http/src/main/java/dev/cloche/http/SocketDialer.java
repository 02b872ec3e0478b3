package dev.cloche.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Opens WebSockets at servers (RFC 6455, section 4.1). To be used on an event loop. */
public final class SocketDialer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    /** From the connection to the server's answer. */
    private static final long ANSWER_MILLIS = 10_000;
    private static final long WATCH_MILLIS = 1000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Vertx vertx;
    private final SocketLimits limits;
    private final HttpClient client;

    /**
     * What to open.
     *
     * @param path with its query
     * @param headers beside those of the protocol
     */
    public record Address(String host, int port, boolean secure, String path, Map<String, String> headers) {
        /** The headers are copied. */
        public Address {
            headers = Map.copyOf(headers);
        }
    }

    /** Opens nothing yet. */
    public SocketDialer(Vertx vertx, SocketLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
        this.client = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
    }

    /**
     * Opens a WebSocket and returns at once; one of both is called, on the caller's event loop.
     *
     * @param refused gets the reason, for people
     */
    public void dial(Address address, SocketOpener opener, Consumer<String> refused) {
        Context context = Objects.requireNonNull(Vertx.currentContext(), "only event loops dial");
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String key = Base64.getEncoder().encodeToString(random);
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.GET).setHost(address.host).setPort(address.port).setSsl(address.secure).setURI(address.path)
                .addHeader("upgrade", "websocket").addHeader("connection", "Upgrade").addHeader("sec-websocket-version", "13").addHeader("sec-websocket-key", key);
        address.headers.forEach(options::addHeader);
        client.request(options).compose(this::answered).onComplete(answer -> context.runOnContext(now -> {
            if (answer.failed()) {
                refused.accept(String.valueOf(answer.cause().getMessage()));
            } else if (answer.result().statusCode() != 101) {
                answer.result().request().connection().close();
                refused.accept("it answered " + answer.result().statusCode());
            } else if (!Handshake.proof(key).equals(answer.result().getHeader("sec-websocket-accept"))) {
                answer.result().request().connection().close();
                refused.accept("what answered is no WebSocket");
            } else {
                opened(answer.result(), context, opener);
            }
        }));
    }

    private Future<HttpClientResponse> answered(HttpClientRequest request) {
        request.exceptionHandler(gone -> { });
        long late = vertx.setTimer(ANSWER_MILLIS, id -> request.reset());
        return request.connect().onComplete(done -> vertx.cancelTimer(late));
    }

    private void opened(HttpClientResponse answer, Context context, SocketOpener opener) {
        SocketConnection connection = new SocketConnection(answer.netSocket(), context, limits, true, opener);
        long watch = vertx.setPeriodic(WATCH_MILLIS, id -> connection.watch());
        connection.whenEnded(() -> vertx.cancelTimer(watch));
    }

    /** Ends what is open. */
    @Override
    public void close() {
        client.shutdown(0, TimeUnit.SECONDS);
    }
}
