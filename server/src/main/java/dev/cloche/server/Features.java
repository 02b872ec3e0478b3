package dev.cloche.server;

import dev.cloche.apps.Apps;
import dev.cloche.apps.EngineVersions;
import dev.cloche.apps.LockSource;
import dev.cloche.coordinator.Coordinator;
import dev.cloche.coordinator.CoordinatorSettings;
import dev.cloche.coordinator.WorkerBuilding;
import dev.cloche.coordinator.WorkerOpener;
import dev.cloche.databases.LiveDatabases;
import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.Origins;
import dev.cloche.http.Route;
import dev.cloche.http.SystemRoutes;
import dev.cloche.identity.Identity;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Lifecycle;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.packages.PackagesConfig;
import dev.cloche.packages.PythonPackages;
import dev.cloche.protocol.OidcSettings;
import dev.cloche.protocol.Protocol;
import dev.cloche.storage.Database;
import dev.cloche.storage.Storage;
import dev.cloche.wasm.Engine;
import dev.cloche.workspaces.WorkspaceSettings;
import dev.cloche.workspaces.Workspaces;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The features of the server, built on their foundations; a parts list.
 *
 * @param identity people, and who may do what
 * @param contract by which requests are checked
 * @param routes of the control plane
 * @param contentRoutes of user-content origins
 */
record Features(Identity identity, Contract contract, List<Route> routes, List<Route> contentRoutes) {
    /**
     * What all features stand on.
     *
     * @param storage the database, once it is open
     * @param origins where the server is reached
     * @param assets the built front end
     * @param operatorKey by which the command on the machine proves itself
     * @param contract by which requests are checked
     * @param engine that runs modules
     */
    record Foundation(Supplier<Storage> storage, Origins origins, Assets assets, String operatorKey, Contract contract, Supplier<Engine> engine) {}

    /**
     * What the configuration says of single features.
     *
     * @param packages absent without assets
     * @param databases where modules run
     * @param workers what they may use here
     * @param building whether they are built here
     * @param issuers whose tokens clients of databases may show
     */
    record Settings(Optional<PackagesConfig> packages, LiveDatabases.Settings databases, CoordinatorSettings workers, WorkerBuilding.Permission building,
            OidcSettings issuers) {}

    /** Copies the lists. */
    Features {
        routes = List.copyOf(routes);
        contentRoutes = List.copyOf(contentRoutes);
    }

    /** Builds the features and starts those that run by themselves. */
    static Features start(Foundation on, Settings settings, Lifecycle parts) {
        Database database = Database.opening(() -> on.storage().get().database());
        Clock clock = Clock.systemUTC();
        RandomIds ids = new RandomIds(new SecureRandom());
        SystemInfo.Engine engine = SystemInfo.Engine.PYODIDE;

        Identity identity = new Identity(database, on.origins(), on.operatorKey(), Identity.Sources.system());
        Workspaces workspaces = parts.start("workspaces", Duration.ofSeconds(2), () -> new Workspaces(
                new Workspaces.Foundation(database, identity.access(), identity.standing()::holds, identity.audit(), clock, ids), WorkspaceSettings.of(engine.python())));
        Optional<PythonPackages> packages = settings.packages().map(config -> parts.start("packages", Duration.ofSeconds(2),
                () -> new PythonPackages(config, workspaces.catalog(), identity.access(), clock)));
        LockSource locks = (workspace, mayWrite) -> packages.orElseThrow(() -> Problem.of(ErrorCode.NOT_AVAILABLE,
                "This server was started without its assets, so there are no Python packages.")).lock(workspace, mayWrite);
        Apps apps = new Apps(
                new Apps.Foundation(database, clock, ids, workspaces.catalog(), locks),
                new Apps.Policy(identity.access(), identity.audit(), identity::project),
                new Apps.Places(on.origins(), on.assets(), new EngineVersions(engine.pyodide(), engine.python())));
        LiveDatabases databases = parts.start("databases", Duration.ofSeconds(6), () -> new LiveDatabases(settings.databases(), on.engine().get(), database, clock));
        Protocol protocol = new Protocol(
                new Protocol.Foundation(databases.databases(), database, identity, clock, new SecureRandom()), settings.issuers());
        Coordinator workers = parts.start("workers", Duration.ofSeconds(4), () -> new Coordinator(
                new Coordinator.Foundation(database, identity.access(), identity.standing(), identity.audit(), clock, new SecureRandom(), WorkerOpener.on(on.engine())), settings.workers()).start());
        SystemRoutes system = new SystemRoutes(on.contract(), () -> missing(on.storage().get()), () -> SystemInfo.of(on.origins()));
        parts.start("housekeeping", Duration.ofSeconds(2), () -> new Housekeeping(Duration.ofHours(1), workspaces::purge));

        parts.start("history", Duration.ofSeconds(2), () -> new Housekeeping(Duration.ofMinutes(10), databases::prune));

        parts.start("tasks", Duration.ofSeconds(2), () -> new Housekeeping(Duration.ofMinutes(10), workers::prune));

        databases.wake();

        return new Features(identity, on.contract(),
                all(system.routes(), identity.routes(), workspaces.routes(), packages.map(PythonPackages::routes).orElse(List.of()), apps.routes(),
                        databases.routes(identity.access(), Protocol::identity), protocol.routes(), protocol.routesForPeople(), workers.routes(),
                        new WorkerBuilding(settings.building(), workspaces.catalog(), identity.access(), System.getenv()).routes()),
                all(packages.map(PythonPackages::contentRoutes).orElse(List.of()), apps.contentRoutes(), protocol.routesForContent()));
    }

    private static Optional<String> missing(Storage storage) {
        return storage.answers() ? Optional.empty() : Optional.of("The database does not answer.");
    }

    @SafeVarargs
    private static List<Route> all(List<Route>... lists) {
        return Stream.of(lists).flatMap(List::stream).toList();
    }
}
