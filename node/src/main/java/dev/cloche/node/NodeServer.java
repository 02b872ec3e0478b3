package dev.cloche.node;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.CallRequest;
import dev.cloche.workers.Envelope;
import dev.cloche.workers.Failure;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerFunction;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The HTTP of a node. Everything happens on event loops but the calls themselves, which run on the workers' own threads;
 * each answer is written at once, with its length.
 */
final class NodeServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NodeServer.class.getName());
    private static final int FUNCTION_CHARACTERS = 200;
    private static final int IDLE_SECONDS = 75;
    /** Bodies are handed on as they are read from the socket, not cut into pieces of 8 KiB. */
    private static final int CHUNK_BYTES = 256 * 1024;
    /** Where callers come with tickets. */
    private static final String TICKET_CALL = "/ticket-call";

    private final NodeSettings settings;
    private final NodeWorkers workers;
    private final NodeMetrics metrics;
    private final io.vertx.core.http.HttpServer server;
    private final HeldBytes held;
    private final Optional<CoordinatorLink> link;
    private volatile boolean draining;

    private NodeServer(Vertx vertx, NodeSettings settings, NodeWorkers workers, Optional<CoordinatorLink> link) {
        this.settings = settings;
        this.workers = workers;
        this.link = link;
        this.metrics = new NodeMetrics();
        this.held = HeldBytes.ofHeap();
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setMaxHeaderSize(32 * 1024)
                .setMaxInitialLineLength(8 * 1024)
                .setMaxChunkSize(CHUNK_BYTES)
                .setIdleTimeout(IDLE_SECONDS)
                .setHandle100ContinueAutomatically(true)
                .setHttp2ClearTextEnabled(false)
                .setMaxWebSocketFrameSize(settings.bodyBytes())
                .setMaxWebSocketMessageSize(settings.bodyBytes())
                .setTcpNoDelay(true));
        server.requestHandler(this::accept);
        server.invalidRequestHandler(request -> {
            refuse(request, 400, "bad_request", Problem.of(ErrorCode.INVALID_REQUEST, "This is not a valid HTTP/1.1 request."));
            request.connection().close();
        });
    }

    /** Listens. */
    static NodeServer listen(Vertx vertx, NodeSettings settings, NodeWorkers workers, Optional<CoordinatorLink> link) {
        NodeServer made = new NodeServer(vertx, settings, workers, link);
        try {
            made.server.listen(settings.port(), settings.bind()).toCompletionStage().toCompletableFuture().join();
        } catch (RuntimeException e) {
            throw Problem.field("port", "free", "Cannot listen on " + settings.bind() + ":" + settings.port() + ". Choose another port with --port N.");
        }
        return made;
    }

    /** The port. */
    int port() {
        return server.actualPort();
    }

    /** From now on the node is not ready, and each answer closes its connection. */
    void drain() {
        draining = true;
    }

    /** Waits for calls in progress, at most for the time of the settings, and closes. */
    @Override
    public void close() {
        draining = true;
        long millis = settings.drain().toMillis();
        try {
            server.shutdown(millis, TimeUnit.MILLISECONDS).toCompletionStage().toCompletableFuture().get(millis + 1000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "event=drain-incomplete");
        }
    }

    private void accept(HttpServerRequest request) {
        request.response().exceptionHandler(gone -> { });
        request.exceptionHandler(gone -> { });
        String path = Objects.requireNonNullElse(request.path(), "");
        if (refusedByRule(request)) {
            return;
        }
        boolean get = request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD;
        boolean post = request.method() == HttpMethod.POST;
        if (request.method() == HttpMethod.OPTIONS) {
            preflight(request);
        } else if (path.equals("/health/ready") && get) {
            answer(request, draining ? 503 : 200, "application/json", Json.bytes(Map.of("status", draining ? "draining" : "ready")));
        } else if (path.equals("/health/live") && get) {
            answer(request, 200, "application/json", Json.bytes(Map.of("status", "live")));
        } else if (path.equals("/metrics") && get) {
            answer(request, 200, "text/plain; version=0.0.4; charset=utf-8",
                    metrics.text(workers.busy(), settings.slots(), draining).getBytes(StandardCharsets.UTF_8));
        } else if (path.equals("/") && get) {
            answer(request, 200, "application/json", Json.bytes(Map.of("workers", workers.own().stream().map(NodeServer::described).toList())));
        } else if (path.equals("/rpc") && post) {
            body(request, bytes -> rpc(request, bytes));
        } else if (path.equals("/rpc/ws") && get) {
            RpcSocket.open(request, settings.slots() + settings.queue(), this::called);
        } else if (path.equals(TICKET_CALL) && post) {
            ticketCall(request);
        } else if (path.startsWith("/call/") && post) {
            body(request, bytes -> call(request, path.substring("/call/".length()), bytes));
        } else {
            refuse(request, 404, "not_found", Problem.notFound("This path, or this method of it,"));
        }
    }

    private static Map<String, Object> described(Worker worker) {
        return Map.of("name", worker.manifest().name(), "digest", worker.digest().hex(), "description", worker.manifest().description(),
                "functions", worker.functions().stream().map(NodeServer::described).toList());
    }

    private static Map<String, Object> described(WorkerFunction function) {
        return Map.of("name", function.name(), "description", function.description(), "input", function.input().name().toLowerCase(Locale.ROOT),
                "output", function.output().name().toLowerCase(Locale.ROOT));
    }

    /** Keeps out pages of foreign origins and callers without the secret. */
    private boolean refusedByRule(HttpServerRequest request) {
        String origin = request.getHeader("origin");
        if (origin != null && !settings.origins().contains("*") && !settings.origins().contains(origin)) {
            discard(request, () -> refuse(request, 403, "forbidden", Problem.field(ErrorCode.FORBIDDEN, "origin", "allowed",
                    "Pages of this origin may not call this node; its owner can allow them with --allow-origin.")));
            return true;
        }
        String path = Objects.requireNonNullElse(request.path(), "");
        // tickets are looked at where they are taken
        boolean open = request.method() == HttpMethod.OPTIONS || path.startsWith("/health/") || path.equals(TICKET_CALL);
        if (settings.secret().isPresent() && !open && !shows(request, settings.secret().get())) {
            discard(request, () -> refuse(request, 401, "unauthenticated", Problem.field(ErrorCode.UNAUTHENTICATED, "authorization", "secret",
                    "This node answers only to those who show its secret as 'Authorization: Bearer'.")));
            return true;
        }
        return false;
    }

    private static boolean shows(HttpServerRequest request, String secret) {
        String header = Objects.requireNonNullElse(request.getHeader("authorization"), "");
        return java.security.MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), ("Bearer " + secret).getBytes(StandardCharsets.UTF_8));
    }

    /** Reads what comes with a request that is refused, so that its sender hears the answer. */
    private void discard(HttpServerRequest request, Runnable then) {
        RequestBody.read(request, settings.bodyBytes(), 0, bytes -> then.run(), then);
    }

    private void preflight(HttpServerRequest request) {
        request.response().putHeader("access-control-allow-methods", "GET, POST").putHeader("access-control-allow-headers", "authorization, content-type")
                .putHeader("access-control-max-age", "600");
        answer(request, 204, "", new byte[0]);
    }

    private void body(HttpServerRequest request, java.util.function.Consumer<byte[]> then) {
        long announced = announced(request);
        if (announced > settings.bodyBytes()) {
            discard(request, () -> tooLarge(request));
            return;
        }
        // until the answer has been written, several requests together hold no more than a part of the heap
        if (!held.take(request, announced >= 0 ? announced : settings.bodyBytes())) {
            discard(request, () -> refuse(request, 503, Failure.BUSY.text(), Problem.of(ErrorCode.UNAVAILABLE, "The node holds too many large requests; try again in a moment.")));
            return;
        }
        RequestBody.read(request, settings.bodyBytes(), (int) Math.max(0, announced), then, () -> tooLarge(request));
    }

    private static long announced(HttpServerRequest request) {
        String length = request.getHeader("content-length");
        try {
            return length == null ? request.getHeader("transfer-encoding") == null ? 0 : -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void tooLarge(HttpServerRequest request) {
        refuse(request, 413, "too_large", Problem.field("body", "maxLength", "The request is larger than the " + settings.bodyBytes() + " bytes that are accepted here."));
    }

    private void rpc(HttpServerRequest request, byte[] bytes) {
        Envelope envelope;
        try {
            envelope = Envelope.request(bytes);
        } catch (Problem e) {
            refuse(request, 400, "bad_envelope", e);
            return;
        }
        Runnable back = called(envelope, Vertx.currentContext(), outcome -> {
            switch (outcome) {
                case CallOutcome.Answer(byte[] output, long nanos) -> {
                    byte[] sent = envelope.wantsEnvelope() ? envelope.answer(output).bytes() : output;
                    answer(request, 200, envelope.wantsEnvelope() || looksLikeJson(output) ? "application/json" : "text/plain; charset=utf-8", sent);
                }
                case CallOutcome.Failed failed -> answer(request, failed.kind().httpStatus(), "application/json", Envelope.failure(envelope.value(Envelope.ID), failed).bytes());
            }
        });
        ifGone(request, back);
    }

    /** For a caller who goes away before the answer. */
    private static void ifGone(HttpServerRequest request, Runnable back) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            back.run();
        } else if (!response.ended()) {
            response.closeHandler(gone -> back.run());
        }
    }

    /** Runs what an envelope asks for; the outcome arrives on the context. What is answered here takes the call back. */
    private Runnable called(Envelope envelope, Context context, java.util.function.Consumer<CallOutcome> then) {
        return run(envelope.value(Envelope.WORKER), envelope.method(), envelope.input(), context, then);
    }

    private void call(HttpServerRequest request, String rest, byte[] bytes) {
        List<String> names = new ArrayList<>();
        for (String part : rest.split("/", -1)) {
            names.add(decoded(part));
        }
        if (names.size() > 2 || names.stream().anyMatch(String::isEmpty)) {
            refuse(request, 404, "not_found", Problem.of(ErrorCode.NOT_FOUND, "Call a function as /call/FUNCTION or /call/WORKER/FUNCTION."));
            return;
        }
        String function = names.getLast();
        Optional<String> worker = names.size() == 2 ? Optional.of(names.getFirst()) : Optional.empty();
        ifGone(request, run(worker, function, bytes, Vertx.currentContext(), outcome -> called(request, outcome)));
    }

    private void called(HttpServerRequest request, CallOutcome outcome) {
        boolean json = Objects.requireNonNullElse(request.getHeader("content-type"), "").startsWith("application/json");
        switch (outcome) {
            case CallOutcome.Answer(byte[] output, long nanos) -> {
                request.response().putHeader("cloche-ran-ms", String.format(Locale.ROOT, "%.3f", nanos / 1e6));
                answer(request, 200, json && looksLikeJson(output) ? "application/json" : "application/octet-stream", output);
            }
            case CallOutcome.Failed failed -> answer(request, failed.kind().httpStatus(), "application/json", Envelope.failure(Optional.empty(), failed).bytes());
        }
    }

    /** A call that the coordinator let the caller make here. */
    private void ticketCall(HttpServerRequest request) {
        Tickets.Taken ticket;
        CoordinatorLink coordinator;
        try {
            coordinator = link.orElseThrow(() -> Problem.field(ErrorCode.UNAUTHENTICATED, "ticket", "coordinator", "This node has no coordinator."));
            ticket = coordinator.take(Objects.requireNonNullElse(request.getHeader("authorization"), ""));
        } catch (Problem e) {
            discard(request, () -> refuse(request, 401, "unauthenticated", e));
            return;
        }
        long asked = System.nanoTime();
        Context context = Vertx.currentContext();
        body(request, bytes -> ifGone(request, coordinator.make(ticket, bytes, outcome -> {
            metrics.called(ticket.ticket().worker(), ticket.ticket().function(), outcome, System.nanoTime() - asked);
            context.runOnContext(now -> called(request, outcome));
        }, () -> context.runOnContext(now -> refuse(request, 409, "conflict", Problem.field(ErrorCode.CONFLICT, "ticket", "worker",
                "This node cannot run the worker as the ticket says any more; nothing was run."))))));
    }

    /** Makes a call; its outcome arrives on the context. What is answered here takes the call back. */
    private Runnable run(Optional<String> name, String function, byte[] input, Context context, java.util.function.Consumer<CallOutcome> then) {
        long asked = System.nanoTime();
        Worker worker;
        try {
            if (function.length() > FUNCTION_CHARACTERS) {
                throw Problem.field("method", "maxLength", "The name of a function may have " + FUNCTION_CHARACTERS + " characters.");
            }
            worker = workers.meant(name, function);
        } catch (Problem e) {
            metrics.refused();
            then.accept(CallOutcome.Failed.of(Failure.BAD_INPUT, e));
            return () -> { };
        }
        CompletableFuture<CallOutcome> future = worker.submit(new CallRequest(function, input, worker.manifest().timeout()));
        future.whenComplete((outcome, thrown) -> {
            CallOutcome end = outcome != null ? outcome : CallOutcome.Failed.of(Failure.CANCELLED, "The caller has gone, or the node stops.");
            metrics.called(worker.manifest().name(), function, end, System.nanoTime() - asked);
            context.runOnContext(now -> then.accept(end));
        });
        return () -> future.cancel(true);
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean looksLikeJson(byte[] output) {
        for (byte first : output) {
            if (first != ' ' && first != '\n' && first != '\r' && first != '\t') {
                return first == '{' || first == '[' || first == '"' || first == '-' || first >= '0' && first <= '9' || first == 't' || first == 'f' || first == 'n';
            }
        }
        return false;
    }

    private void refuse(HttpServerRequest request, int status, String error, Problem problem) {
        metrics.refused();
        answer(request, status, "application/json", Envelope.refusal(Optional.empty(), error, problem).bytes());
    }

    private void answer(HttpServerRequest request, int status, String type, byte[] bytes) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status);
        if (!type.isEmpty()) {
            response.putHeader("content-type", type);
        }
        if (status == 503) {
            response.putHeader("retry-after", "1");
        }
        response.putHeader("x-content-type-options", "nosniff").putHeader("cache-control", "no-store");
        String origin = request.getHeader("origin");
        if (origin != null) {
            response.putHeader("access-control-allow-origin", origin).putHeader("vary", "origin");
        }
        if (draining) {
            response.putHeader("connection", "close");
        }
        if (status != 204) {
            response.putHeader("content-length", Integer.toString(bytes.length));
        }
        if (request.method() == HttpMethod.HEAD || status == 204) {
            response.end();
        } else {
            response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(bytes)));
        }
    }
}
