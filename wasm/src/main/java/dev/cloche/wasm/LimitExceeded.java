package dev.cloche.wasm;

/** A module that wants more memory or larger tables from the start than its limits allow. */
public final class LimitExceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what is wrong. */
    public LimitExceeded(String message) {
        super(message);
    }
}
