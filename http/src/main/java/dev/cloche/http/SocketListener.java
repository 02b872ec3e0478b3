package dev.cloche.http;

/**
 * What hears from the other side of a WebSocket. Called on the connection's own thread, one call at a time; must not block: decode
 * and hand over. An exception ends the socket with {@link Socket#FAILED}.
 */
public interface SocketListener {
    /** A binary message: {@code length} bytes from {@code from} on, to be used only during the call. */
    void binary(byte[] bytes, int from, int length);

    /** A text message. */
    void text(String text);

    /** The other side says that it ends, and why; {@link #closed} follows. */
    default void ending(int code, String reason) {}

    /** The end, for whatever reason; called once, nothing follows. */
    void closed();
}
