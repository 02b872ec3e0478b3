package dev.cloche.node;

import dev.cloche.http.Socket;
import dev.cloche.http.SocketDialer;
import dev.cloche.http.SocketLimits;
import dev.cloche.http.SocketListener;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.CallRequest;
import dev.cloche.workers.Failure;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.LinkMessage;
import dev.cloche.workers.MachineLoad;
import dev.cloche.workers.Ticket;
import dev.cloche.workers.Worker;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The link of a node to its coordinator: says what the node has, runs what it is given, fetches workers that it lacks,
 * proves life every five seconds, and comes back when the connection broke. All state belongs to one event loop.
 */
final class CoordinatorLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CoordinatorLink.class.getName());
    private static final long BEAT_MILLIS = 5000;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    /** Calls that wait for their worker to arrive. */
    private static final int WAITING = 256;

    private final Vertx vertx;
    private final Context context;
    private final SocketDialer dialer;
    private final NodeSettings.Coordinator coordinator;
    private final Node node;
    private final Map<Long, Running> running = new HashMap<>();
    private final Map<NodeWorkers.Lent, List<LinkMessage>> waiting = new HashMap<>();
    /** What the coordinator said of workers on this connection, by their digests. */
    private final Map<String, LentSettings> settings = new HashMap<>();
    /** How many times it said something of them. */
    private final Map<String, Long> saidSettings = new HashMap<>();
    private final Tickets tickets = new Tickets();
    private final MachineLoad machine = new MachineLoad();
    private @Nullable Heard socket;
    private long pause = FIRST_PAUSE_MILLIS;
    private boolean draining;
    private boolean complained;
    private volatile boolean linked;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    /** The connection that was open when the link was closed has ended. */
    private final CompletableFuture<Void> gone = new CompletableFuture<>();

    /** A call at work, and the worker that does it. */
    private record Running(CompletableFuture<CallOutcome> outcome, NodeWorkers.Lent worker) {
        void cancel() {
            outcome.cancel(true);
        }
    }

    /** Links nothing yet. */
    CoordinatorLink(Vertx vertx, NodeSettings.Coordinator coordinator, int messageBytes, Node node) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.coordinator = coordinator;
        this.node = node;
        int most = messageBytes + LinkMessage.HEAD_BYTES + 4;
        this.dialer = new SocketDialer(vertx, new SocketLimits(most, Math.max(most, Runtime.getRuntime().maxMemory() / 4), SocketLimits.USUAL.ping(), SocketLimits.USUAL.idle(), SocketLimits.USUAL.closing()));
    }

    /** Begins to link; returns at once. */
    void open() {
        vertx.setPeriodic(BEAT_MILLIS, id -> context.runOnContext(now -> beat()));
        context.runOnContext(now -> connect());
    }

    /**
     * Takes a ticket, once. Any thread.
     *
     * @param authorization the header that shows it
     * @throws Problem if it is not worth anything here
     */
    Tickets.Taken take(String authorization) {
        Tickets.Taken taken = tickets.take(authorization, Instant.now());
        context.runOnContext(now -> {
            if (tickets.holds(taken)) {
                send(LinkMessage.of(new LinkMessage.Shown(taken.ticket().call())));
            }
        });
        return taken;
    }

    /** Whether the coordinator has welcomed the node. */
    boolean isLinked() {
        return linked;
    }

    private void connect() {
        if (draining) {
            return;
        }
        URI url = coordinator.url();
        boolean secure = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        String base = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
        dialer.dial(new SocketDialer.Address(addressOf(url.getHost()), port, secure, base + "/api/nodes/link", Map.of("authorization", "Bearer " + coordinator.token())),
                opened -> new Heard(opened), this::again);
    }

    /** Names below localhost are this machine's (RFC 6761, 6.3), whatever its resolver knows of them. */
    private static String addressOf(String host) {
        return host.endsWith(".localhost") ? "127.0.0.1" : host;
    }

    /** A connection to the coordinator; all it hears is told on the link's event loop. */
    private final class Heard implements SocketListener {
        private final Socket to;
        private String reason = "the connection ended";

        Heard(Socket to) {
            this.to = to;
            context.runOnContext(now -> connected(this));
        }

        @Override
        public void binary(byte[] bytes, int from, int length) {
            try {
                LinkMessage message = LinkMessage.read(ByteBuffer.wrap(bytes, from, length));
                context.runOnContext(now -> received(message));
            } catch (Problem e) {
                unclear(e.detail());
            }
        }

        @Override
        public void text(String text) {
            unclear("messages are binary");
        }

        @Override
        public void ending(int code, String why) {
            reason = why.isBlank() ? reason : why;
        }

        @Override
        public void closed() {
            context.runOnContext(now -> lost(this));
        }
    }

    private void connected(Heard opened) {
        socket = opened;
        send(LinkMessage.of(new LinkMessage.Hello("node", coordinator.name(), node.engine(), node.simd(), node.slots(), node.workers().digests(), node.hosts())));
    }

    /** What still runs is of no use to anybody: the coordinator gives it elsewhere. */
    private void lost(Heard was) {
        if (socket != was) {
            return;
        }
        socket = null;
        linked = false;
        running.values().forEach(Running::cancel);
        running.clear();
        waiting.clear();
        settings.clear();
        saidSettings.clear();
        tickets.end();
        gone.complete(null);
        again(was.reason);
    }

    private void again(String reason) {
        if (draining) {
            idle.complete(null);
            return;
        }
        if (!complained) {
            complained = true;
            LOG.log(System.Logger.Level.WARNING, "event=coordinator-away url={0} reason=\"{1}\" advice=\"tries again\"", coordinator.url(), reason);
        }
        vertx.setTimer(pause, id -> context.runOnContext(now -> connect()));
        pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }

    private void received(LinkMessage message) {
        switch (message.head()) {
            case LinkMessage.Welcome(String id) -> welcomed(id);
            case LinkMessage.Call call -> call(call, message);
            case LinkMessage.Cancel(long number) -> {
                tickets.refuse(number, Instant.now());
                Optional.ofNullable(running.remove(number)).ifPresent(Running::cancel);
            }
            case LinkMessage.TicketKey() -> tickets.begin(message.bytes());
            case LinkMessage.Settings(String digest) -> told(digest, message.bytes());
            case LinkMessage.WorkerFile(String digest, String name) -> fetched(digest, name, message.bytes());
            default -> unclear(message.head().getClass().getSimpleName() + " is not for nodes");
        }
    }

    private static void unclear(String why) {
        LOG.log(System.Logger.Level.WARNING, "event=coordinator-unclear reason=\"{0}\"", why);
    }

    private void told(String digest, byte[] json) {
        saidSettings.merge(digest, 1L, Long::sum);
        try {
            settings.put(digest, LentSettings.read(json));
        } catch (Problem e) {
            // without settings it has no rights, which is safe
            settings.remove(digest);
            unclear(e.detail());
        }
    }

    private void welcomed(String id) {
        pause = FIRST_PAUSE_MILLIS;
        complained = false;
        linked = true;
        coordinator.reachable().ifPresent(url -> send(LinkMessage.of(new LinkMessage.Reachable(url.toString()))));
        LOG.log(System.Logger.Level.INFO, "event=linked coordinator={0} node={1}", coordinator.url(), id);
    }

    private void call(LinkMessage.Call call, LinkMessage message) {
        NodeWorkers.Lent wanted = new NodeWorkers.Lent(call.digest(), settings.getOrDefault(call.digest(), LentSettings.NONE));
        Optional<Worker> worker = node.workers().find(wanted);
        if (worker.isPresent()) {
            run(worker.get(), wanted, call, message.bytes());
            return;
        }
        List<LinkMessage> others = waiting.get(wanted);
        if (others == null) {
            others = new ArrayList<>();
            waiting.put(wanted, others);
            send(LinkMessage.of(new LinkMessage.Need(call.digest())));
        }
        if (others.size() >= WAITING) {
            failed(call.call(), CallOutcome.Failed.of(Failure.BUSY, "Too many calls wait for this worker to arrive."));
            return;
        }
        others.add(message);
    }

    private void run(Worker worker, NodeWorkers.Lent wanted, LinkMessage.Call call, byte[] input) {
        CompletableFuture<CallOutcome> future = worker.submit(new CallRequest(call.function(), input, Duration.ofMillis(call.timeoutMs())));
        begun(call.call(), new Running(future, wanted), true);
    }

    /**
     * Makes the call of a ticket, whose caller waits here; the coordinator hears how it went. Any thread, once for each ticket.
     *
     * @param then gets what came of it
     * @param stale runs instead if nothing was run: the link, the worker or its settings are not those of the ticket any more
     * @return for the case that the caller goes away: takes the call back
     */
    Runnable make(Tickets.Taken taken, byte[] input, Consumer<CallOutcome> then, Runnable stale) {
        Ticket ticket = taken.ticket();
        context.runOnContext(now -> {
            if (!tickets.holds(taken)) {
                stale.run();
                return;
            }
            NodeWorkers.Lent wanted = new NodeWorkers.Lent(ticket.digest(), settings.getOrDefault(ticket.digest(), LentSettings.NONE));
            Optional<Worker> worker = saidSettings.getOrDefault(ticket.digest(), 0L) == ticket.settings() ? node.workers().find(wanted) : Optional.empty();
            if (worker.isEmpty()) {
                failed(ticket.call(), CallOutcome.Failed.of(Failure.UNAVAILABLE, "The node has not got the worker with these settings."));
                stale.run();
                return;
            }
            CompletableFuture<CallOutcome> future = worker.get().submit(new CallRequest(ticket.function(), input, Duration.ofMillis(ticket.timeoutMs())));
            begun(ticket.call(), new Running(future, wanted), false);
            future.whenComplete((outcome, thrown) -> then.accept(outcome == null ? CallOutcome.Failed.of(Failure.CANCELLED, "The coordinator took the call back, or is away.") : outcome));
        });
        return () -> context.runOnContext(now -> {
            Running call = running.remove(ticket.call());
            if (call != null) {
                call.cancel();
                failed(ticket.call(), CallOutcome.Failed.of(Failure.CANCELLED, "The caller has gone."));
                endIfIdle();
            }
        });
    }

    /** A call is at work; the coordinator hears how it went, and what came of it unless the caller does. */
    private void begun(long number, Running call, boolean sendsOutput) {
        running.put(number, call);
        Heard asked = socket;
        call.outcome.whenComplete((outcome, thrown) -> context.runOnContext(now -> {
            // cancelled, or of a connection that is gone
            if (asked != socket || running.remove(number) == null || outcome == null) {
                return;
            }
            switch (outcome) {
                case CallOutcome.Answer(byte[] output, long nanos) -> send(new LinkMessage(new LinkMessage.Answer(number, nanos / 1e6), sendsOutput ? output : new byte[0]));
                case CallOutcome.Failed failed -> failed(number, failed);
            }
            endIfIdle();
        }));
    }

    private void failed(long call, CallOutcome.Failed failed) {
        send(LinkMessage.of(LinkMessage.Failed.of(call, failed)));
    }

    /** Opens a worker that has come, away from the event loop, and runs what waited for it. */
    private void fetched(String digest, String name, byte[] file) {
        for (NodeWorkers.Lent wanted : waiting.keySet().stream().filter(one -> one.digest().equals(digest)).toList()) {
            Thread.ofVirtual().name("worker-" + name).start(() -> {
                Optional<String> refusal;
                try {
                    node.lend(file, name, wanted);
                    refusal = Optional.empty();
                } catch (RuntimeException e) {
                    refusal = Optional.of(String.valueOf(e.getMessage()));
                }
                Optional<String> reason = refusal;
                context.runOnContext(now -> arrived(wanted, reason));
            });
        }
    }

    private void arrived(NodeWorkers.Lent wanted, Optional<String> refusal) {
        Set<NodeWorkers.Lent> inUse = new HashSet<>(waiting.keySet());
        running.values().forEach(one -> inUse.add(one.worker));
        List<Worker> retired = node.workers().retire(wanted, inUse);
        if (!retired.isEmpty()) {
            Thread.ofVirtual().name("retire").start(() -> retired.forEach(Worker::close));
        }
        List<LinkMessage> calls = waiting.remove(wanted);
        if (calls == null) {
            return;
        }
        for (LinkMessage message : calls) {
            LinkMessage.Call call = (LinkMessage.Call) message.head();
            Optional<Worker> worker = node.workers().find(wanted);
            if (worker.isPresent()) {
                run(worker.get(), wanted, call, message.bytes());
            } else {
                failed(call.call(), CallOutcome.Failed.of(Failure.UNAVAILABLE, "The node cannot run this worker: " + refusal.orElse("it did not arrive")));
            }
        }
    }

    private void beat() {
        if (linked) {
            send(LinkMessage.of(new LinkMessage.Beat(running.size(), machine.now())));
        }
    }

    private void send(LinkMessage message) {
        Heard open = socket;
        if (open != null) {
            open.to.binary(message.opening(), message.bytes());
        }
    }

    private void endIfIdle() {
        if (draining && running.isEmpty()) {
            idle.complete(null);
        }
    }

    /** Takes no new calls, finishes those that run within this time, and ends the link. */
    void drain(Duration most) {
        context.runOnContext(now -> {
            draining = true;
            send(LinkMessage.of(new LinkMessage.Drain()));
            if (socket == null) {
                idle.complete(null);
            }
            endIfIdle();
        });
        idle.completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    @Override
    public void close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        context.runOnContext(now -> {
            draining = true;
            if (socket == null) {
                closed.complete(null);
            } else {
                gone.thenRun(() -> closed.complete(null));
                socket.to.close(Socket.NORMAL, "");
            }
        });
        closed.completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
        dialer.close();
    }
}
