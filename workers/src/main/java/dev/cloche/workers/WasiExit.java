package dev.cloche.workers;

/** Thrown where a guest ends itself by {@code proc_exit}. */
final class WasiExit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    WasiExit(int code) {
        super(null, null, false, false);
        this.code = code;
    }

    int code() {
        return code;
    }
}
