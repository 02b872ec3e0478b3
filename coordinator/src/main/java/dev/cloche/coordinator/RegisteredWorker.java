package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
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
    /** Whether it may be given to those who know nothing of it but its file: it wants and has nothing outside. */
    boolean travels() {
        return says.wants().hosts().isEmpty() && says.wants().paths().isEmpty() && grants.isNone();
    }

    /** The longest time of a call, in milliseconds. */
    long timeoutMs() {
        return grants.timeoutMs().map(Integer::longValue).map(most -> Math.min(most, says.wants().timeoutMs())).orElse(says.wants().timeoutMs());
    }
}
