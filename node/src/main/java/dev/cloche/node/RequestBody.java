package dev.cloche.node;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/**
 * Collects a request's body, up to a limit. A body that is too large is read to its end and thrown away, up to four times
 * the limit, so that the sender hears why; beyond that the connection is cut. On the event loop only.
 */
final class RequestBody {
    private static final int PATIENCE = 4;

    private final HttpServerRequest request;
    private final int limit;
    private Buffer collected = Buffer.buffer();
    private long seen;

    private RequestBody(HttpServerRequest request, int limit) {
        this.request = request;
        this.limit = limit;
    }

    /** Calls one of both when the body has ended. */
    static void read(HttpServerRequest request, int limit, Consumer<byte[]> whole, Runnable tooLarge) {
        RequestBody body = new RequestBody(request, limit);
        request.handler(body::add);
        request.endHandler(end -> {
            if (body.seen > limit) {
                tooLarge.run();
            } else {
                whole.accept(body.collected.getBytes());
            }
        });
    }

    private void add(Buffer part) {
        seen += part.length();
        if (seen <= limit) {
            collected.appendBuffer(part);
        } else {
            collected = Buffer.buffer();
            if (seen > (long) PATIENCE * limit) {
                request.connection().close();
            }
        }
    }
}
