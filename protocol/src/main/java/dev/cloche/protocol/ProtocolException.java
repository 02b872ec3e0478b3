package dev.cloche.protocol;

/** A frame that is no message of the protocol; ends the connection with this reason. Has no stack trace. */
final class ProtocolException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;

    ProtocolException(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /** For people. */
    String reason() {
        return reason;
    }
}
