package dev.cloche.workspaces;

import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.Database;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The feature as a whole: what the composition root builds, routes and closes. */
public final class Workspaces implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final WorkspaceEvents events = new WorkspaceEvents();
    private final FileStore files;
    private final WorkspaceKeeper keeper;
    private final UnreferencedBlobs blobs;
    private final List<Route> routes;

    /**
     * What it stands on.
     *
     * @param database where everything is kept
     * @param access the one policy
     * @param standing whether the session or token by which somebody came still holds
     * @param audit where deletions are recorded
     * @param clock the time
     * @param ids new identifiers
     */
    public record Foundation(Database database, Access access, Predicate<Actor> standing, AuditLog audit, Clock clock, RandomIds ids) {}

    /** The feature with these settings. */
    public Workspaces(Foundation on, WorkspaceSettings settings) {
        WorkspaceStore workspaces = new WorkspaceStore(on.database());
        files = new FileStore(on.database(), new Blobs(), settings.limits(), events, on.clock());
        keeper = new WorkspaceKeeper(
                new WorkspaceKeeper.Stores(on.database(), workspaces, files, events), settings, on.clock(), on.ids());
        blobs = new UnreferencedBlobs(on.database());
        Guard guard = new Guard(workspaces, on.access(), on.standing());
        List<Route> all = new ArrayList<>();
        all.addAll(new WorkspaceRoutes(keeper, Templates.load(), guard, new WorkspaceRoutes.Policy(on.access(), on.audit())).routes());
        all.addAll(new FileRoutes(files, guard, settings.limits()).routes());
        all.addAll(new StateRoutes(new ScreenStates(on.database(), on.clock()), guard).routes());
        all.addAll(new EventRoutes(events, files, guard, HEARTBEAT).routes());
        routes = List.copyOf(all);
    }

    /** The API on the control plane. */
    public List<Route> routes() {
        return routes;
    }

    /** The workspaces as other features see them. */
    public WorkspaceCatalog catalog() {
        return keeper;
    }

    /**
     * What a purge removed.
     *
     * @param workspaces deleted workspaces whose time to be restored is over
     * @param contents contents that nothing refers to any more
     */
    public record Purged(int workspaces, int contents) {}

    /** Removes what nobody can ask for any more; to be called about every hour, by one process at a time or several. */
    public Purged purge() {
        return new Purged(keeper.purge(), blobs.sweep());
    }

    /** Ends all event streams. */
    @Override
    public void close() {
        events.close();
    }
}
