package dev.cloche.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request and its answer on a connection; runs on a virtual thread. */
final class Exchange implements Presence {
    private static final System.Logger LOG = System.getLogger(Exchange.class.getName());
    /** The slowest pace in bytes a second at which a client may take an answer of known length. */
    private static final long SLOWEST = 16 * 1024;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final HttpConfig config;
    private final BodyCollector body;
    private final HttpServer.Watched watched;
    private final Context context;
    private BodyBudget.Lease lease = () -> {};
    private boolean last;
    private @Nullable Thread streaming;
    private @Nullable Thread waiting;
    private boolean gone;
    private boolean stopped;

    /** Called on the event loop, whose context is given, with the request paused. */
    Exchange(HttpServerRequest request, HttpConfig config, HttpServer.Watched watched, Context context, boolean last) {
        this.context = context;
        this.request = request;
        this.response = request.response();
        this.config = config;
        this.watched = watched;
        this.last = last;
        this.body = new BodyCollector(request, config.stallTimeout());
        response.exceptionHandler(cause -> left());
        response.closeHandler(closed -> left());
    }

    /** Answers a request that is no HTTP; called on the event loop. */
    static void refuseInvalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        HttpServerResponse response = request.response();
        Response refusal;
        if (cause instanceof TooLongHttpHeaderException) {
            // pages of sub-domains can fill the jar of cookies; without this the person would be locked out
            refusal = ProblemJson.refusal(431, "Headers too large", "The headers are too large; cookies were removed. Try again.")
                    .with("clear-site-data", "\"cookies\"");
        } else if (cause instanceof TooLongHttpLineException) {
            refusal = ProblemJson.refusal(414, "Path too long", "The first line of the request is too long.");
        } else {
            refusal = ProblemJson.refusal(400, "Invalid request", "This is not a valid HTTP/1.1 request.");
        }
        writeHead(response, refusal.with("connection", "close"));
        response.end(Buffer.buffer(((Response.Body.Bytes) refusal.body()).bytes())).onComplete(done -> request.connection().close());
    }

    /** Answers; returns when the answer is sent or the connection is cut. */
    void run(@Nullable FrontDoor door, BodyBudget budget) {
        try {
            Response answer = answer(door, budget);
            releaseBody();
            if (!last && body.finish(expectsContinue())) {
                send(answer);
            } else {
                watched.finish();
                sendLast(answer.replacing("connection", "close"));
                cut();
            }
        } catch (IOException | TimeoutException e) {
            cut();
        } catch (InterruptedException e) {
            cut();
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            releaseBody();
            if (!(e instanceof RejectedExecutionException)) {
                LOG.log(System.Logger.Level.ERROR, "event=answer-failed", e);
            }
            cut();
        }
    }

    private void releaseBody() {
        lease.close();
        lease = () -> {};
    }

    private void cut() {
        try {
            request.connection().close();
        } catch (RejectedExecutionException e) {
            // the server has stopped, and with it all connections
        }
    }

    /** Ends a streamed answer, because the server stops. */
    synchronized void interruptStream() {
        stopped = true;
        if (streaming != null) {
            streaming.interrupt();
        }
    }

    /** The client went away. */
    private synchronized void left() {
        gone = true;
        interruptStream();
        if (waiting != null) {
            waiting.interrupt();
        }
    }

    private synchronized boolean isOver() {
        return gone || stopped;
    }

    @Override
    public synchronized void watch() throws InterruptedException {
        if (gone) {
            throw new InterruptedException("the client has gone");
        }
        waiting = Thread.currentThread();
    }

    @Override
    public synchronized void unwatch() throws InterruptedException {
        waiting = null;
        if (gone) {
            // for the one who waited, and nobody else
            Thread.interrupted();
            throw new InterruptedException("the client went away");
        }
    }

    private Response answer(@Nullable FrontDoor door, BodyBudget budget) {
        if (door == null) {
            return ProblemJson.refusal(503, "Starting", "The server is starting; try again in a moment.").with("retry-after", "1");
        }
        RequestHead head = RequestHead.read(request);
        return switch (head) {
            case RequestHead.Refused(Response refusal) -> {
                // where the head is in doubt, so is the beginning of the next request
                last = true;
                yield refusal;
            }
            case RequestHead.Valid(Request valid) -> {
                valid.set(Presence.ATTRIBUTE, this);
                yield door.answer(valid, limit -> {
                    lease = budget.take(body.mostBytes(limit));
                    return body.read(limit, expectsContinue());
                });
            }
        };
    }

    private boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(request.getHeader("expect"));
    }

    private void send(Response answer) throws IOException, TimeoutException, InterruptedException {
        boolean head = request.method().name().equals("HEAD");
        writeHead(response, answer);
        switch (answer.body()) {
            case Response.Body.Bytes(byte[] bytes) -> {
                if (answer.status() != 204 && answer.status() != 304) {
                    response.putHeader("content-length", Integer.toString(bytes.length));
                }
                await(head ? response.end() : response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes))), bytes.length);
            }
            case Response.Body.File file -> {
                response.putHeader("content-length", Long.toString(file.length()));
                await(head ? response.end() : response.sendFile(file.path().toString(), file.offset(), file.length()), file.length());
            }
            case Response.Body.Stream(Response.Writer writer) -> {
                if (head) {
                    await(response.end(), 0);
                } else {
                    stream(writer);
                }
            }
            case Response.Body.Upgrade(SocketOpener opener) -> upgrade(opener);
        }
    }

    /** Sends the last answer of a connection, and gives a client that is still sending time to take it. */
    private void sendLast(Response answer) throws IOException, TimeoutException, InterruptedException {
        if (!(answer.body() instanceof Response.Body.Bytes(byte[] bytes)) || bytes.length == 0 || request.method().name().equals("HEAD")) {
            send(answer);
            return;
        }
        writeHead(response, answer);
        response.putHeader("content-length", Integer.toString(bytes.length));
        // it is ended after that: the end of an answer may be the end of the connection, and what was not read then would reset it
        await(response.write(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes))), bytes.length);
        begin();
        try {
            body.linger();
        } finally {
            finishWaiting();
        }
        await(response.end(), 0);
    }

    private void stream(Response.Writer writer) throws IOException, TimeoutException, InterruptedException {
        response.setChunked(true);
        begin();
        try (BodyStream out = new BodyStream(buffer -> await(response.write(buffer), buffer.length()))) {
            writer.writeTo(out);
        } catch (RuntimeException e) {
            if (!isOver()) {
                LOG.log(System.Logger.Level.ERROR, "event=stream-failed", e);
            }
            throw new IOException("the stream broke", e);
        } finally {
            finishWaiting();
        }
        if (Thread.interrupted()) {
            throw new FrontDoor.ClientGone("went away while streaming");
        }
        await(response.end(), 0);
    }

    /** Turns the connection into a WebSocket, and returns when that has ended. */
    private void upgrade(SocketOpener opener) throws IOException, InterruptedException {
        CompletableFuture<SocketConnection> opened = new CompletableFuture<>();
        context.runOnContext(now -> request.toNetSocket().onComplete(upgraded -> {
            if (upgraded.succeeded()) {
                opened.complete(new SocketConnection(upgraded.result(), context, config.sockets(), false, opener));
            } else {
                opened.completeExceptionally(upgraded.cause());
            }
        }));
        try {
            SocketConnection connection = opened.get(config.stallTimeout().toMillis(), TimeUnit.MILLISECONDS);
            watched.become(connection);
            begin();
            connection.awaitEnd();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the client went away", e);
        } finally {
            finishWaiting();
        }
    }

    private synchronized void begin() throws FrontDoor.ClientGone {
        if (isOver()) {
            throw new FrontDoor.ClientGone("went away before the answer");
        }
        streaming = Thread.currentThread();
    }

    private synchronized void finishWaiting() {
        streaming = null;
    }

    private void await(Future<Void> sent, long bytes) throws IOException, TimeoutException, InterruptedException {
        try {
            sent.toCompletionStage().toCompletableFuture().get(config.stallTimeout().toMillis() + 1000 * (bytes / SLOWEST), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the client went away", e.getCause());
        }
    }

    private static void writeHead(HttpServerResponse response, Response answer) {
        response.setStatusCode(answer.status());
        answer.headers().forEach((name, values) -> response.putHeader(name, values));
    }
}
