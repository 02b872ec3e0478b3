package dev.cloche.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Frames on their way to a client, one after the other in one array, so that many leave in one write. Used by several threads.
 */
final class FrameQueue {
    /** Arrays up to this size are used again. */
    private static final int KEPT = 256 * 1024;

    private final long limit;
    private byte[] bytes = new byte[0];
    private byte @Nullable [] spare;
    private int size;
    private long flying;
    private boolean scheduled;
    private boolean ended;

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

    /** Bytes to be written now. */
    record Batch(byte[] bytes, int size) {}

    /**
     * An empty queue.
     *
     * @param limit most bytes that may wait when another frame comes
     */
    FrameQueue(long limit) {
        this.limit = limit;
    }

    /** Adds a frame; a control frame is taken also by a full queue. */
    synchronized Outcome add(int opcode, byte[] payload, int from, int length) {
        if (ended) {
            return Outcome.ENDED;
        }
        if (opcode < FrameReader.Opcode.CLOSE && size + flying > limit) {
            return Outcome.FULL;
        }
        int head = length < 126 ? 2 : length < 65536 ? 4 : 10;
        reserve(head + length);
        bytes[size] = (byte) (0x80 | opcode);
        if (head == 2) {
            bytes[size + 1] = (byte) length;
        } else {
            bytes[size + 1] = (byte) (head == 4 ? 126 : 127);
            for (int i = 2; i < head; i++) {
                bytes[size + i] = (byte) ((long) length >>> 8 * (head - 1 - i));
            }
        }
        System.arraycopy(payload, from, bytes, size + head, length);
        size += head + length;
        ended = opcode == FrameReader.Opcode.CLOSE;
        boolean first = !scheduled;
        scheduled = true;
        return first ? Outcome.FIRST : Outcome.WAITS;
    }

    /** Forgets what nobody has taken yet. */
    synchronized void dropWaiting() {
        size = 0;
    }

    /** From now on nothing is taken, and nothing waits. */
    synchronized void end() {
        ended = true;
        size = 0;
    }

    /** All that waits, to be given back by {@link #done}; empty if there is nothing. */
    synchronized Batch takeAll() {
        scheduled = false;
        Batch batch = new Batch(bytes, size);
        flying += size;
        if (size > 0) {
            bytes = spare == null ? new byte[Math.min(batch.bytes.length, KEPT)] : spare;
            spare = null;
            size = 0;
        }
        return batch;
    }

    /** The batch was written. */
    synchronized void done(Batch batch) {
        flying -= batch.size;
        if (batch.bytes.length <= KEPT) {
            spare = batch.bytes;
        }
    }

    /** How many bytes wait or are being written. */
    synchronized long waiting() {
        return size + flying;
    }

    private void reserve(int more) {
        long needed = (long) size + more;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(needed, Math.min(Integer.MAX_VALUE - 16, Math.max(512, 2L * bytes.length))));
        }
    }
}
