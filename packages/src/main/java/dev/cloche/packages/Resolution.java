package dev.cloche.packages;

import java.util.List;

/** What resolving came to. */
sealed interface Resolution {
    /**
     * All requirements can be met together.
     *
     * @param chosen one wheel for each package, dependencies before what needs them
     */
    record Resolved(List<Chosen> chosen) implements Resolution {
        /** Copies the list. */
        public Resolved {
            chosen = List.copyOf(chosen);
        }
    }

    /**
     * They cannot, or not now.
     *
     * @param reasons why, the most telling first; at least one
     */
    record Unresolvable(List<Reason> reasons) implements Resolution {
        /** Copies the list. */
        public Unresolvable {
            reasons = List.copyOf(reasons);
        }
    }

    /** A package with the wheel that was chosen for it. */
    record Chosen(ProjectName project, Version version, IndexFile wheel) {}
}
