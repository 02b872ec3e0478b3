package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gathers the body of a paused request, up to a limit that is known late; bytes above it are never kept. */
final class BodyCollector {
    /** How much of an unwanted body is taken and dropped, so that the client hears the answer before the end. */
    private static final long DROPPED = 4 * 1024 * 1024;
    private static final Duration DROPPING = Duration.ofSeconds(2);

    private final HttpServerRequest request;
    private final Duration stall;
    private final long declared;
    private final boolean isChunked;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final GrowingBytes gathered = new GrowingBytes();
    private long limit;
    private boolean dropping;
    private long received;
    private boolean started;

    /** Called on the event loop with the request paused. */
    BodyCollector(HttpServerRequest request, Duration stall) {
        this.request = request;
        this.stall = stall;
        this.declared = declaredLength(request);
        this.isChunked = request.getHeader("transfer-encoding") != null;
        request.handler(this::take);
        request.endHandler(done -> ended.complete(true));
        request.exceptionHandler(gone -> ended.completeExceptionally(new FrontDoor.ClientGone("the body ended early")));
    }

    /** How large the body can be: as declared, or the limit if it comes in chunks; a body above the limit is never held. */
    long mostBytes(long bodyLimit) {
        if (declared > bodyLimit) {
            return 0;
        }
        return isChunked ? bodyLimit : declared;
    }

    /** The whole body; a longer one than the limit is a problem, and so is one that stalls. */
    byte[] read(long bodyLimit, boolean sendContinue) throws IOException {
        if (declared > bodyLimit) {
            throw Router.tooLarge(bodyLimit);
        }
        synchronized (this) {
            limit = bodyLimit;
            started = true;
        }
        if (sendContinue) {
            request.response().writeContinue();
        }
        request.resume();
        awaitEnd();
        synchronized (this) {
            return gathered.takeAll();
        }
    }

    /** Whether the body is used up, so that the connection can serve another request; drops what is left of a small one. */
    boolean finish(boolean waitsForContinue) throws InterruptedException {
        if (ended.isDone()) {
            return !ended.isCompletedExceptionally();
        }
        if (waitsForContinue && !isStarted()) {
            return false;
        }
        synchronized (this) {
            dropping = true;
            gathered.clear();
        }
        request.resume();
        try {
            return ended.get(DROPPING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private synchronized boolean isStarted() {
        return started;
    }

    private void awaitEnd() throws IOException {
        long before = -1;
        while (true) {
            try {
                if (!ended.get(stall.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw Router.tooLarge(limit);
                }
                return;
            } catch (TimeoutException e) {
                long now = receivedSoFar();
                // a trickle is a stall, too: at least a kilobyte in each period
                if (now - before < 1024) {
                    throw Problem.of(ErrorCode.INVALID_REQUEST, "The body did not come in time.");
                }
                before = now;
            } catch (ExecutionException e) {
                throw new FrontDoor.ClientGone("the body ended early");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FrontDoor.ClientGone("the server stops");
            }
        }
    }

    private synchronized long receivedSoFar() {
        return received;
    }

    private synchronized void take(Buffer chunk) {
        received += chunk.length();
        if (dropping) {
            if (received > DROPPED) {
                request.pause();
                ended.complete(false);
            }
        } else if (received > limit) {
            gathered.clear();
            request.pause();
            ended.complete(false);
        } else {
            int at = gathered.extend(chunk.length(), isChunked ? 0 : (int) declared);
            chunk.getBytes(gathered.array(), at);
        }
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
