package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.workers.LentSettings;
import java.time.Instant;

/**
 * A worker as it is now.
 *
 * @param id never changes
 * @param digest of the version that is called
 * @param form {@code wasm} for one module, {@code worker} for a bundle
 * @param bytes of its file
 * @param says of itself
 * @param grants what it may use beyond itself
 * @param updatedAt the last change of version or grants
 */
record RegisteredWorker(
        String id, String name, ProjectId project, Digest digest, String form, long bytes, WorkerDescription says, WorkerGrants grants,
        Instant createdAt, Instant updatedAt) {
    /** Whether it may be given to others: with a secret it may not, and folders are those of one machine. */
    boolean travels() {
        return says.wants().paths().isEmpty() && grants.config().values().stream().noneMatch(WorkerGrants.Value::secret);
    }

    /** Whether a tab can run it, too: tabs ask no hosts. */
    boolean suitsTabs() {
        return travels() && says.wants().hosts().isEmpty();
    }

    /** Why it is not given to everybody, for people. */
    String whyNot() {
        return !says.wants().paths().isEmpty() ? "wants folders, so it runs on the server and on nodes that were started with its file"
                : !travels() ? "has a secret, so it runs on the server and on nodes that were started with its file"
                : "asks hosts, so it runs on the server and on nodes that allow these hosts";
    }

    /** What others may use for it. */
    LentSettings lent() {
        return grants.isNone() ? LentSettings.NONE : new LentSettings(grants.values(), grants.hosts(), grants.memoryPages());
    }

    /** The longest time of a call, in milliseconds. */
    long timeoutMs() {
        return grants.timeoutMs().map(Integer::longValue).map(most -> Math.min(most, says.wants().timeoutMs())).orElse(says.wants().timeoutMs());
    }
}
