package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.RAW;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;

/** A function of wasmtime's and the place for its arguments and results. */
final class WasmtimeCall implements Call {
    private final WasmtimeInstance instance;
    private final FunctionType type;
    private final long function;
    private final MemorySegment values;
    private final int slots;

    WasmtimeCall(WasmtimeInstance instance, FunctionType type, long function, Arena arena) {
        this.instance = instance;
        this.type = type;
        this.function = function;
        this.slots = Math.max(type.parameters().size(), type.results().size());
        this.values = arena.allocate((long) RAW * slots, RAW);
    }

    @Override
    public FunctionType type() {
        return type;
    }

    @Override
    public Call i32(int k, int value) {
        values.set(JAVA_INT, (long) RAW * k, value);
        return this;
    }

    @Override
    public Call i64(int k, long value) {
        values.set(JAVA_LONG, (long) RAW * k, value);
        return this;
    }

    @Override
    public Call f32(int k, float value) {
        values.set(JAVA_FLOAT, (long) RAW * k, value);
        return this;
    }

    @Override
    public Call f64(int k, double value) {
        values.set(JAVA_DOUBLE, (long) RAW * k, value);
        return this;
    }

    @Override
    public void run() {
        instance.run(function, values.address(), slots, instance.timeout());
    }

    @Override
    public void run(Duration timeout) {
        instance.run(function, values.address(), slots, Ticker.ticks(timeout));
    }

    @Override
    public int i32(int k) {
        return values.get(JAVA_INT, (long) RAW * k);
    }

    @Override
    public long i64(int k) {
        return values.get(JAVA_LONG, (long) RAW * k);
    }

    @Override
    public float f32(int k) {
        return values.get(JAVA_FLOAT, (long) RAW * k);
    }

    @Override
    public double f64(int k) {
        return values.get(JAVA_DOUBLE, (long) RAW * k);
    }
}
