package dev.cloche.wasm;

import java.time.Duration;

/**
 * A prepared call of one exported function of one instance: set the arguments, run, read the result; on wasmtime
 * nothing is boxed or allocated. May be run again, also by a host function that it called itself: results are those of the run that ended
 * last. Set all arguments before each run: results may lie in their place.
 */
public interface Call {
    /** Its signature. */
    FunctionType type();

    /** Sets argument {@code k}, counted from 0, declared i32. */
    Call i32(int k, int value);

    /** Sets argument {@code k}, declared i64. */
    Call i64(int k, long value);

    /** Sets argument {@code k}, declared f32. */
    Call f32(int k, float value);

    /** Sets argument {@code k}, declared f64. */
    Call f64(int k, double value);

    /**
     * Runs the function, for as long as the instance's limits allow.
     *
     * @throws Trap if the guest was ended; this instance is then of no use any more
     * @throws HostFailure if a host function threw; this instance is then of no use any more
     * @throws IllegalStateException if the thread is no {@link GuestThread}, another thread runs this instance, or it is closed
     */
    void run();

    /**
     * Runs the function with a time-out of its own. Within a host function the time-out of the outermost run counts.
     * A tick is 10 ms, so a guest may run up to two ticks longer.
     */
    void run(Duration timeout);

    /** The first result, declared i32. */
    default int i32() {
        return i32(0);
    }

    /** The first result, declared i64. */
    default long i64() {
        return i64(0);
    }

    /** Result {@code k}, declared i32. */
    int i32(int k);

    /** Result {@code k}, declared i64. */
    long i64(int k);

    /** Result {@code k}, declared f32. */
    float f32(int k);

    /** Result {@code k}, declared f64. */
    double f64(int k);
}
