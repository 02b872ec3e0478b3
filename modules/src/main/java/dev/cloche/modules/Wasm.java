package dev.cloche.modules;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Reads the binary form of WebAssembly as far as packing needs it: sections, numbers, constant offsets. Not for several threads. */
final class Wasm {
    /** Bytes before the first section. */
    static final int HEADER = 8;
    private static final byte[] MAGIC = {0, 'a', 's', 'm', 1, 0, 0, 0};

    private final byte[] bytes;
    private int at;

    /** One section: its number and content. */
    record Section(int id, byte[] body) {}

    /** A module, before its first section. */
    Wasm(byte[] module) {
        this(module, HEADER);
        if (module.length < HEADER || !Arrays.equals(module, 0, HEADER, MAGIC, 0, HEADER)) {
            throw new ModuleRefused(ModuleRefused.Reason.NOT_WEBASSEMBLY, "This is no WebAssembly module.");
        }
    }

    /** Any bytes, from a position. */
    Wasm(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int position() {
        return at;
    }

    Section section() {
        int id = next();
        return new Section(id, readBytes(readUnsigned()));
    }

    byte[] rest() {
        return Arrays.copyOfRange(bytes, at, bytes.length);
    }

    byte[] readBytes(int count) {
        if (count < 0 || count > bytes.length - at) {
            throw damaged();
        }
        at += count;
        return Arrays.copyOfRange(bytes, at - count, at);
    }

    /** An unsigned number of at most 31 bits. */
    int readUnsigned() {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = next();
            value |= (long) (part & 127) << shift;
            if (part < 128) {
                if (value > Integer.MAX_VALUE) {
                    throw damaged();
                }
                return (int) value;
            }
        }
        throw damaged();
    }

    /** The address of an active segment: a constant, and the end of its expression. */
    int readOffset() {
        if (next() != 0x41) {
            throw damaged();
        }
        int value = 0;
        int shift = 0;
        int part;
        do {
            part = next();
            value |= (part & 127) << shift;
            shift += 7;
        } while (part >= 128 && shift < 35);
        if (shift < 32 && (part & 64) != 0) {
            value |= -1 << shift;
        }
        if (next() != 0x0b) {
            throw damaged();
        }
        return value;
    }

    private int next() {
        if (at >= bytes.length) {
            throw damaged();
        }
        return bytes[at++] & 0xff;
    }

    private static ModuleRefused damaged() {
        return new ModuleRefused(ModuleRefused.Reason.NOT_WEBASSEMBLY, "The WebAssembly module is damaged.");
    }

    static byte[] unsigned(int number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(5);
        int left = number;
        while (left > 127) {
            out.write(left & 127 | 128);
            left >>>= 7;
        }
        out.write(left);
        return out.toByteArray();
    }

    static byte[] signed(int number) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(5);
        int left = number;
        while (true) {
            int low = left & 127;
            left >>= 7;
            if (left == 0 && (low & 64) == 0 || left == -1 && (low & 64) != 0) {
                out.write(low);
                return out.toByteArray();
            }
            out.write(low | 128);
        }
    }
}
