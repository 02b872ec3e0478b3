package dev.cloche.workers;

import java.time.Duration;

/**
 * One call of a worker's function.
 *
 * @param input not copied; leave it alone until the call is done
 * @param timeout longest time from its start; waiting in the queue counts too. The worker's own limit holds beside it
 */
@SuppressWarnings("ArrayRecordComponent") // inputs are large, and nobody compares requests
public record CallRequest(String function, byte[] input, Duration timeout) {
    /** A call with a positive time-out. */
    public CallRequest {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, is " + timeout);
        }
    }
}
