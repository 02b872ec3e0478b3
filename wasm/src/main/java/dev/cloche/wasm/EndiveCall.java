package dev.cloche.wasm;

import java.time.Duration;
import run.endive.runtime.ExportFunction;

/** A function of Endive's with its arguments; a result is a new array each time. */
final class EndiveCall implements Call {
    private final EndiveInstance instance;
    private final FunctionType type;
    private final ExportFunction function;
    private final long[] arguments;
    private long[] results;

    EndiveCall(EndiveInstance instance, FunctionType type, ExportFunction function) {
        this.instance = instance;
        this.type = type;
        this.function = function;
        this.arguments = new long[type.parameters().size()];
        this.results = new long[type.results().size()];
    }

    @Override
    public FunctionType type() {
        return type;
    }

    @Override
    public Call i32(int k, int value) {
        arguments[k] = value;
        return this;
    }

    @Override
    public Call i64(int k, long value) {
        arguments[k] = value;
        return this;
    }

    @Override
    public Call f32(int k, float value) {
        arguments[k] = Float.floatToRawIntBits(value);
        return this;
    }

    @Override
    public Call f64(int k, double value) {
        arguments[k] = Double.doubleToRawLongBits(value);
        return this;
    }

    long[] apply() {
        return function.apply(arguments.clone());
    }

    @Override
    public void run() {
        results = instance.run(instance.timeout(), this::apply);
    }

    @Override
    public void run(Duration timeout) {
        results = instance.run(Ticker.ticks(timeout), this::apply);
    }

    @Override
    public int i32(int k) {
        return (int) results[k];
    }

    @Override
    public long i64(int k) {
        return results[k];
    }

    @Override
    public float f32(int k) {
        return Float.intBitsToFloat((int) results[k]);
    }

    @Override
    public double f64(int k) {
        return Double.longBitsToDouble(results[k]);
    }
}
