package dev.cloche.coordinator;

import java.util.Locale;

/** Where a task is. */
enum TaskState {
    /** Until somebody takes it, at its time. */
    WAITING,
    /** Leased. */
    RUNNING,
    /** There is a result. */
    DONE,
    /** It failed for good. */
    DEAD,
    /** Nobody wants it any more. */
    CANCELLED;

    /** As in the API and the database. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static TaskState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** Whether it will change by itself. */
    boolean isOpen() {
        return this == WAITING || this == RUNNING;
    }
}
