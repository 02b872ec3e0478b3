package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;

/**
 * One call of a host function: its arguments, its result, and who calls. Valid until the function returns, on its thread.
 * Read all arguments before setting a result: they may share their place. Reading an argument as another type than the
 * declared one gives a number without meaning.
 */
public interface Frame {
    /** Argument {@code k}, counted from 0, as declared: i32. */
    int i32(int k);

    /** Argument {@code k}, declared i64. */
    long i64(int k);

    /** Argument {@code k}, declared f32. */
    float f32(int k);

    /** Argument {@code k}, declared f64. */
    double f64(int k);

    /** Argument {@code k}, an i32 that is a pointer or a length: without sign, 0 to 2^32-1. */
    default long u32(int k) {
        return Integer.toUnsignedLong(i32(k));
    }

    /** Sets the only result, declared i32. */
    default void result(int value) {
        result(0, value);
    }

    /** Sets the only result, declared i64. */
    default void result(long value) {
        result(0, value);
    }

    /** Sets result {@code k}, declared i32. */
    void result(int k, int value);

    /** Sets result {@code k}, declared i64. */
    void result(int k, long value);

    /** Sets result {@code k}, declared f32. */
    void result(int k, float value);

    /** Sets result {@code k}, declared f64. */
    void result(int k, double value);

    /**
     * The memory that the calling instance exports as {@code memory}, as large as it is now. Access beyond its end throws
     * {@link IndexOutOfBoundsException}. Use layouts without alignment ({@code JAVA_INT_UNALIGNED}), little-endian. Fetch
     * it again after any call into the guest: the memory may have grown.
     */
    MemorySegment memory();

    /** The instance that calls. */
    Instance instance();

    /** What was given at {@link Template#instantiate} for the calling instance. */
    default <T> T context(Class<T> type) {
        return type.cast(instance().context());
    }
}
