package dev.cloche.workers;

import java.time.Duration;

/** One guest of a worker, kept from call to call with its memory and variables. For one caller at a time. */
public interface WorkerSession extends AutoCloseable {
    /** Calls a function of this guest. After a failure that ended it the next call gets a new guest; variables stay. */
    CallOutcome call(String function, byte[] input, Duration timeout);

    /** Ends the call that runs now with {@link Failure#CANCELLED}. Any thread. */
    void cancel();

    @Override
    void close();
}
