package dev.cloche.wasm;

/** Bytes that are no valid module, or one that this engine does not run; the message says what is wrong and where. */
public final class InvalidModule extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what is wrong. */
    public InvalidModule(String message) {
        super(message);
    }
}
