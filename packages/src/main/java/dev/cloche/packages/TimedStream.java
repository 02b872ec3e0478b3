package dev.cloche.packages;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream that gives up when nothing comes for too long, or when the whole takes too long. Read by one thread, which is
 * the one that makes it; a second thread watches until the stream is closed.
 */
final class TimedStream extends FilterInputStream {
    private final Thread reader = Thread.currentThread();
    private final Thread watch;
    private final AtomicLong lastByte = new AtomicLong(System.nanoTime());
    private boolean closed;
    private boolean expired;

    /** Limits this stream. */
    TimedStream(InputStream in, Duration stall, Duration whole) {
        super(in);
        long end = System.nanoTime() + whole.toNanos();
        this.watch = Thread.ofVirtual().name("package-transfer-watch").start(() -> watch(stall, end));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            int n = super.read(bytes, offset, length);
            lastByte.set(System.nanoTime());
            return n;
        } catch (IOException e) {
            synchronized (this) {
                if (expired) {
                    throw new IOException("the package index stopped sending", e);
                }
            }
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (this) {
            closed = true;
            if (expired) {
                // The interrupt was meant for the read that it ended.
                Thread.interrupted();
            }
        }
        watch.interrupt();
        super.close();
    }

    private void watch(Duration stall, long end) {
        try {
            while (true) {
                Thread.sleep(Math.min(250, stall.toMillis()));
                long now = System.nanoTime();
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    if (now - lastByte.get() > stall.toNanos() || now > end) {
                        expired = true;
                        reader.interrupt();
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            // the stream was closed
        }
    }
}
