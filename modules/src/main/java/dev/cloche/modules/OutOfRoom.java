package dev.cloche.modules;

/** A guest wanted more than there is room for: its call ends. The message says how much there is, and what to do. */
final class OutOfRoom extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutOfRoom(String message) {
        super(message, null, false, false);
    }
}
