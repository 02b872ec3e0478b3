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

/**
 * Gathers the body of a paused request, up to a limit that is known late; bytes above it are never kept.
 *
 * <p>A body that nobody wants is dropped within bounds: a little of it before the answer, so that the connection can be used
 * again, and more after the answer, since a client that is still sending would lose the answer with its connection (RFC 9112,
 * section 9.6).
 */
final class BodyCollector {
    /** How much of an unwanted body is dropped before the answer, and for how long. */
    private static final long DROPPED = 4 * 1024 * 1024;
    private static final Duration DROPPING = Duration.ofSeconds(2);
    /** How much of it is dropped after the answer, and for how long: for clients that read no answer before they have sent all. */
    private static final long LINGERED = 256 * 1024 * 1024;
    private static final Duration LINGERING = Duration.ofSeconds(30);
    /** A trickle is a stall, too: of so many bytes at least in each period. */
    private static final long TRICKLE = 1024;
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final HttpServerRequest request;
    private final Duration stall;
    private final long declared;
    private final boolean isChunked;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final GrowingBytes gathered = new GrowingBytes();
    /** Done when more came than is wanted at the moment. */
    private CompletableFuture<Void> over = new CompletableFuture<>();
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
        request.endHandler(done -> ended.complete(null));
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
            if (received > limit) {
                throw Router.tooLarge(limit);
            }
            return gathered.takeAll();
        }
    }

    /** Before the answer: whether the body is used up, so that the connection can serve another request; drops what is left of a small one. */
    boolean finish(boolean waitsForContinue) throws InterruptedException {
        if (ended.isDone()) {
            return !ended.isCompletedExceptionally();
        }
        if (waitsForContinue && !isStarted() || declared > DROPPED) {
            return false;
        }
        return drop(DROPPED, DROPPING);
    }

    /** After the last answer of the connection: drops what the client still sends, until it ends or goes too far. */
    void linger() throws InterruptedException {
        if (!ended.isDone()) {
            drop(LINGERED, LINGERING);
        }
    }

    /** Whether the body ended after no more than this was received, in this time and without a stall. */
    private boolean drop(long most, Duration longest) throws InterruptedException {
        synchronized (this) {
            dropping = true;
            limit = most;
            over = new CompletableFuture<>();
            gathered.clear();
        }
        request.resume();
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            long before = receivedSoFar();
            try {
                endOrOver().get(Math.min(PERIOD.toNanos(), deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                return ended.isDone();
            } catch (ExecutionException e) {
                return false;
            } catch (TimeoutException e) {
                if (receivedSoFar() - before < TRICKLE || System.nanoTime() >= deadline) {
                    return false;
                }
            }
        }
    }

    private synchronized CompletableFuture<Object> endOrOver() {
        return CompletableFuture.anyOf(ended, over);
    }

    private synchronized boolean isStarted() {
        return started;
    }

    private void awaitEnd() throws IOException {
        long before = -1;
        while (true) {
            try {
                endOrOver().get(stall.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                long now = receivedSoFar();
                if (now - before < TRICKLE) {
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
        if (received > limit) {
            gathered.clear();
            request.pause();
            over.complete(null);
        } else if (!dropping) {
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
