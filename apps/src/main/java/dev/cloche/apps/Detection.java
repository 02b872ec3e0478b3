package dev.cloche.apps;

import java.util.List;
import java.util.Optional;

/**
 * What a workspace looks like.
 *
 * @param kind what it is; empty if nothing to publish was found
 * @param entry where it starts, as in {@link Deployment#entry}
 * @param reasons why, in words for people
 */
public record Detection(Optional<AppKind> kind, Optional<String> entry, List<String> reasons) {
    /** Copies the reasons. */
    public Detection {
        reasons = List.copyOf(reasons);
    }
}
