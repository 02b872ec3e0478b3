package dev.cloche.coordinator;

import dev.cloche.http.Socket;
import dev.cloche.http.SocketListener;
import dev.cloche.identity.Actor;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Failure;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.LinkMessage;
import dev.cloche.workers.Ticket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A node or tab at the other end of a WebSocket: what it says, and the calls that it was given. Any thread. */
final class NodeLink implements Place, SocketListener {
    private static final int MOST_SLOTS = 256;
    private static final int MOST_WORKERS = 1000;
    private static final int LONGEST_TEXT = 100;
    private static final int MOST_HOSTS = 100;
    private static final int LONGEST_HOST = 253;
    private static final int LONGEST_URL = 500;
    private static final SecureRandom RANDOM = new SecureRandom();
    /** Calls above its slots that a place is given, so that it has the next one at hand. */
    private static final int AHEAD = 2;
    /** Calls beyond those that wait there where nobody else takes them. */
    private static final int MOST_WAITING = 1000;
    private static final long GRACE_MILLIS = 10_000;
    /** Until the news arrives that a ticket was shown in time. */
    private static final long SHOWN_MILLIS = 2000;
    private static final double MOST_MILLIS = 1e9;
    private static final int MEAN_OF = 10;
    private static final Set<String> KINDS = Set.of("node", "tab");

    private final String id;
    private final Owner owner;
    private final Nodes nodes;
    private final LinkSender sender;
    private final Socket socket;
    private final InstantSource clock;
    private final Instant connectedAt;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Given> calls = new ConcurrentHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final Set<String> own = ConcurrentHashMap.newKeySet();
    /** What was said of workers on this link, by their digests; guarded by itself, so that a call follows its settings. */
    private final Map<String, LentSettings> told = new HashMap<>();
    /** How often something was said of them; guarded by {@link #told}. */
    private final Map<String, Long> saidSettings = new HashMap<>();
    /** Calls whose tickets nobody has shown yet. */
    private final Set<Long> awaited = ConcurrentHashMap.newKeySet();
    /** Where callers reach it and what signs their tickets, if it said so. */
    private volatile Optional<Door> door = Optional.empty();
    private volatile List<String> hosts = List.of();
    private final AtomicLong ran = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile Optional<LinkMessage.Hello> hello = Optional.empty();
    private volatile Set<ProjectId> projects = Set.of();
    private volatile boolean draining;
    private volatile boolean closed;
    private volatile double load;
    private final DecayedMean nanos = new DecayedMean(MEAN_OF);
    private volatile long heard = System.nanoTime();
    private volatile Instant seenAt;

    /** Where callers reach a node, and what its tickets are signed with. */
    @SuppressWarnings("ArrayRecordComponent") // a secret; nobody compares it
    private record Door(String publicUrl, URI url, byte[] key) {}

    /**
     * What a caller needs to make a call of the node, who need not pass here.
     *
     * @param url where to send the input to
     * @param ticket what to show there
     * @param until when it must have been shown
     * @param outcome how it went, without output; never failed
     */
    record Admission(URI url, String ticket, Instant until, CompletableFuture<CallOutcome> outcome) {}

    /** A call that it has and has not answered. */
    private record Given(CompletableFuture<CallOutcome> outcome, String digest, ProjectId project) {}

    /**
     * Who lent it.
     *
     * @param actor with the session or token by which they came
     */
    record Owner(Actor actor, String name) {
        PersonId person() {
            return actor.person();
        }

        boolean isSession() {
            return actor instanceof Actor.Session;
        }
    }

    /** What it says of itself, for the API. */
    record View(LinkMessage.Hello hello, Owner owner, int busy, double load, long ran, long failed, double meanMs, Optional<String> publicUrl, List<String> workers,
            Instant connectedAt, Instant seenAt, boolean draining) {}

    NodeLink(String id, Owner owner, Nodes nodes, Socket socket, InstantSource clock) {
        this.id = id;
        this.owner = owner;
        this.nodes = nodes;
        this.socket = socket;
        this.sender = new LinkSender(socket);
        this.clock = clock;
        this.connectedAt = clock.instant();
        this.seenAt = connectedAt;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public PlaceKind kind() {
        return hello.filter(said -> said.kind().equals("tab")).isPresent() ? PlaceKind.TAB : PlaceKind.NODE;
    }

    @Override
    public int slots() {
        return hello.map(LinkMessage.Hello::slots).orElse(0);
    }

    @Override
    public int busy() {
        return calls.size();
    }

    @Override
    public boolean takes(RegisteredWorker worker) {
        return !closed && !draining && hello.isPresent() && projects.contains(worker.project()) && busy() < slots() * (1 + AHEAD) + MOST_WAITING
                && suits(worker);
    }

    /** Whether it can do the same with this worker as the server. */
    private boolean suits(RegisteredWorker worker) {
        if (kind() == PlaceKind.TAB) {
            return worker.suitsTabs();
        }
        return own.contains(worker.digest().hex()) || worker.travels() && worker.lent().isWithin(hosts);
    }

    @Override
    public boolean hasRoom() {
        return busy() < slots() * (1 + AHEAD);
    }

    @Override
    public boolean prepare(RegisteredWorker worker) {
        return held.contains(worker.digest().hex());
    }

    @Override
    public Running start(PlacedCall call) {
        long number = numbers.incrementAndGet();
        CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
        calls.put(number, new Given(outcome, call.worker().digest().hex(), call.worker().project()));
        if (closed) {
            lost(number);
            return new Running(outcome, () -> { });
        }
        endInTime(number, outcome, call.timeoutMs() + GRACE_MILLIS);
        LinkMessage message = new LinkMessage(new LinkMessage.Call(number, call.worker().name(), call.worker().digest().hex(), call.function(), call.timeoutMs()), call.input());
        synchronized (told) {
            tell(call.worker());
            sender.send(message);
        }
        return new Running(outcome, () -> cancel(number));
    }

    private void endInTime(long number, CompletableFuture<CallOutcome> outcome, long millis) {
        outcome.completeOnTimeout(CallOutcome.Failed.of(Failure.TIMED_OUT, "The node or tab did not answer in time."), millis, TimeUnit.MILLISECONDS)
                .thenRun(() -> cancel(number));
    }

    /** Says the settings of a worker if they are not those that were said last; answers how often that was done. */
    private long tell(RegisteredWorker worker) {
        String digest = worker.digest().hex();
        // a worker that stays here because of secrets is run as its node has it
        LentSettings settings = worker.travels() ? worker.lent() : LentSettings.NONE;
        synchronized (told) {
            if (!settings.equals(told.getOrDefault(digest, LentSettings.NONE))) {
                told.put(digest, settings);
                saidSettings.merge(digest, 1L, Long::sum);
                sender.send(new LinkMessage(new LinkMessage.Settings(digest), settings.bytes()));
            }
            return saidSettings.getOrDefault(digest, 0L);
        }
    }

    /** Whether callers can make calls of this worker there themselves. */
    boolean admits(RegisteredWorker worker) {
        return door.isPresent() && takes(worker) && prepare(worker);
    }

    /** Lets a caller make a call there; it counts as one that the node was given. Empty if the node has gone or is not to be reached. */
    Optional<Admission> admit(RegisteredWorker worker, String function, long timeoutMs) {
        Optional<Door> there = door;
        if (closed || there.isEmpty()) {
            return Optional.empty();
        }
        long number = numbers.incrementAndGet();
        CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
        calls.put(number, new Given(outcome, worker.digest().hex(), worker.project()));
        endInTime(number, outcome, Ticket.VALID.toMillis() + timeoutMs + GRACE_MILLIS);
        awaited.add(number);
        CompletableFuture.delayedExecutor(Ticket.VALID.toMillis() + SHOWN_MILLIS, TimeUnit.MILLISECONDS).execute(() -> {
            if (awaited.remove(number)) {
                cancel(number);
            }
        });
        if (closed) {
            lost(number);
        }
        Instant until = clock.instant().plus(Ticket.VALID);
        Ticket ticket = new Ticket(number, worker.name(), worker.digest().hex(), tell(worker), function, timeoutMs, until.toEpochMilli());
        return Optional.of(new Admission(there.get().url, ticket.signed(there.get().key), until, outcome));
    }

    private void cancel(long number) {
        Given given = calls.remove(number);
        if (given != null) {
            sender.send(LinkMessage.of(new LinkMessage.Cancel(number)));
            given.outcome.complete(CallOutcome.Failed.of(Failure.CANCELLED, "The call was taken back."));
        }
    }

    private void lost(long number) {
        end(number, CallOutcome.Failed.of(Failure.UNAVAILABLE, "The node or tab went away while it ran this."));
    }

    private Optional<Given> end(long number, CallOutcome outcome) {
        Given given = calls.remove(number);
        if (given != null) {
            given.outcome.complete(outcome);
        }
        return Optional.ofNullable(given);
    }

    /** What it lent itself for. */
    Set<ProjectId> projects() {
        return projects;
    }

    Owner owner() {
        return owner;
    }

    /** What the person who lent it may do has been looked at anew; calls of other projects are made elsewhere. */
    void setProjects(Set<ProjectId> now) {
        projects = Set.copyOf(now);
        calls.forEach((number, given) -> {
            if (!now.contains(given.project)) {
                sender.send(LinkMessage.of(new LinkMessage.Cancel(number)));
                lost(number);
            }
        });
    }

    /** When it was heard last, as by {@link System#nanoTime}. */
    long heard() {
        return heard;
    }

    /** What it is; empty before it said so. */
    Optional<View> view() {
        return hello.map(said -> new View(said, owner, busy(), load, ran.get(), failed.get(), nanos.value() / 1e6, door.map(Door::publicUrl), List.copyOf(held), connectedAt, seenAt, draining));
    }

    /** Ends it, with a reason for people; its calls are given elsewhere. */
    void end(int code, String reason) {
        socket.close(code, reason);
        closed();
    }

    @Override
    public void binary(byte[] bytes, int from, int length) {
        heard = System.nanoTime();
        try {
            handle(LinkMessage.read(ByteBuffer.wrap(bytes, from, length)));
        } catch (Problem e) {
            end(Socket.POLICY, e.detail());
        }
    }

    @Override
    public void text(String text) {
        end(Socket.POLICY, "messages are binary");
    }

    private void handle(LinkMessage message) {
        LinkMessage.Head head = message.head();
        if (hello.isEmpty() && !(head instanceof LinkMessage.Hello)) {
            throw Problem.field("type", "order", "The first message is 'hello'.");
        }
        switch (head) {
            case LinkMessage.Hello said -> hello(said);
            case LinkMessage.Beat(int busy, double now) -> {
                load = Double.isFinite(now) ? Math.clamp(now, 0, 1) : 0;
                seenAt = clock.instant();
            }
            case LinkMessage.Answer(long call, double ranMs) -> {
                double nanos = Double.isFinite(ranMs) ? Math.clamp(ranMs, 0, MOST_MILLIS) * 1e6 : 0;
                end(call, new CallOutcome.Answer(message.bytes(), (long) nanos)).ifPresent(given -> {
                    held.add(given.digest);
                    ran.incrementAndGet();
                    this.nanos.note(nanos);
                });
            }
            case LinkMessage.Failed said -> {
                Failure kind = failure(said.error());
                if (kind != Failure.CANCELLED) {
                    failed.incrementAndGet();
                }
                end(said.call(), new CallOutcome.Failed(kind, said.message(), said.field(), said.rule())).filter(given -> kind == Failure.UNAVAILABLE)
                        // it has let go of the worker; the next call by the link brings it again
                        .ifPresent(given -> held.remove(given.digest));
            }
            case LinkMessage.Reachable(String url) -> reachable(url);
            case LinkMessage.Shown(long call) -> awaited.remove(call);
            case LinkMessage.Need(String digest) -> nodes.needed(this, digest);
            case LinkMessage.Drain() -> {
                draining = true;
                nodes.changed();
            }
            case LinkMessage.Welcome w -> throw unexpected();
            case LinkMessage.Call c -> throw unexpected();
            case LinkMessage.Cancel c -> throw unexpected();
            case LinkMessage.WorkerFile w -> throw unexpected();
            case LinkMessage.Settings s -> throw unexpected();
            case LinkMessage.TicketKey k -> throw unexpected();
        }
    }

    private static Problem unexpected() {
        return Problem.field("type", "direction", "This message is for nodes.");
    }

    private void hello(LinkMessage.Hello said) {
        check("kind", KINDS.contains(said.kind()), "is node or tab");
        check("kind", said.kind().equals("tab") == owner.isSession(), "is tab for a session and node for a token");
        check("name", !said.name().isBlank() && said.name().length() <= LONGEST_TEXT, "has 1 to " + LONGEST_TEXT + " characters");
        check("engine", said.engine().length() <= LONGEST_TEXT, "has at most " + LONGEST_TEXT + " characters");
        check("slots", said.slots() >= 1 && said.slots() <= MOST_SLOTS, "is 1 to " + MOST_SLOTS);
        check("workers", said.workers().size() <= MOST_WORKERS && said.workers().stream().allMatch(one -> one.matches("[0-9a-f]{64}")), "are digests, at most " + MOST_WORKERS);
        check("hosts", said.hosts().size() <= MOST_HOSTS && said.hosts().stream().allMatch(one -> one.length() <= LONGEST_HOST), "are patterns of hosts, at most " + MOST_HOSTS);
        held.addAll(said.workers());
        hosts = said.hosts().stream().map(one -> one.toLowerCase(Locale.ROOT)).toList();
        own.addAll(said.workers());
        seenAt = clock.instant();
        draining = false;
        hello = Optional.of(said);
        sender.send(LinkMessage.of(new LinkMessage.Welcome(id)));
        nodes.joined(this);
    }

    private void reachable(String text) {
        String base = text.replaceAll("/+$", "");
        URI url = text.length() > LONGEST_URL ? null : uri(base + "/ticket-call");
        if (url == null || url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme())) || url.getRawUserInfo() != null
                || url.getRawQuery() != null || url.getRawFragment() != null || kind() != PlaceKind.NODE) {
            throw Problem.field("url", "reachable", "'url' of a node is http or https with a host, at most " + LONGEST_URL + " characters; tabs have none.");
        }
        byte[] key = new byte[Ticket.KEY_BYTES];
        RANDOM.nextBytes(key);
        sender.send(new LinkMessage(new LinkMessage.TicketKey(), key));
        door = Optional.of(new Door(base, url, key));
    }

    private static @Nullable URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static void check(String field, boolean holds, String rule) {
        if (!holds) {
            throw Problem.field(field, "hello", "'" + field + "' of a hello " + rule + ".");
        }
    }

    private static Failure failure(String text) {
        return Arrays.stream(Failure.values()).filter(one -> one.text().equals(text)).findFirst().orElse(Failure.FAILED);
    }

    /** Hands over the file of a worker. */
    void give(String digest, String name, byte[] file) {
        sender.send(new LinkMessage(new LinkMessage.WorkerFile(digest, name), file));
    }

    @Override
    public void closed() {
        closed = true;
        sender.close();
        nodes.left(this);
        calls.keySet().forEach(this::lost);
    }
}
