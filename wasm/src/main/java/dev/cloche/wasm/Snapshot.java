package dev.cloche.wasm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an instance's memory back into its module: instances of the new module start where the old one stood. wasmtime
 * shares the content between instances until they write, if less than 16 MiB lie between its first and its last byte that
 * is not zero, or half of that is not zero.
 */
public final class Snapshot {
    private static final int CUSTOM = 0;
    private static final int MEMORY = 5;
    private static final int GLOBAL = 6;
    private static final int START = 8;
    private static final int DATA = 11;
    private static final int DATA_COUNT = 12;
    private static final int HEADER = 8;
    private static final int PAGE = 65_536;
    /** Content is looked at in pieces of this size. */
    private static final int PIECE = 4096;

    private Snapshot() {}

    /** Content of the memory from one address to another. */
    private record Run(long from, long to) {}

    /**
     * The module with this memory as its initial content, as large as it is now, and without start function. Custom
     * sections are left out. Variables outside memory (mutable globals, tables) keep their initial value, so the guest
     * must stand still, as between two calls.
     *
     * @throws InvalidModule if it is no module, has not exactly one memory of its own, has more than one mutable global
     *     (the stack pointer), or passive data that a snapshot cannot keep
     */
    public static byte[] write(byte[] module, MemorySegment memory) {
        if (ModuleShape.read(module).memories().size() != 1) {
            throw new InvalidModule("a snapshot needs a module with one memory of its own");
        }
        ModuleShape.Bytes in = new ModuleShape.Bytes(module);
        ByteArrayOutputStream out = new ByteArrayOutputStream(module.length);
        out.writeBytes(in.part(HEADER).rest());
        List<Run> runs = runs(memory);
        boolean written = false;
        while (!in.ended()) {
            int id = in.octet();
            ModuleShape.Bytes body = in.part(in.u32());
            switch (id) {
                case CUSTOM, START -> { }
                case MEMORY -> section(out, id, memory(body, memory.byteSize() / PAGE));
                case GLOBAL -> section(out, id, refuseVariables(body));
                case DATA_COUNT -> section(out, id, number(runs.size()));
                case DATA -> {
                    refusePassive(body);
                    section(out, id, data(runs, memory));
                    written = true;
                }
                default -> section(out, id, body.rest());
            }
        }
        if (!written) {
            section(out, DATA, data(runs, memory));
        }
        return out.toByteArray();
    }

    private static void section(ByteArrayOutputStream out, int id, byte[] body) {
        out.write(id);
        out.writeBytes(number(body.length));
        out.writeBytes(body);
    }

    private static byte[] memory(ModuleShape.Bytes body, long pages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(number(body.u32()));
        out.write(body.octet()); // whether a maximum follows
        out.writeBytes(number(pages));
        body.u32();
        out.writeBytes(body.rest());
        return out.toByteArray();
    }

    /** Reads the globals' initial values, only to find the next one: constant expressions of specification 2.0, section 3.3.10. */
    private static byte[] refuseVariables(ModuleShape.Bytes body) {
        byte[] whole = body.copy().rest();
        int variables = 0;
        for (long left = body.u32(); left > 0; left--) {
            body.octet();
            variables += body.octet();
            body.constant();
        }
        if (variables > 1) {
            throw new InvalidModule("a snapshot keeps memory only, and the module has " + variables + " variables outside of it");
        }
        return whole;
    }

    private static void refusePassive(ModuleShape.Bytes body) {
        for (long left = body.u32(); left > 0; left--) {
            if (body.u32() != 0) {
                throw new InvalidModule("a snapshot cannot keep passive data");
            }
            body.constant();
            body.skip(body.u32());
        }
    }

    private static byte[] data(List<Run> runs, MemorySegment memory) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(number(runs.size()));
        for (Run run : runs) {
            out.write(0); // active, in memory 0
            out.write(0x41); // i32.const
            out.writeBytes(signed((int) run.from()));
            out.write(0x0b);
            out.writeBytes(number(run.to() - run.from()));
            out.writeBytes(memory.asSlice(run.from(), run.to() - run.from()).toArray(JAVA_BYTE));
        }
        return out.toByteArray();
    }

    /** Content that is not zero; gaps of less than a page are kept inside, as few dense runs start faster. */
    private static List<Run> runs(MemorySegment memory) {
        MemorySegment zero = MemorySegment.ofArray(new byte[PIECE]);
        List<Run> runs = new ArrayList<>();
        for (long at = 0; at < memory.byteSize(); at += PIECE) {
            if (memory.asSlice(at, PIECE).mismatch(zero) < 0) {
                continue;
            }
            if (!runs.isEmpty() && at - runs.getLast().to() < PAGE) {
                runs.set(runs.size() - 1, new Run(runs.getLast().from(), at + PIECE));
            } else {
                runs.add(new Run(at, at + PIECE));
            }
        }
        return runs;
    }

    private static byte[] number(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long left = value;
        for (; left > 0x7f; left >>>= 7) {
            out.write((int) (left & 0x7f | 0x80));
        }
        out.write((int) left);
        return out.toByteArray();
    }

    private static byte[] signed(int value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int left = value;
        while (left < -64 || left > 63) {
            out.write(left & 0x7f | 0x80);
            left >>= 7;
        }
        out.write(left & 0x7f);
        return out.toByteArray();
    }
}
