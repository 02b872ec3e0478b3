package dev.cloche.http;

import java.util.List;
import java.util.function.Function;

/** A server on a free port of this machine for the time of a test. */
public final class RunningServer implements AutoCloseable {
    private final HttpServer server;
    private final Origins origins;

    private RunningServer(HttpServer server, Origins origins) {
        this.server = server;
        this.origins = origins;
    }

    /** A server in front of these parts. */
    public static RunningServer of(FrontDoor.Parts parts) {
        return of(HttpConfig.on("127.0.0.1", 0), origins -> parts);
    }

    /** A server with only these routes, nobody signed in. */
    public static RunningServer of(List<Route> routes) {
        return of(new FrontDoor.Parts(routes, List.of(), Assets.none(), Authenticator.nobody(), RequestCheck.none()));
    }

    /** A server in front of parts that need to know its origins. */
    public static RunningServer of(HttpConfig config, Function<Origins, FrontDoor.Parts> parts) {
        HttpServer server = HttpServer.bind(config);
        Origins origins = Origins.local(server.port());
        server.serve(new FrontDoor(origins, parts.apply(origins)));
        return new RunningServer(server, origins);
    }

    /** The TCP port. */
    public int port() {
        return server.port();
    }

    /** The server's origins. */
    public Origins origins() {
        return origins;
    }

    /** The {@code Host} of the control plane. */
    public String controlHost() {
        return origins.domain() + ":" + port();
    }

    /** One request to the control plane; each header as {@code Name: value}. */
    public SocketClient.Answer send(String method, String target, String... headers) {
        return SocketClient.once(port(), method, target, controlHost(), headers);
    }

    /** One request with a JSON body to the control plane. */
    public SocketClient.Answer sendJson(String method, String target, String body, String... headers) {
        return SocketClient.json(port(), method, target, controlHost(), body, headers);
    }

    @Override
    public void close() {
        server.close();
    }
}
