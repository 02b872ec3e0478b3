package dev.cloche.coordinator;

import java.util.Locale;

/** What runs calls. */
enum PlaceKind {
    /** The server itself. */
    LOCAL,
    /** A process of its own. */
    NODE,
    /** A page in somebody's browser. */
    TAB;

    /** As in the API. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
