package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.ALL;
import static dev.cloche.wasm.WasmtimeLibrary.RAW;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Arguments and results in the guest's stack; used again for the next call of the same depth. */
final class WasmtimeFrame implements Frame {
    private final WasmtimeInstance instance;
    private long caller;
    private long values;
    private int slots;
    private boolean open;

    WasmtimeFrame(WasmtimeInstance instance) {
        this.instance = instance;
    }

    void open(long from, long at, int count) {
        caller = from;
        values = at;
        slots = count;
        open = true;
    }

    /** From here on every access is out of bounds. */
    void shut() {
        slots = 0;
        open = false;
    }

    private long slot(int k) {
        return values + (long) RAW * Objects.checkIndex(k, slots);
    }

    @Override
    public int i32(int k) {
        return ALL.get(JAVA_INT, slot(k));
    }

    @Override
    public long i64(int k) {
        return ALL.get(JAVA_LONG, slot(k));
    }

    @Override
    public float f32(int k) {
        return ALL.get(JAVA_FLOAT, slot(k));
    }

    @Override
    public double f64(int k) {
        return ALL.get(JAVA_DOUBLE, slot(k));
    }

    @Override
    public void result(int k, int value) {
        ALL.set(JAVA_INT, slot(k), value);
    }

    @Override
    public void result(int k, long value) {
        ALL.set(JAVA_LONG, slot(k), value);
    }

    @Override
    public void result(int k, float value) {
        ALL.set(JAVA_FLOAT, slot(k), value);
    }

    @Override
    public void result(int k, double value) {
        ALL.set(JAVA_DOUBLE, slot(k), value);
    }

    @Override
    public MemorySegment memory() {
        Objects.checkIndex(0, open ? 1 : 0);
        return instance.memoryOf(caller);
    }

    @Override
    public Instance instance() {
        return instance;
    }
}
