package dev.cloche.workers;

/** Thrown by a function of the host to end a guest that did what it must not; the message is for people. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
