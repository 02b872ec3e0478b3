package dev.cloche.node;

import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes the bodies of all requests together may hold. Any thread may use it. */
final class HeldBytes {
    /** A body is held about this many times: as it came, as text, as input, as output. */
    private static final int COPIES = 4;

    private final AtomicLong left;

    HeldBytes(long most) {
        this.left = new AtomicLong(most);
    }

    /** Half of the heap, for all copies. */
    static HeldBytes ofHeap() {
        return new HeldBytes(Runtime.getRuntime().maxMemory() / 2 / COPIES);
    }

    /** Takes room for a request until its answer has ended, also because the client has gone; false if there is none. */
    boolean take(HttpServerRequest request, long bytes) {
        if (bytes == 0) {
            return true;
        }
        if (left.addAndGet(-bytes) < 0) {
            left.addAndGet(bytes);
            return false;
        }
        AtomicLong mine = new AtomicLong(bytes);
        request.response().endHandler(end -> left.addAndGet(mine.getAndSet(0)));
        return true;
    }
}
