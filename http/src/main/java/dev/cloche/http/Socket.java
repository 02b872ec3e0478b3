package dev.cloche.http;

/**
 * Our end of a WebSocket (RFC 6455). All methods may be called from any thread and never block; frames leave in the order of
 * the calls, several to a packet.
 */
public interface Socket {
    /** Normal end. */
    int NORMAL = 1000;
    /** The server stops. */
    int GOING_AWAY = 1001;
    /** The client broke a rule of the server, or was too slow. */
    int POLICY = 1008;
    /** The server, or the protocol inside the frames, failed at what the client sent. */
    int FAILED = 1011;

    /** Sends one binary message; the bytes are copied. Does nothing when the socket is closing. */
    void binary(byte[] bytes, int from, int length);

    /**
     * Sends one binary message of two parts, one behind the other; the second one must not be changed any more, it may be
     * sent from where it lies. Does nothing when the socket is closing.
     */
    void binary(byte[] begin, byte[] rest);

    /** Sends one text message of UTF-8; the bytes are copied. Does nothing when the socket is closing. */
    void text(byte[] utf8);

    /**
     * Sends a close frame after all that was sent before, and ends the connection a moment later.
     *
     * @param reason for people; cut to 123 bytes
     */
    void close(int code, String reason);

    /** Ends the connection at once, without a close frame. */
    void cut();

    /** Reads nothing more from the client until {@link #resume}; a few messages that are here already still come. */
    void pause();

    /** Reads again. */
    void resume();

    /** Runs this soon on the connection's own thread; it must not block. */
    void execute(Runnable work);

    /** How many bytes wait for the client. */
    long queued();
}
