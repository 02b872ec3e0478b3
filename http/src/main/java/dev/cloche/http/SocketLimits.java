package dev.cloche.http;

import java.time.Duration;

/**
 * The limits of WebSockets.
 *
 * @param message most bytes of one message from a client; a larger one ends the socket with 1009
 * @param queued most bytes that wait for a slow client; with more it is dropped with 1008, but one message alone may be larger
 * @param ping how often a client is asked whether it is there
 * @param idle longest time without a byte of a client
 * @param closing longest time from our close frame to the end of the connection
 */
public record SocketLimits(int message, long queued, Duration ping, Duration idle, Duration closing) {
    /** What holds unless somebody says else: 32 MiB each way, ping every 15 s, idle 30 s, 250 ms for the end. */
    public static final SocketLimits USUAL =
            new SocketLimits(32 * 1024 * 1024, 32L * 1024 * 1024, Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMillis(250));
}
