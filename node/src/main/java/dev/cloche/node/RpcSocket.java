package dev.cloche.node;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Envelope;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A WebSocket whose text messages are envelopes, both ways: answers come in the order in which calls end, each with the
 * {@code id} of its request. While too many calls of a socket run, it is not read. On its event loop only.
 */
final class RpcSocket {
    private static final short UNSUPPORTED = 1003;
    /** Shorter than the time after which an idle connection is closed. */
    private static final long PING_MILLIS = 30_000;

    private final ServerWebSocket socket;
    private final int most;
    private final Calls calls;
    private final Context context = Objects.requireNonNull(Vertx.currentContext());
    private final Map<Long, Runnable> running = new HashMap<>();
    private long number;

    /** Runs an envelope; the outcome arrives on the context. What is answered takes the call back. */
    @FunctionalInterface
    interface Calls {
        Runnable call(Envelope envelope, Context context, Consumer<CallOutcome> then);
    }

    private RpcSocket(ServerWebSocket socket, int most, Calls calls) {
        this.socket = socket;
        this.most = most;
        this.calls = calls;
    }

    /** Makes the request's connection a socket. */
    static void open(HttpServerRequest request, int most, Calls calls) {
        request.toWebSocket().onSuccess(socket -> {
            RpcSocket rpc = new RpcSocket(socket, most, calls);
            socket.exceptionHandler(gone -> { });
            long ping = rpc.context.owner().setPeriodic(PING_MILLIS, id -> socket.writePing(Buffer.buffer()));
            socket.closeHandler(closed -> {
                rpc.context.owner().cancelTimer(ping);
                List.copyOf(rpc.running.values()).forEach(Runnable::run);
            });
            socket.textMessageHandler(rpc::received);
            socket.binaryMessageHandler(bytes -> socket.close(UNSUPPORTED, "envelopes are text"));
        }).onFailure(refused -> {
            if (!request.response().ended()) {
                byte[] body = Envelope.refusal(Optional.empty(), "bad_request", Problem.field("upgrade", "required", "This path is for WebSockets.")).bytes();
                request.response().setStatusCode(400).putHeader("content-type", "application/json").end(Buffer.buffer(body));
            }
        });
    }

    private void received(String text) {
        Envelope envelope;
        try {
            envelope = Envelope.request(text.getBytes(StandardCharsets.UTF_8));
        } catch (Problem e) {
            send(Envelope.refusal(Optional.empty(), "bad_envelope", e));
            return;
        }
        long call = number++;
        running.put(call, () -> { });
        if (running.size() == most) {
            socket.pause();
        }
        Runnable back = calls.call(envelope, context, outcome -> ended(call, envelope, outcome));
        // it may have ended at once
        running.replace(call, back);
    }

    private void ended(long call, Envelope envelope, CallOutcome outcome) {
        running.remove(call);
        if (running.size() == most - 1) {
            socket.resume();
        }
        send(switch (outcome) {
            case CallOutcome.Answer(byte[] output, long nanos) -> envelope.answer(output);
            case CallOutcome.Failed failed -> Envelope.failure(envelope.value(Envelope.ID), failed);
        });
    }

    private void send(Envelope envelope) {
        if (!socket.isClosed()) {
            socket.writeTextMessage(new String(envelope.bytes(), StandardCharsets.UTF_8));
        }
    }
}
