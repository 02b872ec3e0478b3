package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import run.endive.runtime.ConstantEvaluators;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.WasmRuntimeException;
import run.endive.wasm.types.ActiveDataSegment;
import run.endive.wasm.types.DataSegment;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.PassiveDataSegment;

/** A guest's memory as one array, so that the host can look at it; Endive's own cannot be looked at. For one thread. */
final class EndiveMemory implements Memory {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final MemoryLimits limits;
    private final int maximum;
    private final Budget budget;
    private byte[] content;
    private MemorySegment segment;
    private DataSegment[] data = {};

    EndiveMemory(MemoryLimits limits, Budget budget) {
        this.limits = limits;
        this.maximum = (int) Math.min(Math.min(limits.maximumPages(), RUNTIME_MAX_PAGES), budget.left / PAGE_SIZE);
        if (limits.initialPages() > RUNTIME_MAX_PAGES) {
            throw new LimitExceeded("the module wants " + limits.initialPages() + " pages of memory, Endive has at most " + RUNTIME_MAX_PAGES);
        }
        this.budget = budget;
        budget.left -= (long) limits.initialPages() * PAGE_SIZE;
        this.content = new byte[limits.initialPages() * PAGE_SIZE];
        this.segment = MemorySegment.ofArray(content);
    }

    /** What the memories of one instance may still take together. For its thread. */
    static final class Budget {
        private long left;

        Budget(long bytes) {
            left = bytes;
        }
    }

    /** The memory as it is now. */
    MemorySegment segment() {
        return segment;
    }

    @Override
    public int pages() {
        return content.length / PAGE_SIZE;
    }

    @Override
    public int grow(int more) {
        int before = pages();
        if (more < 0 || more > maximum - before || (long) more * PAGE_SIZE > budget.left) {
            return -1;
        }
        budget.left -= (long) more * PAGE_SIZE;
        content = Arrays.copyOf(content, (before + more) * PAGE_SIZE);
        segment = MemorySegment.ofArray(content);
        return before;
    }

    @Override
    public int initialPages() {
        return limits.initialPages();
    }

    @Override
    public int maximumPages() {
        return maximum;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public Object lock(int address) {
        return this;
    }

    @Override
    public int waitOn(int address, int expected, long timeout) {
        throw new WasmRuntimeException("expected shared memory");
    }

    @Override
    public int waitOn(int address, long expected, long timeout) {
        throw new WasmRuntimeException("expected shared memory");
    }

    @Override
    public int notify(int address, int count) {
        return 0;
    }

    @Override
    public void initialize(Instance instance, DataSegment[] segments) {
        data = segments == null ? new DataSegment[0] : segments.clone();
        for (int i = 0; i < data.length; i++) {
            if (data[i] instanceof ActiveDataSegment active) {
                int at = (int) ConstantEvaluators.computeConstantValue(instance, active.offsetInstructions())[0];
                write(at, active.data(), 0, active.data().length);
                data[i] = PassiveDataSegment.EMPTY;
            }
        }
    }

    @Override
    public void initPassiveSegment(int index, int to, int from, int length) {
        write(to, data[index].data(), from, length);
    }

    @Override
    public void drop(int index) {
        data[index] = PassiveDataSegment.EMPTY;
    }

    @Override
    public void write(int to, byte[] bytes, int from, int length) {
        try {
            System.arraycopy(bytes, from, content, to, length);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public void copy(int to, int from, int length) {
        write(to, content, from, length);
    }

    @Override
    public void fill(byte value, int from, int to) {
        if (from < 0 || to < from || to > content.length) {
            throw outside();
        }
        Arrays.fill(content, from, to, value);
    }

    @Override
    public void zero() {
        Arrays.fill(content, (byte) 0);
    }

    @Override
    public byte[] readBytes(int from, int length) {
        byte[] bytes = new byte[length];
        try {
            System.arraycopy(content, from, bytes, 0, length);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
        return bytes;
    }

    @Override
    public byte read(int address) {
        try {
            return content[address];
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public void writeByte(int address, byte value) {
        try {
            content[address] = value;
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public short readShort(int address) {
        try {
            return (short) SHORT.get(content, address);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public long readU16(int address) {
        return Short.toUnsignedLong(readShort(address));
    }

    @Override
    public void writeShort(int address, short value) {
        try {
            SHORT.set(content, address, value);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public int readInt(int address) {
        try {
            return (int) INT.get(content, address);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public void writeI32(int address, int value) {
        try {
            INT.set(content, address, value);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public long readLong(int address) {
        try {
            return (long) LONG.get(content, address);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public void writeLong(int address, long value) {
        try {
            LONG.set(content, address, value);
        } catch (IndexOutOfBoundsException e) {
            throw outside();
        }
    }

    @Override
    public float readFloat(int address) {
        return Float.intBitsToFloat(readInt(address));
    }

    @Override
    public long readF32(int address) {
        return readInt(address);
    }

    @Override
    public void writeF32(int address, float value) {
        writeI32(address, Float.floatToRawIntBits(value));
    }

    @Override
    public double readDouble(int address) {
        return Double.longBitsToDouble(readLong(address));
    }

    @Override
    public long readF64(int address) {
        return readLong(address);
    }

    @Override
    public void writeF64(int address, double value) {
        writeLong(address, Double.doubleToRawLongBits(value));
    }

    private static WasmRuntimeException outside() {
        return new WasmRuntimeException("out of bounds memory access");
    }
}
