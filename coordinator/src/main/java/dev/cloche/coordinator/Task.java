package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A task as it is now, without its input and its output.
 *
 * @param number in the order in which tasks came
 * @param attempts tries that were begun and not lost
 * @param losses tries that ended because the server or the node did
 * @param holder who has the lease
 */
record Task(
        TaskId id, long number, ProjectId project, String worker, String function, TaskState state, String where, Optional<Integer> divide, int priority,
        int attempts, int mostAttempts, int losses, int timeoutMs, Optional<String> key, long inputBytes, Instant createdAt, Instant readyAt,
        Optional<Instant> endedAt, Optional<String> holder, Optional<Instant> leaseUntil, List<TaskError> errors, Optional<Result> result) {
    /** The stored result without its bytes. */
    record Result(long bytes, String ranOn, double ranMs, Instant storedAt) {}
}
