package dev.cloche.coordinator;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Figures for the page: {@code /api/workers/statistics}, and once a second as server-sent events. */
final class StatisticsRoutes {
    private static final Duration PACE = Duration.ofSeconds(1);

    private final Sources from;
    private final InstantSource clock;

    /** Where the figures come from. */
    record Sources(TaskQueue queue, Meter meter, NodeViews nodes, Timings timings, WorkerRegistry registry, Guard guard) {}

    StatisticsRoutes(Sources from, InstantSource clock) {
        this.from = from;
        this.clock = clock;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/workers/statistics", this::statistics), Route.get("/api/workers/events", this::events));
    }

    private Response statistics(Request request) {
        return Response.json(figures(request, from.guard().projects(request, Action.WORKER_READ), 0));
    }

    private Response events(Request request) {
        from.guard().projects(request, Action.WORKER_READ);
        return Response.stream("text/event-stream", out -> stream(request, out)).with("cache-control", "no-store").with("x-accel-buffering", "no");
    }

    private void stream(Request request, OutputStream out) throws IOException {
        long told = clock.instant().getEpochSecond() - 2;
        Signal never = new Signal();
        send(out, "retry: 2000\n\n");
        try {
            while (true) {
                Set<ProjectId> projects;
                try {
                    from.guard().stillHere(request);
                    projects = from.guard().projects(request, Action.WORKER_READ);
                } catch (Problem refused) {
                    return;
                }
                Statistics figures = figures(request, projects, told);
                told = figures.seconds().isEmpty() ? told : figures.seconds().getLast().at();
                send(out, "event: statistics\ndata: " + Json.text(figures) + "\n\n");
                never.await(0, PACE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the stream was ended");
        }
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private Statistics figures(Request request, Set<ProjectId> projects, long after) {
        List<String> ids = projects.stream().map(ProjectId::value).toList();
        return new Statistics(clock.instant(), queue(ids), from.meter().since(projects, after), from.nodes().of(projects, Actor.of(request)), measured(projects));
    }

    private Map<String, Long> queue(Collection<String> projects) {
        Map<String, Long> counts = new LinkedHashMap<>();
        from.queue().counts(projects).forEach((state, count) -> counts.put(state.label(), count));
        from.queue().oldest(projects).ifPresent(age -> counts.put("oldestWaitingMs", age.toMillis()));
        return counts;
    }

    private List<PlaceFigures> measured(Set<ProjectId> projects) {
        Map<String, String> names = from.registry().ofProjects(projects).stream().collect(Collectors.toMap(RegisteredWorker::id, RegisteredWorker::name));
        List<PlaceFigures> all = new ArrayList<>();
        for (Timings.Line line : from.timings().lines()) {
            String name = names.get(line.kind().worker());
            if (name != null) {
                long bytes = line.kind().size() == 0 ? 0 : 1L << (line.kind().size() - 1);
                all.add(new PlaceFigures(name, line.kind().function(), bytes, line.place(), line.calls(), line.mean() / 1e6, line.p95() / 1e6));
            }
        }
        return all;
    }

    /** The schema {@code WorkerStatistics} of {@code openapi.yaml}. */
    private record Statistics(Instant at, Map<String, Long> queue, List<Meter.Second> seconds, List<NodeViews.NodeView> nodes, List<PlaceFigures> places) {}

    /** What was measured of one place. */
    private record PlaceFigures(String worker, String function, long inputBytes, String place, long calls, double meanMs, double p95Ms) {}
}
