package dev.cloche.packages;

import java.util.List;

/** What became of a change to a workspace's packages. */
sealed interface InstallOutcome {
    /**
     * The wheels are here and the lock is written.
     *
     * @param requirements what the workspace asks for now
     * @param lock what answers it
     */
    record Installed(List<String> requirements, PythonLock lock) implements InstallOutcome {
        /** Copies the list. */
        public Installed {
            requirements = List.copyOf(requirements);
        }
    }

    /**
     * Nothing was changed.
     *
     * @param reasons why, at least one
     */
    record Refused(List<Reason> reasons) implements InstallOutcome {
        /** Copies the list. */
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }
}
