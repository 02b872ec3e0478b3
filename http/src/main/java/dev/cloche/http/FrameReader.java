package dev.cloche.http;

/**
 * Takes the frames of the other side out of the bytes as they come (RFC 6455, section 5). Whole frames are unmasked and handed over
 * where they lie, without copies. Not for several threads.
 */
final class FrameReader {
    private static final int LARGEST_CONTROL = 125;

    private final int largest;
    private final boolean masked;
    private final Sink sink;
    /** The beginning of a frame that has not come whole. */
    private final GrowingBytes rest = new GrowingBytes();
    /** The fragments of a message that has not come whole. */
    private final GrowingBytes parts = new GrowingBytes();
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
     * @param masked whether the frames are masked: those of a client are, those of a server are not
     */
    FrameReader(int largest, boolean masked, Sink sink) {
        this.largest = largest;
        this.masked = masked;
        this.sink = sink;
    }

    /** Takes these bytes, which may be changed; {@link Broken} if the other side broke the rules. */
    void take(byte[] bytes, int from, int to) {
        int at = from;
        while (rest.size() > 0 && at < to && sink.isOpen()) {
            int length = length(rest.array(), 0, rest.size());
            int more = Math.min(length - rest.size(), to - at);
            rest.add(bytes, at, more, length);
            at += more;
            if (rest.size() == length(rest.array(), 0, rest.size())) {
                frame(rest.array(), 0, rest.size());
                rest.clear();
            }
        }
        while (at < to && sink.isOpen()) {
            int length = length(bytes, at, to);
            if (to - at < length) {
                rest.add(bytes, at, to - at, length);
                return;
            }
            frame(bytes, at, at + length);
            at += length;
        }
    }

    /** How many bytes the frame has that begins here, its head included; as long as that is unknown, how many have to come first. */
    private int length(byte[] bytes, int from, int to) {
        if (to - from < 2) {
            return 2;
        }
        int code = bytes[from + 1] & 0x7f;
        check(bytes[from] & 0xff, bytes[from + 1], code);
        int wide = code == 126 ? 2 : code == 127 ? 8 : 0;
        int head = 2 + wide + maskBytes();
        if (to - from < head) {
            return head;
        }
        long size = wide == 0 ? code : number(bytes, from + 2, wide);
        if (size < 0 || size > largest - parts.size()) {
            throw new Broken(1009, "a message has at most " + largest + " bytes");
        }
        return head + (int) size;
    }

    private void check(int first, byte second, int length) {
        int opcode = first & 0x0f;
        boolean last = (first & 0x80) != 0;
        if ((first & 0x70) != 0) {
            throw new Broken(1002, "reserved bits are set");
        }
        if (second < 0 != masked) {
            throw new Broken(1002, masked ? "a client masks its frames" : "a server does not mask its frames");
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

    /** A whole frame, head and all. */
    private void frame(byte[] bytes, int from, int to) {
        int code = bytes[from + 1] & 0x7f;
        int payload = from + 2 + (code == 126 ? 2 : code == 127 ? 8 : 0) + maskBytes();
        int length = to - payload;
        if (masked) {
            Mask.read(bytes, payload - Mask.BYTES).apply(bytes, payload, bytes, payload, length);
        }
        int opcode = bytes[from] & 0x0f;
        boolean last = (bytes[from] & 0x80) != 0;
        if (opcode >= Opcode.CLOSE) {
            sink.control(opcode, bytes, payload, length);
        } else if (last && partsOpcode == 0) {
            sink.message(opcode, bytes, payload, length);
        } else {
            fragment(opcode, last, bytes, payload, length);
        }
    }

    private void fragment(int opcode, boolean last, byte[] bytes, int from, int length) {
        partsOpcode = opcode == Opcode.CONTINUATION ? partsOpcode : opcode;
        parts.add(bytes, from, length, 0);
        if (last) {
            int kind = partsOpcode;
            partsOpcode = 0;
            byte[] whole = parts.takeAll();
            sink.message(kind, whole, 0, whole.length);
        }
    }

    private static long number(byte[] bytes, int at, int size) {
        long number = 0;
        for (int i = 0; i < size; i++) {
            number = number << 8 | (bytes[at + i] & 0xff);
        }
        return number;
    }

    private int maskBytes() {
        return masked ? Mask.BYTES : 0;
    }
}
