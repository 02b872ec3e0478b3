package dev.cloche.coordinator;

import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.identity.Standing;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Workers as a whole: the registry, the queue, the links to nodes and tabs, and who runs a call; a parts list. */
public final class Coordinator implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Coordinator.class.getName());
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final long SWEEP_SECONDS = 3;

    private final LocalWorkers local;
    private final TaskQueue queue;
    private final Nodes nodes;
    private final Dispatcher dispatcher;
    private final List<Route> routes;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("worker-sweeper").factory());

    /**
     * What it stands on.
     *
     * @param opener of workers in this process
     */
    public record Foundation(Database database, Access access, Standing standing, AuditLog audit, InstantSource clock, SecureRandom random, WorkerOpener opener) {}

    /** Over these; call {@link #start} when requests are served. */
    public Coordinator(Foundation on, CoordinatorSettings settings) {
        RandomIds ids = new RandomIds(on.random());
        WorkerRows rows = new WorkerRows();
        local = new LocalWorkers(on.opener(), settings, (worker, digest) -> on.database().read(handle -> rows.file(handle, worker, digest)));
        WorkerRegistry registry = new WorkerRegistry(on.database(), on.clock(), ids, local);
        queue = new TaskQueue(on.database(), on.clock(), ids, new Backoff(on.random()), settings);
        Timings timings = new Timings();
        nodes = new Nodes(on.clock(), ids, SILENCE, new Nodes.Sources(actor -> lent(on, actor), registry::ofDigest, timings::forget), queue.work());
        on.standing().onChange(nodes::reconsider);
        on.standing().onChange(queue.work()::give);
        LocalPlace server = new LocalPlace(local, settings.slots());
        Calls calls = new Calls(() -> places(server), timings, settings.timeout());
        Division division = new Division(calls, timings);
        Meter meter = new Meter(on.clock());
        dispatcher = new Dispatcher(queue, registry, new Dispatcher.Runner(calls, division, meter, () -> settings.slots() > 0 ? Optional.empty() : Optional.of(served()), nodes.names()), on.clock());
        Guard guard = new Guard(registry, queue, on.access(), on.standing());
        NodeViews views = new NodeViews(nodes, new NodeViews.Server(server, local, on.clock().instant()));
        WorkerRoutes.PersonNames names = (handle, actor) -> handle.createQuery("SELECT name FROM person WHERE id = :id").bind("id", actor.person().value()).mapTo(String.class).findOne().orElse("?");
        routes = Stream.of(
                        new WorkerRoutes(registry, guard, on.audit(), names).routes(),
                        new CallRoutes(registry, guard, new CallRoutes.Runner(calls, division, meter)).routes(),
                        new TicketRoutes(guard, nodes::all, timings, meter, settings.timeout()).routes(),
                        new TaskRoutes(queue, registry, guard, on.clock(), dispatcher::cancelled, nodes.names()).routes(),
                        new NodeRoutes(nodes, views, guard, on.access(), registry, names).routes(),
                        new StatisticsRoutes(new StatisticsRoutes.Sources(queue, meter, views, timings, registry, guard), on.clock()).routes())
                .flatMap(List::stream).toList();
    }

    private List<Place> places(LocalPlace server) {
        List<NodeLink> links = nodes.all();
        List<Place> places = new ArrayList<>(links.size() + 1);
        places.add(server);
        places.addAll(links);
        return places;
    }

    /** The projects whose work somebody may do who came in a while ago. */
    private static Set<ProjectId> lent(Foundation on, Actor actor) {
        if (!on.standing().holds(actor)) {
            return Set.of();
        }
        Access access = on.access();
        return access.projects(actor).keySet().stream().filter(project -> access.allows(actor, Action.WORKER_LEND, new Resource.InProject(project))).collect(Collectors.toSet());
    }

    /** The projects for which there is a node or tab. */
    private Set<String> served() {
        return nodes.all().stream().flatMap(link -> link.projects().stream()).map(ProjectId::value).collect(Collectors.toSet());
    }

    /** Begins to do what is in the queue. */
    public Coordinator start() {
        dispatcher.start();
        sweeper.scheduleWithFixedDelay(this::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    private void sweep() {
        try {
            nodes.watch();
            local.sweep();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "event=worker_sweep_failed", e);
        }
    }

    /** The routes tagged {@code workers} in the contract. */
    public List<Route> routes() {
        return routes;
    }

    /** Removes tasks and results that ended long ago; returns how many. */
    public int prune() {
        return queue.prune();
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
        dispatcher.close();
        nodes.close();
        local.close();
    }
}
