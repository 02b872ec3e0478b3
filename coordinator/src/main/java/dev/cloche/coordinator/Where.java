package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;

/** Who may run a call. */
sealed interface Where {
    /** Whoever is fastest. */
    Where AUTO = new Any();

    /** Whoever is fastest. */
    record Any() implements Where {}

    /** Those of a kind. */
    record Kind(PlaceKind kind) implements Where {}

    /** One place. */
    record One(String id) implements Where {}

    /** Those only who ask for tasks by HTTP. */
    record Pull() implements Where {}

    /** Reads {@code auto}, a kind, the identifier of a node, or {@code pull}. */
    static Where of(String text) {
        return switch (text) {
            case "auto" -> AUTO;
            case "local" -> new Kind(PlaceKind.LOCAL);
            case "node" -> new Kind(PlaceKind.NODE);
            case "tab" -> new Kind(PlaceKind.TAB);
            case "pull" -> new Pull();
            default -> {
                if (!RandomIds.isId(text)) {
                    throw Problem.field("where", "enum", "'where' is auto, local, node, tab, or the identifier of a node.");
                }
                yield new One(text);
            }
        };
    }

    /** As in the API. */
    default String text() {
        return switch (this) {
            case Any() -> "auto";
            case Kind(PlaceKind kind) -> kind.label();
            case One(String id) -> id;
            case Pull() -> "pull";
        };
    }

    /** Whether this place is meant. */
    default boolean admits(Place place) {
        return switch (this) {
            case Any() -> true;
            case Kind(PlaceKind kind) -> place.kind() == kind;
            case One(String id) -> place.id().equals(id);
            case Pull() -> false;
        };
    }
}
