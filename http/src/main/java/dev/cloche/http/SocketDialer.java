package dev.cloche.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Opens WebSockets at servers (RFC 6455, section 4.1). To be used on an event loop. The request is written by ourselves: the network
 * library's HTTP client does not say when bytes of an upgraded connection have left.
 */
public final class SocketDialer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    /** From the connection to the server's answer. */
    private static final long ANSWER_MILLIS = 10_000;
    private static final long WATCH_MILLIS = 1000;
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Vertx vertx;
    private final SocketLimits limits;
    private final NetClient client;

    /**
     * What to open.
     *
     * @param path with its query
     * @param headers beside those of the protocol
     */
    public record Address(String host, int port, boolean secure, String path, Map<String, String> headers) {
        /** Lines stay lines; the headers are copied. */
        public Address {
            headers = Map.copyOf(headers);
            headers.forEach((name, value) -> oneLine(name + value));
            oneLine(host + path);
        }

        private static void oneLine(String text) {
            if (text.chars().anyMatch(one -> one < ' ' || one > '~')) {
                throw new IllegalArgumentException("host, path and headers are printable ASCII");
            }
        }

        private String request(String key) {
            StringBuilder text = new StringBuilder("GET ").append(path).append(" HTTP/1.1\r\nhost: ").append(host.contains(":") ? "[" + host + "]" : host).append(':').append(port)
                    .append("\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ").append(key).append("\r\n");
            headers.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
            return text.append("\r\n").toString();
        }
    }

    /** Opens nothing yet. */
    public SocketDialer(Vertx vertx, SocketLimits limits) {
        this.vertx = vertx;
        this.limits = limits;
        this.client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true));
    }

    /**
     * Opens a WebSocket and returns at once; one of both is called, on the caller's event loop.
     *
     * @param refused gets the reason, for people
     */
    public void dial(Address address, SocketOpener opener, Consumer<String> refused) {
        Context context = Objects.requireNonNull(Vertx.currentContext(), "only event loops dial");
        ConnectOptions options = new ConnectOptions().setHost(address.host).setPort(address.port).setSsl(address.secure);
        if (address.secure) {
            options.setSslOptions(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"));
        }
        client.connect(options).onComplete(done -> context.runOnContext(now -> {
            if (done.succeeded()) {
                new Opening(done.result(), context, opener, refused).begin(address);
            } else {
                refused.accept(String.valueOf(done.cause().getMessage()));
            }
        }));
    }

    /** Ends what is open. */
    @Override
    public void close() {
        client.close();
    }

    /** A connection that is not yet a WebSocket. On its event loop. */
    private final class Opening {
        private final NetSocket socket;
        private final Context context;
        private final SocketOpener opener;
        private final Consumer<String> refused;
        private final String key;
        private final long late;
        private final Buffer head = Buffer.buffer();
        private boolean decided;

        Opening(NetSocket socket, Context context, SocketOpener opener, Consumer<String> refused) {
            this.socket = socket;
            this.context = context;
            this.opener = opener;
            this.refused = refused;
            byte[] random = new byte[16];
            RANDOM.nextBytes(random);
            this.key = Base64.getEncoder().encodeToString(random);
            this.late = vertx.setTimer(ANSWER_MILLIS, id -> refuse("it did not answer in time"));
        }

        void begin(Address address) {
            socket.handler(this::take);
            socket.exceptionHandler(broken -> refuse(String.valueOf(broken.getMessage())));
            socket.closeHandler(gone -> refuse("the connection ended before its answer"));
            socket.write(address.request(key));
        }

        private void take(Buffer bytes) {
            head.appendBuffer(bytes);
            String text = head.toString(StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end < 0) {
                if (head.length() > LONGEST_HEAD) {
                    refuse("what answered is no WebSocket");
                }
                return;
            }
            String[] lines = text.substring(0, end).split("\r\n");
            if (!lines[0].matches("HTTP/1\\.1 [0-9]{3}( .*)?")) {
                refuse("what answered is no WebSocket");
            } else if (!lines[0].startsWith("HTTP/1.1 101")) {
                refuse("it answered " + lines[0].substring(9, 12));
            } else if (!Handshake.proof(key).equals(fields(lines).get("sec-websocket-accept"))) {
                refuse("what answered is no WebSocket");
            } else {
                open(head.getBuffer(end + 4, head.length()));
            }
        }

        private Map<String, String> fields(String[] lines) {
            Map<String, String> fields = new TreeMap<>();
            for (int k = 1; k < lines.length; k++) {
                int colon = lines[k].indexOf(':');
                if (colon > 0) {
                    fields.put(lines[k].substring(0, colon).toLowerCase(Locale.ROOT), lines[k].substring(colon + 1).strip());
                }
            }
            return fields;
        }

        private void refuse(String reason) {
            if (!decided) {
                decide();
                socket.close();
                refused.accept(reason);
            }
        }

        private void open(Buffer rest) {
            if (!decided) {
                decide();
                SocketConnection connection = new SocketConnection(socket, context, limits, true, opener);
                long watch = vertx.setPeriodic(WATCH_MILLIS, id -> connection.watch());
                connection.whenEnded(() -> vertx.cancelTimer(watch));
                if (rest.length() > 0) {
                    connection.take(rest);
                }
            }
        }

        private void decide() {
            decided = true;
            vertx.cancelTimer(late);
        }
    }
}
