package dev.cloche.coordinator;

import java.time.Duration;
import java.util.Optional;

/**
 * A task that somebody wants to be done.
 *
 * @param where who may do it
 * @param divide parts, 0 for as many as there is room for; empty for not divided
 * @param priority 0 to 9; higher ones go first
 * @param attempts how often it may fail
 * @param key of two with the same only the first is made
 */
@SuppressWarnings("ArrayRecordComponent") // inputs are large, and nobody compares tasks
record NewTask(
        RegisteredWorker worker, String function, byte[] input, Where where, Optional<Integer> divide, int priority, int attempts, Duration delay,
        Duration timeout, Optional<String> key) {}
