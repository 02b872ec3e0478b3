package dev.cloche.http;

/** Makes the listener of a WebSocket that has just been opened; called on the connection's own thread, must not block. */
@FunctionalInterface
public interface SocketOpener {
    /** The listener of this socket. */
    SocketListener open(Socket socket);
}
