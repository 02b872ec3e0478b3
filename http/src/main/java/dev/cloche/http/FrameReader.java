package dev.cloche.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Takes the frames of a client out of the bytes as they come (RFC 6455, section 5). Whole frames are unmasked and handed over
 * where they lie, without copies. Not for several threads.
 */
final class FrameReader {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MASK_BYTES = 4;
    private static final int LARGEST_CONTROL = 125;
    private static final int KEPT = 64 * 1024;

    private final int largest;
    private final Sink sink;
    private byte[] rest = new byte[0];
    private int restSize;
    private byte[] parts = new byte[0];
    private int partsSize;
    private int partsOpcode;

    /** What gets the frames. */
    interface Sink {
        /** A whole message; {@code opcode} is {@link Opcode#TEXT} or {@link Opcode#BINARY}. */
        void message(int opcode, byte[] bytes, int from, int length);

        /** A ping, pong or close frame. */
        void control(int opcode, byte[] bytes, int from, int length);

        /** Whether bytes that follow are still of interest. */
        boolean isOpen();
    }

    /** The kinds of frames. */
    static final class Opcode {
        static final int CONTINUATION = 0;
        static final int TEXT = 1;
        static final int BINARY = 2;
        static final int CLOSE = 8;
        static final int PING = 9;
        static final int PONG = 10;

        private Opcode() {}
    }

    /** A frame that breaks the rules; the socket ends with this code. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final int code;

        Broken(int code, String reason) {
            super(reason, null, false, false);
            this.code = code;
        }
    }

    /**
     * A reader of messages.
     *
     * @param largest most bytes of a message
     */
    FrameReader(int largest, Sink sink) {
        this.largest = largest;
        this.sink = sink;
    }

    /** Takes these bytes, which may be changed; {@link Broken} if the client broke the rules. */
    void take(byte[] bytes, int from, int to) {
        if (restSize == 0) {
            int at = frames(bytes, from, to);
            keep(bytes, at, to);
            return;
        }
        keep(bytes, from, to);
        byte[] all = rest;
        int size = restSize;
        int at = frames(all, 0, size);
        restSize = size - at;
        System.arraycopy(all, at, rest, 0, restSize);
        if (restSize == 0 && rest.length > KEPT) {
            rest = new byte[0];
        }
    }

    private void keep(byte[] bytes, int from, int to) {
        int more = to - from;
        if (restSize + more > rest.length) {
            rest = Arrays.copyOf(rest, Math.max(restSize + more, (int) Math.min(2L * rest.length, (long) largest + KEPT)));
        }
        System.arraycopy(bytes, from, rest, restSize, more);
        restSize += more;
    }

    /** Hands over the whole frames and returns where the first incomplete one begins. */
    private int frames(byte[] bytes, int from, int to) {
        int at = from;
        while (to - at >= 2 && sink.isOpen()) {
            int length = bytes[at + 1] & 0x7f;
            int head = 2 + (length == 126 ? 2 : length == 127 ? 8 : 0);
            check(bytes[at] & 0xff, bytes[at + 1], length);
            if (to - at < head) {
                return at;
            }
            long size = length < 126 ? length : number(bytes, at + 2, head - 2);
            if (size < 0 || size > largest - partsSize) {
                throw new Broken(1009, "a message has at most " + largest + " bytes");
            }
            int payload = at + head + MASK_BYTES;
            if (to - payload < size) {
                return at;
            }
            unmask(bytes, payload, (int) size);
            frame(bytes[at] & 0xff, bytes, payload, (int) size);
            at = payload + (int) size;
        }
        return sink.isOpen() ? at : to;
    }

    private void check(int first, byte second, int length) {
        int opcode = first & 0x0f;
        boolean last = (first & 0x80) != 0;
        if ((first & 0x70) != 0) {
            throw new Broken(1002, "reserved bits are set");
        }
        if (second >= 0) {
            throw new Broken(1002, "a client masks its frames");
        }
        if (opcode >= Opcode.CLOSE && (!last || length > LARGEST_CONTROL)) {
            throw new Broken(1002, "a control frame is whole and has at most 125 bytes");
        }
        boolean known = opcode <= Opcode.BINARY || (opcode >= Opcode.CLOSE && opcode <= Opcode.PONG);
        boolean inOrder = opcode >= Opcode.CLOSE || (opcode == Opcode.CONTINUATION) == (partsOpcode != 0);
        if (!known || !inOrder) {
            throw new Broken(1002, known ? "fragments are out of order" : "unknown opcode " + opcode);
        }
    }

    private void frame(int first, byte[] bytes, int from, int length) {
        int opcode = first & 0x0f;
        boolean last = (first & 0x80) != 0;
        if (opcode >= Opcode.CLOSE) {
            sink.control(opcode, bytes, from, length);
        } else if (last && partsOpcode == 0) {
            sink.message(opcode, bytes, from, length);
        } else {
            fragment(opcode, last, bytes, from, length);
        }
    }

    private void fragment(int opcode, boolean last, byte[] bytes, int from, int length) {
        partsOpcode = opcode == Opcode.CONTINUATION ? partsOpcode : opcode;
        if (partsSize + length > parts.length) {
            parts = Arrays.copyOf(parts, (int) Math.min(largest, Math.max(partsSize + (long) length, 2L * parts.length)));
        }
        System.arraycopy(bytes, from, parts, partsSize, length);
        partsSize += length;
        if (last) {
            byte[] whole = parts;
            int size = partsSize;
            int kind = partsOpcode;
            parts = new byte[0];
            partsSize = 0;
            partsOpcode = 0;
            sink.message(kind, whole, 0, size);
        }
    }

    private static long number(byte[] bytes, int at, int size) {
        long number = 0;
        for (int i = 0; i < size; i++) {
            number = number << 8 | (bytes[at + i] & 0xff);
        }
        return number;
    }

    private static void unmask(byte[] bytes, int from, int length) {
        int mask = (bytes[from - 4] & 0xff) | (bytes[from - 3] & 0xff) << 8 | (bytes[from - 2] & 0xff) << 16 | bytes[from - 1] << 24;
        if (mask == 0) {
            return;
        }
        long wide = (mask & 0xffff_ffffL) | (long) mask << 32;
        int at = 0;
        for (; at + 8 <= length; at += 8) {
            LONG.set(bytes, from + at, (long) LONG.get(bytes, from + at) ^ wide);
        }
        for (; at < length; at++) {
            bytes[from + at] ^= (byte) (mask >>> 8 * (at & 3));
        }
    }
}
