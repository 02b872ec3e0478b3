package dev.cloche.http;

import java.time.Duration;

/**
 * How the server listens, and the limits that hold before any route is known.
 *
 * @param address the numeric address or name to listen on
 * @param port the TCP port; 0 takes a free one
 * @param headerBytes most bytes of all header lines of a request; more is answered with 431
 * @param headTimeout longest time from connecting to a whole request head
 * @param idleTimeout longest time between requests of a connection
 * @param stallTimeout longest time without a byte of a body in either direction
 * @param stopTimeout longest time for requests in progress when the server stops
 * @param connections most connections at a time, WebSockets among them
 * @param sockets what holds for WebSockets
 */
public record HttpConfig(
        String address,
        int port,
        int headerBytes,
        Duration headTimeout,
        Duration idleTimeout,
        Duration stallTimeout,
        Duration stopTimeout,
        int connections,
        SocketLimits sockets) {
    /** The limits of a server on this machine. */
    public static HttpConfig on(String address, int port) {
        return new HttpConfig(address, port, 32 * 1024, Duration.ofSeconds(20), Duration.ofSeconds(75), Duration.ofSeconds(60),
                Duration.ofSeconds(4), 4096, SocketLimits.USUAL);
    }

    /** The same with other times, for tests. */
    HttpConfig times(Duration head, Duration idle, Duration stall, Duration stop) {
        return new HttpConfig(address, port, headerBytes, head, idle, stall, stop, connections, sockets);
    }

    /** The same with other limits of WebSockets, for tests. */
    public HttpConfig with(SocketLimits other) {
        return new HttpConfig(address, port, headerBytes, headTimeout, idleTimeout, stallTimeout, stopTimeout, connections, other);
    }
}
