package dev.cloche.node;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Collects a request's body, up to a limit. A body that is too large is read to its end and thrown away, up to four times
 * the limit, so that the sender hears why; beyond that the connection is cut. On the event loop only.
 */
final class RequestBody {
    private static final int PATIENCE = 4;

    private final HttpServerRequest request;
    private final int limit;
    private byte[] collected;
    private long seen;

    private RequestBody(HttpServerRequest request, int limit, int expected) {
        this.request = request;
        this.limit = limit;
        this.collected = new byte[expected];
    }

    /**
     * Calls one of both when the body has ended.
     *
     * @param expected length that the head announced, within the limit; 0 if it is not known
     */
    static void read(HttpServerRequest request, int limit, int expected, Consumer<byte[]> whole, Runnable tooLarge) {
        RequestBody body = new RequestBody(request, limit, expected);
        request.handler(body::add);
        request.endHandler(end -> {
            if (body.seen > limit) {
                tooLarge.run();
            } else {
                whole.accept(body.seen == body.collected.length ? body.collected : Arrays.copyOf(body.collected, (int) body.seen));
            }
        });
    }

    private void add(Buffer part) {
        long from = seen;
        seen += part.length();
        if (seen > limit) {
            collected = new byte[0];
            if (seen > (long) PATIENCE * limit) {
                request.connection().close();
            }
            return;
        }
        if (seen > collected.length) {
            collected = Arrays.copyOf(collected, (int) Math.min(limit, Math.max(seen, 2L * collected.length)));
        }
        part.getBytes(collected, (int) from);
    }
}
