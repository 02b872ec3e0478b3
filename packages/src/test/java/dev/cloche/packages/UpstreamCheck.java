package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Json;
import dev.cloche.workspaces.WorkspaceId;
import dev.cloche.workspaces.WorkspaceType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks the package index of this machine; run by hand with {@code packages/check-upstream}, never with the other tests. */
class UpstreamCheck {
    @TempDir
    private Path data;

    @Test
    void thePackagesOfThisMachinesIndexCanBeInstalled() throws Exception {
        Path shelf = Path.of(Optional.ofNullable(System.getenv("CHECK_SHELF")).orElse(data.resolve("no-shelf").toString()));
        UpstreamFinder.Found found = UpstreamFinder.ofThisMachine(Optional.empty()).find();
        assertThat(found).isInstanceOf(UpstreamFinder.Found.Index.class);
        UpstreamFinder.Found.Index index = (UpstreamFinder.Found.Index) found;
        System.out.println("upstream found by: " + index.origin());
        FakeCatalog catalog = new FakeCatalog();
        WorkspaceId workspace = catalog.add("w0rkspace0000000", WorkspaceType.PYODIDE);
        try (HttpUpstream upstream = new HttpUpstream(index.address(), Trust.ofThisMachine(), HttpUpstream.Limits.DEFAULT)) {
            Shelf wheels = Shelf.open(shelf);
            PackageIndex packages = new PackageIndex(wheels, new FileStore(data.resolve("files"), Long.MAX_VALUE, Clock.systemUTC()),
                    new Documents(upstream, data.resolve("pages"), Clock.systemUTC(), Documents.Bounds.DEFAULT), upstream, data.resolve("metadata"), Integer.MAX_VALUE, Clock.systemUTC());
            WorkspacePackages installer = new WorkspacePackages(catalog, packages, TabEnvironment.PYODIDE);
            for (String requirements : Optional.ofNullable(System.getenv("CHECK_REQUIREMENTS")).orElse("rich;httpx;fastapi;flask;lxml").split(";")) {
                for (String way : List.of("cold", "warm")) {
                    long start = System.nanoTime();
                    WorkspacePackages.Change change = new WorkspacePackages.Change(Arrays.asList(requirements.strip().split("\\s+")),
                            catalog.get(workspace).config().pythonPackages(), false);
                    InstallOutcome outcome = installer.change(workspace, change, Progress.SILENT);
                    System.out.println(way + " " + (System.nanoTime() - start) / 1_000_000 + " ms: " + switch (outcome) {
                        case InstallOutcome.Installed(List<String> wanted, PythonLock lock) ->
                            wanted + " -> " + lock.wheels().stream().map(w -> w.name() + " " + w.version()).toList();
                        case InstallOutcome.Refused(List<Reason> reasons) -> requirements + " refused: " + Json.text(reasons);
                    });
                }
            }
            PackageSearch search = new PackageSearch(packages, TabEnvironment.PYODIDE, Resolver.Limits.QUICK);
            for (String name : List.of("httpx", "lxml", "sqlite3", "sklearn")) {
                System.out.println("search " + name + ": " + Json.text(search.find(name)));
            }
        }
    }
}
