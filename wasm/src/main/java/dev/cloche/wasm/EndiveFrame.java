package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;

/** Arguments and results as Endive keeps them: each in a long. */
final class EndiveFrame implements Frame {
    private static final long[] NONE = {};

    private final EndiveInstance instance;
    private final run.endive.runtime.Instance caller;
    private final int slots;
    private long[] arguments;
    private long[] results;

    EndiveFrame(EndiveInstance instance, run.endive.runtime.Instance caller, long[] arguments, int slots) {
        this.instance = instance;
        this.caller = caller;
        this.arguments = arguments;
        this.slots = slots;
        this.results = slots == 0 ? NONE : new long[slots];
    }

    long[] results() {
        return slots == 0 ? NONE : results;
    }

    /** From here on every access is out of bounds. */
    void shut() {
        arguments = NONE;
        results = NONE;
    }

    @Override
    public int i32(int k) {
        return (int) arguments[k];
    }

    @Override
    public long i64(int k) {
        return arguments[k];
    }

    @Override
    public float f32(int k) {
        return Float.intBitsToFloat((int) arguments[k]);
    }

    @Override
    public double f64(int k) {
        return Double.longBitsToDouble(arguments[k]);
    }

    @Override
    public void result(int k, int value) {
        results[k] = value;
    }

    @Override
    public void result(int k, long value) {
        results[k] = value;
    }

    @Override
    public void result(int k, float value) {
        results[k] = Float.floatToRawIntBits(value);
    }

    @Override
    public void result(int k, double value) {
        results[k] = Double.doubleToRawLongBits(value);
    }

    @Override
    public MemorySegment memory() {
        return instance.memoryOf(caller);
    }

    @Override
    public Instance instance() {
        return instance;
    }
}
