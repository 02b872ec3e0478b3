package dev.cloche.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to the other side, one after the other, so that many leave in one write. Small ones are copied behind each
 * other; large ones are sent from where they lie, unless they have to be masked. Used by several threads.
 */
final class FrameQueue {
    /** Arrays up to this size are used again. */
    private static final int KEPT = 256 * 1024;
    /** Payloads from this size on are not copied, where that was allowed. */
    private static final int LARGE = 64 * 1024;

    private final long limit;
    private final boolean masked;
    private List<Piece> full = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private byte @Nullable [] spare;
    private int size;
    private long fullBytes;
    private long flying;
    private boolean scheduled;
    private boolean ended;
    /** For what follows of the frame that was opened last. */
    private Mask mask = Mask.NONE;

    /** What became of a frame. */
    enum Outcome {
        /** It waits, and somebody will come for it. */
        WAITS,
        /** It waits, and the caller has to see that {@link FrameQueue#takeAll} is called. */
        FIRST,
        /** It was not taken, because too many bytes wait already. */
        FULL,
        /** It was not taken, because nothing more is sent. */
        ENDED
    }

    /** So many bytes from the beginning of an array. */
    record Piece(byte[] bytes, int size) {}

    /** Pieces to be written now, one after the other; together so many bytes. */
    record Batch(List<Piece> pieces, long size) {}

    /**
     * An empty queue.
     *
     * @param limit most bytes that may wait when another frame comes
     * @param masked whether frames are masked: a client's are
     */
    FrameQueue(long limit, boolean masked) {
        this.limit = limit;
        this.masked = masked;
    }

    /** Adds a frame, whose payload is copied; a control frame is taken also by a full queue. */
    synchronized Outcome add(int opcode, byte[] payload, int from, int length) {
        Outcome outcome = open(opcode, length, length);
        if (outcome == Outcome.FIRST || outcome == Outcome.WAITS) {
            put(payload, from, length);
        }
        return outcome;
    }

    /** Adds a frame with a payload of two parts; the second one is not copied if it is large, and must not be changed any more. */
    synchronized Outcome add(int opcode, byte[] begin, byte[] rest) {
        boolean large = !masked && rest.length >= LARGE;
        Outcome outcome = open(opcode, Math.addExact(begin.length, rest.length), large ? begin.length : begin.length + rest.length);
        if (outcome == Outcome.FIRST || outcome == Outcome.WAITS) {
            put(begin, 0, begin.length);
            if (large) {
                seal();
                full.add(new Piece(rest, rest.length));
                fullBytes += rest.length;
            } else {
                put(rest, 0, rest.length);
            }
        }
        return outcome;
    }

    /** Forgets what nobody has taken yet. */
    synchronized void dropWaiting() {
        size = 0;
        full = new ArrayList<>();
        fullBytes = 0;
    }

    /** From now on nothing is taken, and nothing waits. */
    synchronized void end() {
        ended = true;
        dropWaiting();
    }

    /** All that waits, to be given back by {@link #done}; empty if there is nothing. */
    synchronized Batch takeAll() {
        scheduled = false;
        if (size > 0) {
            seal();
        }
        Batch batch = new Batch(full, fullBytes);
        if (fullBytes > 0) {
            flying += fullBytes;
            full = new ArrayList<>();
            fullBytes = 0;
        }
        return batch;
    }

    /** The batch was written. */
    synchronized void done(Batch batch) {
        flying -= batch.size;
        byte[] first = batch.pieces.getFirst().bytes;
        if (first.length <= KEPT) {
            spare = first;
        }
    }

    /** How many bytes wait or are being written. */
    synchronized long waiting() {
        return fullBytes + size + flying;
    }

    /** Writes the head of a frame, and makes room for it and for what of its payload will be copied. */
    private Outcome open(int opcode, int length, int copied) {
        if (ended) {
            return Outcome.ENDED;
        }
        if (opcode < FrameReader.Opcode.CLOSE && waiting() > limit) {
            return Outcome.FULL;
        }
        int head = length < 126 ? 2 : length < 65536 ? 4 : 10;
        reserve(head + Mask.BYTES + copied);
        int isMasked = masked ? 0x80 : 0;
        bytes[size] = (byte) (0x80 | opcode);
        if (head == 2) {
            bytes[size + 1] = (byte) (isMasked | length);
        } else {
            bytes[size + 1] = (byte) (isMasked | (head == 4 ? 126 : 127));
            for (int i = 2; i < head; i++) {
                bytes[size + i] = (byte) ((long) length >>> 8 * (head - 1 - i));
            }
        }
        size += head;
        if (masked) {
            mask = Mask.any();
            mask.write(bytes, size);
            size += Mask.BYTES;
        }
        ended = opcode == FrameReader.Opcode.CLOSE;
        boolean first = !scheduled;
        scheduled = true;
        return first ? Outcome.FIRST : Outcome.WAITS;
    }

    /** Adds to the payload of the frame that was opened last. */
    private void put(byte[] payload, int from, int length) {
        mask.apply(payload, from, bytes, size, length);
        mask = mask.after(length);
        size += length;
    }

    /** What is being filled is full. */
    private void seal() {
        full.add(new Piece(bytes, size));
        fullBytes += size;
        bytes = spare == null ? new byte[Math.min(bytes.length, KEPT)] : spare;
        spare = null;
        size = 0;
    }

    private void reserve(int more) {
        long needed = (long) size + more;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 16, Math.max(512, 2L * bytes.length))));
        }
    }
}
