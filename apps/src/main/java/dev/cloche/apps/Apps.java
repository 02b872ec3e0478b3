package dev.cloche.apps;

import dev.cloche.http.Assets;
import dev.cloche.http.Origins;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.Project;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.Database;
import dev.cloche.workspaces.WorkspaceCatalog;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The feature as a whole: what the composition root builds and routes. */
public final class Apps {
    private final List<Route> routes;
    private final List<Route> contentRoutes;

    /**
     * What it stands on.
     *
     * @param database where everything is kept
     * @param clock the time
     * @param ids new identifiers
     * @param workspaces where the files come from
     * @param locks where the wheels come from
     */
    public record Foundation(Database database, Clock clock, RandomIds ids, WorkspaceCatalog workspaces, LockSource locks) {}

    /**
     * Who may, and who did.
     *
     * @param access the one policy
     * @param audit where publishing is recorded
     * @param projects the project of an identifier, for its name in paths
     */
    public record Policy(Access access, AuditLog audit, Function<ProjectId, Optional<Project>> projects) {}

    /**
     * Where apps are served.
     *
     * @param origins of this server
     * @param assets with the page that starts an app
     * @param engine in the tab
     */
    public record Places(Origins origins, Assets assets, EngineVersions engine) {}

    /** The feature over these. */
    public Apps(Foundation on, Policy policy, Places places) {
        AppStore store = new AppStore(on.database(), new Blobs());
        Publisher publisher = new Publisher(store, on.workspaces(), on.locks(), on.clock(), on.ids());
        AppRoutes api = new AppRoutes(
                store, publisher, on.workspaces(), new AppRoutes.Parts(policy.access(), policy.audit(), places.origins()));
        AppPaths paths = new AppPaths(store, policy.projects(), places.origins());
        routes = Stream.of(api.routes(), paths.routes()).flatMap(List::stream).toList();
        contentRoutes = List.copyOf(new AppSite(store, places.assets(), places.origins(), places.engine()).routes());
    }

    /** The API and the path form of apps on the control plane. */
    public List<Route> routes() {
        return routes;
    }

    /** What the apps' own origins answer. */
    public List<Route> contentRoutes() {
        return contentRoutes;
    }
}
