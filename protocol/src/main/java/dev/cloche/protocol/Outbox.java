package dev.cloche.protocol;

import dev.cloche.http.Socket;
import dev.cloche.values.BsatnWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The way of messages to one client: holds back what is not durable yet, puts several into a frame (version 3), compresses
 * away from the database's thread, and gives up on a client for which too much waits. Keeps the order. Used by several threads.
 */
final class Outbox {
    /** A frame of version 3 is sent when it has so many bytes. */
    private static final int FULL = 512 * 1024;

    private final Socket socket;
    private final Settings settings;
    private final Deque<Held> held = new ArrayDeque<>();
    private final Deque<Frame> backlog = new ArrayDeque<>();
    private BsatnWriter batch = new BsatnWriter();
    private long waiting;
    private boolean draining;
    private volatile boolean holding;
    private boolean dropped;

    /**
     * How a client wants its messages.
     *
     * @param confirmed whether it wants to see nothing that could be lost
     * @param durable the number of the last transaction that cannot be lost
     * @param limit most bytes that may wait here when another message comes
     */
    record Settings(Subprotocol protocol, FrameCompression compression, boolean confirmed, LongSupplier durable, long limit) {}

    private record Held(Frame frame, long offset) {}

    Outbox(Socket socket, Settings settings) {
        this.socket = socket;
        this.settings = settings;
    }

    /**
     * Sends a message.
     *
     * @param bytes of the message; of binary protocols behind one byte 0, and used only during the call
     * @param offset of the last transaction that it shows; 0 for none
     */
    synchronized void send(byte[] bytes, int size, long offset) {
        if (mustWait(offset)) {
            hold(new Frame(Arrays.copyOf(bytes, size)), offset);
        } else {
            pass(bytes, size, null);
        }
    }

    /** Sends a message that others get, too. */
    synchronized void send(Frame frame, long offset) {
        if (mustWait(offset)) {
            hold(frame, offset);
        } else {
            pass(frame.plain(), frame.plain().length, frame);
        }
    }

    /** Sends what shows nothing beyond this transaction. */
    void durable(long offset) {
        if (holding) {
            release(offset);
        }
    }

    private synchronized void release(long offset) {
        while (!held.isEmpty() && held.getFirst().offset() <= offset) {
            Frame frame = held.removeFirst().frame();
            waiting -= frame.plain().length;
            pass(frame.plain(), frame.plain().length, frame);
        }
        holding = !held.isEmpty();
    }

    /** Ends the connection after all that was sent before and is not held back. */
    synchronized void close(int code, String reason) {
        emitBatch();
        if (backlog.isEmpty()) {
            socket.close(code, reason);
        } else {
            // what is being compressed is lost, as it would be if the connection broke
            drop(code, reason);
        }
    }

    private boolean mustWait(long offset) {
        return settings.confirmed() && (!held.isEmpty() || offset > settings.durable().getAsLong());
    }

    private void hold(Frame frame, long offset) {
        if (weigh(frame.plain().length)) {
            held.add(new Held(frame, offset));
            holding = true;
            if (offset <= settings.durable().getAsLong()) {
                // it became durable meanwhile, and who tells us may have seen that nothing was held
                release(settings.durable().getAsLong());
            }
        }
    }

    private void pass(byte[] bytes, int size, @Nullable Frame shared) {
        if (dropped) {
            return;
        }
        switch (settings.protocol()) {
            case V3 -> addToBatch(bytes, size);
            case V2, V1 -> frame(bytes, size, shared);
            case V1_JSON -> socket.text(bytes.length == size ? bytes : Arrays.copyOf(bytes, size));
        }
    }

    private void addToBatch(byte[] bytes, int size) {
        if (batch.size() == 0) {
            batch.writeU8(0);
            socket.execute(this::emit);
        }
        batch.writeRaw(bytes, 1, size - 1);
        if (batch.size() >= FULL) {
            emitBatch();
        }
    }

    private synchronized void emit() {
        emitBatch();
    }

    private void emitBatch() {
        if (batch.size() > 1) {
            frame(batch.array(), batch.size(), null);
        }
        if (batch.size() > 2 * FULL) {
            batch = new BsatnWriter();
        }
        batch.clear();
    }

    private void frame(byte[] bytes, int size, @Nullable Frame shared) {
        boolean plain = settings.compression() == FrameCompression.NONE || size - 1 <= FrameCompression.FROM;
        if (plain && backlog.isEmpty()) {
            socket.binary(bytes, 0, size);
        } else if (weigh(size)) {
            backlog.add(shared == null ? new Frame(Arrays.copyOf(bytes, size)) : shared);
            if (!draining) {
                draining = true;
                Thread.ofVirtual().name("compress").start(this::drain);
            }
        }
    }

    /** Compresses and sends, one after the other, until nothing is left. */
    private void drain() {
        while (true) {
            Frame frame;
            synchronized (this) {
                if (backlog.isEmpty()) {
                    draining = false;
                    return;
                }
                frame = backlog.getFirst();
            }
            byte[] plain = frame.plain();
            byte[] bytes = plain.length - 1 <= FrameCompression.FROM ? plain : frame.compressed(settings.compression());
            synchronized (this) {
                if (!backlog.isEmpty()) {
                    socket.binary(bytes, 0, bytes.length);
                    backlog.removeFirst();
                    waiting -= plain.length;
                }
            }
        }
    }

    private boolean weigh(int size) {
        if (dropped) {
            return false;
        }
        if (waiting > settings.limit()) {
            drop(Socket.POLICY, "the client is too slow: more than " + settings.limit() + " bytes wait for it");
            return false;
        }
        waiting += size;
        return true;
    }

    private void drop(int code, String reason) {
        dropped = true;
        held.clear();
        backlog.clear();
        batch.clear();
        waiting = 0;
        socket.close(code, reason);
    }
}
