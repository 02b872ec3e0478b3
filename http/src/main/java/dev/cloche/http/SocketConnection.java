package dev.cloche.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A WebSocket on a connection that has left HTTP behind. */
final class SocketConnection implements Socket, FrameReader.Sink {
    private static final System.Logger LOG = System.getLogger(SocketConnection.class.getName());
    private static final int LONGEST_REASON = 123;
    /** How long somebody who was too slow may take for what was on its way, so that they get the reason. */
    private static final int SLOW_CLOSING = 20;

    private final NetSocket socket;
    private final Context context;
    private final SocketLimits limits;
    private final FrameQueue queue;
    private final FrameReader reader;
    private final SocketListener listener;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean open = true;
    private volatile boolean paused;
    private volatile long heard = System.nanoTime();
    private volatile long asked = System.nanoTime();

    /**
     * On the connection's event loop.
     *
     * @param isClient whether we opened it, and mask what we send
     */
    SocketConnection(NetSocket socket, Context context, SocketLimits limits, boolean isClient, SocketOpener opener) {
        this.socket = socket;
        this.context = context;
        this.limits = limits;
        this.queue = new FrameQueue(limits.queued(), isClient);
        this.reader = new FrameReader(limits.message(), !isClient, this);
        socket.closeHandler(gone -> finish());
        socket.exceptionHandler(broken -> cut());
        this.listener = opener.open(this);
        socket.handler(this::take);
    }

    @Override
    public void binary(byte[] bytes, int from, int length) {
        send(FrameReader.Opcode.BINARY, bytes, from, length);
    }

    @Override
    public void binary(byte[] begin, byte[] rest) {
        if (open) {
            sent(queue.add(FrameReader.Opcode.BINARY, begin, rest));
        }
    }

    @Override
    public void text(byte[] utf8) {
        send(FrameReader.Opcode.TEXT, utf8, 0, utf8.length);
    }

    @Override
    public void close(int code, String reason) {
        close(code, reason, limits.closing().toMillis());
    }

    @Override
    public void cut() {
        open = false;
        queue.end();
        socket.close();
    }

    @Override
    public void pause() {
        paused = true;
        onLoop(() -> {
            if (paused) {
                socket.pause();
            }
        });
    }

    @Override
    public void resume() {
        paused = false;
        heard = System.nanoTime();
        onLoop(() -> {
            if (!paused) {
                socket.resume();
            }
        });
    }

    @Override
    public void execute(Runnable work) {
        onLoop(work);
    }

    @Override
    public long queued() {
        return queue.waiting();
    }

    /** Asks a silent other side whether it is there, and ends one that does not say so; called about once a second. */
    void watch() {
        long now = System.nanoTime();
        if (!open) {
            return;
        }
        if (!paused && now - heard > limits.idle().toNanos()) {
            cut();
        } else if (now - asked >= limits.ping().toNanos()) {
            asked = now;
            send(FrameReader.Opcode.PING, new byte[0], 0, 0);
        }
    }

    @Override
    public void message(int opcode, byte[] bytes, int from, int length) {
        if (opcode == FrameReader.Opcode.BINARY) {
            listener.binary(bytes, from, length);
        } else {
            listener.text(utf8(bytes, from, length));
        }
    }

    @Override
    public void control(int opcode, byte[] bytes, int from, int length) {
        if (opcode == FrameReader.Opcode.PING) {
            send(FrameReader.Opcode.PONG, bytes, from, length);
        } else if (opcode == FrameReader.Opcode.CLOSE) {
            answerClose(bytes, from, length);
        }
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /** Bytes that came. */
    void take(Buffer buffer) {
        heard = System.nanoTime();
        if (!open) {
            return;
        }
        try {
            ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
            if (bytes.hasArray() && !bytes.isReadOnly()) {
                int from = bytes.arrayOffset() + bytes.readerIndex();
                reader.take(bytes.array(), from, from + bytes.readableBytes());
            } else {
                byte[] copy = buffer.getBytes();
                reader.take(copy, 0, copy.length);
            }
        } catch (FrameReader.Broken e) {
            close(e.code, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "event=socket-failed", e);
            close(FAILED, "this message could not be taken");
        }
    }

    private void answerClose(byte[] bytes, int from, int length) {
        int code = length >= 2 ? (bytes[from] & 0xff) << 8 | (bytes[from + 1] & 0xff) : NORMAL;
        boolean valid = length != 1 && (code >= 3000 && code < 5000 || code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006);
        String reason = length > 2 ? utf8(bytes, from + 2, length - 2) : "";
        listener.ending(code, reason);
        close(valid ? code : 1002, "", 0);
    }

    private void send(int opcode, byte[] bytes, int from, int length) {
        if (open) {
            sent(queue.add(opcode, bytes, from, length));
        }
    }

    private void sent(FrameQueue.Outcome outcome) {
        switch (outcome) {
            case FIRST -> context.runOnContext(now -> flush());
            case FULL -> {
                queue.dropWaiting();
                LOG.log(System.Logger.Level.INFO, "event=socket-too-slow bytes=" + queue.waiting());
                close(POLICY, "the other side is too slow: more than " + limits.queued() + " bytes wait for it", limits.closing().toMillis() * SLOW_CLOSING);
            }
            case WAITS, ENDED -> { }
        }
    }

    private void close(int code, String reason, long grace) {
        byte[] text = cut(reason);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        send(FrameReader.Opcode.CLOSE, payload, 0, payload.length);
        if (open) {
            open = false;
            onLoop(() -> endAfter(grace));
        }
    }

    /** On the event loop: the connection ends when all is written, or after a while. */
    private void endAfter(long grace) {
        flush();
        if (grace == 0) {
            socket.end();
            return;
        }
        // what the client still says is not read, but its end is heard
        context.owner().setTimer(grace, id -> socket.close());
    }

    private void flush() {
        if (socket.writeQueueFull()) {
            socket.drainHandler(drained -> flush());
            return;
        }
        FrameQueue.Batch batch = queue.takeAll();
        if (batch.size() > 0) {
            // one by one: together they would be copied into one
            Future<Void> written = Future.succeededFuture();
            for (FrameQueue.Piece piece : batch.pieces()) {
                written = socket.write(BufferInternal.buffer(Unpooled.wrappedBuffer(piece.bytes(), 0, piece.size())));
            }
            written.onComplete(done -> queue.done(batch));
        }
    }

    private void onLoop(Runnable work) {
        context.runOnContext(now -> work.run());
    }

    private void finish() {
        open = false;
        queue.end();
        try {
            listener.closed();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "event=socket-failed", e);
        } finally {
            ended.complete(null);
        }
    }

    /** Runs this when it is over. */
    void whenEnded(Runnable then) {
        ended.thenRun(then);
    }

    /** Waits until it is over; when the waiting thread is interrupted, because the server stops, the client is told. */
    void awaitEnd() throws InterruptedException {
        try {
            ended.get();
        } catch (InterruptedException e) {
            close(GOING_AWAY, "the server stops");
            ended.orTimeout(2 * limits.closing().toMillis(), TimeUnit.MILLISECONDS).exceptionally(late -> null).join();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("it never ends badly", e);
        }
    }

    private static String utf8(byte[] bytes, int from, int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length)).toString();
        } catch (CharacterCodingException e) {
            throw new FrameReader.Broken(1007, "text is UTF-8");
        }
    }

    private static byte[] cut(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        if (text.length <= LONGEST_REASON) {
            return text;
        }
        int end = LONGEST_REASON;
        while ((text[end] & 0xc0) == 0x80) {
            end--;
        }
        return Arrays.copyOf(text, end);
    }
}
