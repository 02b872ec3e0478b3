package dev.cloche.workers;

import java.util.Locale;

/** Why a call has no answer. */
public enum Failure {
    /** The worker has no such function. */
    UNKNOWN_FUNCTION,
    /** The worker says that the input is wrong. */
    BAD_INPUT,
    /** The worker says that it failed. */
    FAILED,
    /** The guest was ended: a panic, a bad pointer, too deep a recursion, something that was not granted. */
    TRAPPED,
    /** It ran longer than allowed. */
    TIMED_OUT,
    /** It failed after it had been refused more memory. */
    OUT_OF_MEMORY,
    /** All slots run and the queue is full; try again later, or elsewhere. */
    BUSY,
    /** The caller took the call back. */
    CANCELLED,
    /** The worker is closed, or cannot be started. */
    UNAVAILABLE;

    /** The status that carries it over HTTP (RFC 9110, 15.5 and 15.6). */
    public int httpStatus() {
        return switch (this) {
            case UNKNOWN_FUNCTION -> 404;
            case BAD_INPUT -> 422;
            case FAILED, TRAPPED, OUT_OF_MEMORY -> 500;
            case BUSY, CANCELLED, UNAVAILABLE -> 503;
            case TIMED_OUT -> 504;
        };
    }

    /** As envelopes and links write it: {@code bad_input}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
