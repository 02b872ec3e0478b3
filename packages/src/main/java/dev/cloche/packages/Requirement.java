package dev.cloche.packages;

import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A requirement by PEP 508: which package, which versions, when.
 *
 * @param name the package
 * @param extras the extras asked for, in their normal form
 * @param specifier the versions that fit
 * @param marker when it counts; always, if there is none
 */
record Requirement(ProjectName name, SortedSet<String> extras, VersionSpecifier specifier, Optional<Marker> marker) {
    /** Copies the set. */
    Requirement {
        extras = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(extras));
    }

    /** What is wrong with a text that is no requirement we take; the message is for people. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Refused(String why) {
            super(why);
            this.why = why;
        }

        /** What is wrong, for people. */
        String why() {
            return why;
        }
    }

    /** The requirement of this text; what is no requirement, or names a URL, is refused with the reason. */
    static Requirement parse(String text) throws Refused {
        return new RequirementParser(text).requirement();
    }

    /** Whether it counts in this environment, with any of the extras or without one. */
    boolean holds(TabEnvironment environment, Set<String> activeExtras) {
        return marker.isEmpty()
                || marker.get().holds(environment, "")
                || activeExtras.stream().anyMatch(e -> marker.get().holds(environment, e));
    }

    /** The requirement without its marker. */
    @Override
    public String toString() {
        String bracket = extras.isEmpty() ? "" : extras.stream().collect(Collectors.joining(",", "[", "]"));
        return name + bracket + specifier;
    }
}
