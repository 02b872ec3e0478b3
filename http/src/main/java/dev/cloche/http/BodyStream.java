package dev.cloche.http;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.TimeoutException;

/**
 * The body of a streamed answer: gathers up to 16 KiB, then sends and waits until the connection has taken it. The first
 * {@link #flush()} sends the head of the answer even if there is nothing behind it yet.
 */
final class BodyStream extends OutputStream {
    private static final int CHUNK = 16 * 1024;

    private final Sink sink;
    private Buffer gathered = Buffer.buffer();
    private boolean begun;

    /** Sends bytes and returns when the connection has taken them. */
    @FunctionalInterface
    interface Sink {
        void send(Buffer bytes) throws IOException, TimeoutException, InterruptedException;
    }

    BodyStream(Sink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, CHUNK - gathered.length());
            gathered.appendBytes(bytes, offset + done, part);
            done += part;
            if (gathered.length() == CHUNK) {
                flush();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (gathered.length() == 0 && begun) {
            return;
        }
        begun = true;
        Buffer full = gathered;
        gathered = Buffer.buffer();
        try {
            sink.send(full);
        } catch (TimeoutException e) {
            throw new IOException("the client does not take the answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the stream was ended");
        }
    }

    @Override
    public void close() throws IOException {
        if (gathered.length() > 0) {
            flush();
        }
    }
}
