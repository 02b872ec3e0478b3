package dev.cloche.protocol;

import dev.cloche.databases.DatabaseEntry;
import dev.cloche.databases.Databases;
import dev.cloche.databases.LiveDatabase;
import dev.cloche.http.Handshake;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.http.SocketLimits;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The way in for clients that stay: {@code GET /v1/database/NAME/subscribe} (facts, specification B, section 3.1). */
final class SubscribeRoute {
    private static final Codec V2 = new BsatnV2(false);
    private static final Codec V3 = new BsatnV2(true);
    private static final Codec V1_BINARY = new BsatnV1();

    private final Databases databases;
    private final Callers callers;
    private final InstantSource clock;
    private final SecureRandom random;
    private final Map<Identity, SharedFrames> shared = new ConcurrentHashMap<>();

    SubscribeRoute(Databases databases, Callers callers, InstantSource clock, SecureRandom random) {
        this.databases = databases;
        this.callers = callers;
        this.clock = clock;
        this.random = random;
    }

    List<Route> routes() {
        return List.of(Route.get("/v1/database/{database}/subscribe", this::open));
    }

    private Response open(Request request) {
        if (!Handshake.isAsked(request)) {
            throw Refusal.of(426, "Expected a WebSocket: Connection: Upgrade, Upgrade: websocket");
        }
        List<String> offered = Handshake.offered(request);
        Subprotocol protocol = offered.isEmpty() ? Subprotocol.V2
                : Subprotocol.choose(offered).orElseThrow(() -> Refusal.of(400, "no valid protocol selected"));
        FrameCompression compression = compression(request);
        ConnectionId connection = connection(request);
        boolean confirmed = confirmed(request, protocol);
        DatabaseEntry entry = Found.in(databases, request);
        Caller caller = callers.anybody(request);
        LiveDatabase database = databases.open(entry.identity());
        Outbox.Settings settings = new Outbox.Settings(protocol, compression, confirmed, database::durableOffset, SocketLimits.USUAL.queued());
        SubscribeSocket.Session session = new SubscribeSocket.Session(database, connection, caller.token(), codec(protocol, database),
                shared.computeIfAbsent(entry.identity(), id -> new SharedFrames()), settings, clock);
        Optional<String> chosen = offered.isEmpty() ? Optional.empty() : Optional.of(protocol.word());
        return Handshake.accept(request, chosen, socket -> {
            SubscribeSocket client = new SubscribeSocket(session, socket);
            database.connect(client);
            return client;
        });
    }

    private static Codec codec(Subprotocol protocol, LiveDatabase database) {
        return switch (protocol) {
            case V3 -> V3;
            case V2 -> V2;
            case V1 -> V1_BINARY;
            case V1_JSON -> new JsonV1(new CurrentLayouts(database));
        };
    }

    private static FrameCompression compression(Request request) {
        FrameCompression asked = request.query("compression")
                .map(word -> FrameCompression.of(word).orElseThrow(() -> Refusal.of(400, "'compression' is None, Gzip or Brotli.")))
                .orElse(FrameCompression.BROTLI);
        return isJavaScript(request) ? FrameCompression.NONE : asked.orNone();
    }

    /**
     * Whether a browser or its like asks. The official SDKs for these unpack a compressed frame in the background and meanwhile go
     * on to the next one: a row's end would overtake its change. See decision 24.
     */
    private static boolean isJavaScript(Request request) {
        return request.header("origin").isPresent()
                || request.headers("sec-websocket-extensions").stream().anyMatch(offer -> offer.contains("permessage-deflate"));
    }

    private static boolean confirmed(Request request, Subprotocol protocol) {
        return switch (request.query("confirmed").orElse("")) {
            case "true" -> true;
            case "false" -> false;
            case "" -> protocol.confirmedByDefault();
            default -> throw Refusal.of(400, "'confirmed' is true or false.");
        };
    }

    private ConnectionId connection(Request request) {
        Optional<String> asked = request.query("connection_id");
        try {
            ConnectionId connection = asked.map(ConnectionId::ofHex).orElseGet(() -> new ConnectionId(random.nextLong(), random.nextLong() | 1));
            if (!connection.isZero()) {
                return connection;
            }
        } catch (IllegalArgumentException e) {
            // answered below, like zero
        }
        throw Refusal.of(400, "'connection_id' is 32 hexadecimal digits, not all of them 0.");
    }
}
