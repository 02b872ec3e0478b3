package dev.cloche.coordinator;

import java.time.Instant;
import java.util.Optional;

/**
 * A task that somebody does now.
 *
 * @param worker its name
 * @param lease the secret by which its result is taken
 */
@SuppressWarnings("ArrayRecordComponent") // inputs are large, and nobody compares tasks
record LeasedTask(TaskId id, String worker, String function, byte[] input, Where where, Optional<Integer> divide, int attempt, int timeoutMs, String lease, Instant until) {}
