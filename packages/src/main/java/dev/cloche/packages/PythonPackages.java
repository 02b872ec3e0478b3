package dev.cloche.packages;

import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceId;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The feature "Python packages": the shelf, the caching proxy, and the packages of workspaces. Safe for use by several
 * threads.
 */
public final class PythonPackages implements AutoCloseable {
    private final PackageRoutes packageRoutes;
    private final ProxyRoutes proxyRoutes;
    private final WheelRoutes wheelRoutes;
    private final Upstream upstream;
    private final WorkspacePackages packages;

    /** Builds the parts over these. */
    public PythonPackages(PackagesConfig config, WorkspaceCatalog catalog, Access access, Clock clock) {
        this(config, new DiscoveredUpstream(() -> upstream(config.index())), catalog, access, clock);
    }

    PythonPackages(PackagesConfig config, Upstream upstream, WorkspaceCatalog catalog, Access access, Clock clock) {
        Shelf shelf = Shelf.open(config.shelf());
        FileStore store = new FileStore(config.data().resolve("files"), config.cacheLimit(), clock);
        Documents documents = new Documents(upstream, config.data().resolve("pages"), clock, Documents.Bounds.DEFAULT);
        PackageIndex index = new PackageIndex(shelf, store, documents, upstream, config.data().resolve("metadata"), config.largestFile(), clock);
        TabEnvironment environment = TabEnvironment.PYODIDE;
        this.packages = new WorkspacePackages(catalog, index, environment);
        PackageSearch search = new PackageSearch(index, environment, Resolver.Limits.QUICK);
        this.packageRoutes = new PackageRoutes(packages, search, catalog, access);
        this.proxyRoutes = new ProxyRoutes(index, access, clock);
        this.wheelRoutes = new WheelRoutes(index);
        this.upstream = upstream;
    }

    private static Upstream upstream(PackagesConfig.Index index) {
        return switch (index) {
            case PackagesConfig.Index.None none -> new Upstream.None("This server is set to use no package index.");
            case PackagesConfig.Index.OfTheMachine machine -> found(UpstreamFinder.ofThisMachine(Optional.empty()));
            case PackagesConfig.Index.At(URI url) -> found(UpstreamFinder.ofThisMachine(Optional.of(url)));
        };
    }

    private static Upstream found(UpstreamFinder finder) {
        return switch (finder.find()) {
            case UpstreamFinder.Found.Index(UpstreamAddress address, String origin) ->
                new HttpUpstream(address, Trust.ofThisMachine(), HttpUpstream.Limits.DEFAULT);
            case UpstreamFinder.Found.Nothing(String why) -> new Upstream.None(why);
        };
    }

    /**
     * The lock that answers what a workspace asks for now, made if there is none that fits; an {@code UNRESOLVABLE} problem if
     * that is not possible. It asks no policy.
     *
     * @param mayWrite whether a lock that is made now may be written into the workspace
     */
    public PythonLock lock(WorkspaceId id, boolean mayWrite) {
        return PackageRoutes.installed(packages.list(id, mayWrite)).lock();
    }

    /** The routes of the control plane. */
    public List<Route> routes() {
        return Stream.concat(packageRoutes.routes().stream(), proxyRoutes.routes().stream()).toList();
    }

    /** The routes of user-content origins. */
    public List<Route> contentRoutes() {
        return wheelRoutes.routes();
    }

    /** Ends transfers in progress. */
    @Override
    public void close() throws Exception {
        if (upstream instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
