package dev.cloche.coordinator;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Failure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Calls that callers make of a node themselves, so that large inputs and outputs do not pass the server: the server chooses
 * the node, gives a ticket for it, and hears from the node how it went.
 */
final class TicketRoutes {
    private static final int LONGEST = 600_000;
    private static final int LARGEST = 1 << 30;

    private final Guard guard;
    private final Supplier<List<NodeLink>> nodes;
    private final Timings timings;
    private final Meter meter;
    private final Duration longest;

    TicketRoutes(Guard guard, Supplier<List<NodeLink>> nodes, Timings timings, Meter meter, Duration longest) {
        this.guard = guard;
        this.nodes = nodes;
        this.timings = timings;
        this.meter = meter;
        this.longest = longest;
    }

    List<Route> routes() {
        return List.of(Route.post("/api/workers/{worker}/ticket/{function}", this::ticket));
    }

    /** What a caller gets. */
    private record Given(String node, String url, String ticket, String until) {}

    private Response ticket(Request request) {
        RegisteredWorker worker = guard.worker(request, Action.WORKER_CALL);
        String function = request.pathParameter("function");
        Where where = request.query("where").map(Where::of).orElse(Where.AUTO);
        long timeout = Math.min(request.queryInt("timeout", LONGEST, 1, LONGEST), Math.min(worker.timeoutMs(), longest.toMillis()));
        // such calls are measured for themselves: the way of the input counts, and it is another one
        Timings.Kind kind = Timings.Kind.of(worker, function + "/ticket", request.queryInt("bytes", 0, 0, LARGEST));
        Timings.Chosen chosen = timings.choose(kind, candidates(worker, where));
        return chosen != null && chosen.place() instanceof NodeLink node ? given(worker, function, timeout, node, kind, chosen) : Response.empty();
    }

    private List<Place> candidates(RegisteredWorker worker, Where where) {
        List<Place> all = nodes.get().stream().filter(node -> where.admits(node) && node.admits(worker)).map(Place.class::cast).toList();
        List<Place> free = all.stream().filter(Place::hasRoom).toList();
        return free.isEmpty() ? all : free;
    }

    private Response given(RegisteredWorker worker, String function, long timeout, NodeLink node, Timings.Kind kind, Timings.Chosen chosen) {
        double rounds = Timings.rounds(node);
        long at = System.nanoTime();
        Optional<NodeLink.Admission> admission = node.admit(worker, function, timeout);
        admission.ifPresent(one -> one.outcome().thenAccept(outcome -> {
            long nanos = System.nanoTime() - at;
            if (outcome instanceof CallOutcome.Answer) {
                timings.note(kind, node.id(), nanos, rounds, chosen);
            }
            if (outcome instanceof CallOutcome.Failed failed && failed.kind() == Failure.CANCELLED) {
                return; // nobody came, or nobody waits any more
            }
            meter.note(worker.project(), new Calls.Done(outcome, node.id(), false, nanos), false);
        }));
        return admission.map(one -> Response.json(new Given(node.id(), one.url().toString(), one.ticket(), one.until().toString()))).orElseGet(Response::empty);
    }
}
