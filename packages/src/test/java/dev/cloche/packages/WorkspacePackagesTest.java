package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.identity.ManualClock;
import dev.cloche.workspaces.WorkspaceId;
import dev.cloche.workspaces.WorkspaceType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspacePackagesTest {
    @TempDir
    private Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final FakeCatalog catalog = new FakeCatalog();
    private final ManualClock clock = new ManualClock();
    private final WorkspaceId workspace = catalog.add("w0rkspace0000000", WorkspaceType.PYODIDE);
    private final TestWheels.Made pygments = TestWheels.pure("pygments", "2.1");
    private final TestWheels.Made rich = TestWheels.pure("rich", "13.0", "pygments>=2");
    private final HttpUpstream upstream = new HttpUpstream(UpstreamAddress.of(registry.url("/simple/").toString(), Optional.empty()),
            Trust.context(Map.of(), Optional.empty()),
            new HttpUpstream.Limits(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20), 1_000_000));

    @AfterEach
    void stop() {
        upstream.close();
        registry.close();
    }

    private WorkspacePackages open() {
        Path data = folder.resolve("data");
        PackageIndex index = new PackageIndex(Shelf.open(folder.resolve("shelf")), new FileStore(data.resolve("files"), 1_000_000, clock),
                new Documents(upstream, data.resolve("pages"), clock, Documents.Bounds.DEFAULT), upstream, data.resolve("metadata"), 1_000_000, clock);
        return new WorkspacePackages(catalog, index, TabEnvironment.PYODIDE);
    }

    @Test
    void packagesOfTheIndexAreFetchedAndKept() throws IOException {
        registry.project("rich", rich).project("pygments", pygments);

        InstallOutcome outcome = install(open(), "rich");

        assertThat(names(outcome)).containsExactly("pygments 2.1", "rich 13.0");
        assertThat(files("kept")).containsExactlyInAnyOrder(rich.file(), pygments.file());
        assertThat(files("cached")).isEmpty();
    }

    @Test
    void oneWheelThatCannotComeMeansThatNothingChanges() throws IOException {
        registry.project("rich", rich).project("pygments", pygments)
                .at("/files/" + rich.file() + ".metadata", FakeRegistry.ok("x", "Metadata-Version: 2.1\nName: rich\nVersion: 13.0\nRequires-Dist: pygments\n".getBytes(StandardCharsets.UTF_8)))
                .at("/files/" + rich.file(), FakeRegistry.ok("x", "broken".getBytes(StandardCharsets.UTF_8)));

        InstallOutcome outcome = install(open(), "rich");

        assertThat(((InstallOutcome.Refused) outcome).reasons()).singleElement()
                .satisfies(r -> assertThat(r.cause()).isEqualTo(Reason.Cause.DAMAGED), r -> assertThat(r.project()).isEqualTo("rich"));
        assertThat(catalog.writes).isZero();
        assertThat(catalog.get(workspace).config().pythonPackages()).isEmpty();
        assertThat(files("kept")).isEmpty();
    }

    @Test
    void theLockKeepsItsVersionsUntilAnUpgrade() {
        registry.project("rich", rich).project("pygments", pygments);
        WorkspacePackages packages = open();
        install(packages, "rich");
        registry.project("pygments", pygments, TestWheels.pure("pygments", "2.9"));
        clock.pass(Duration.ofMinutes(10));

        assertThat(names(packages.change(workspace, new WorkspacePackages.Change(List.of(), List.of(), false), Progress.SILENT))).contains("pygments 2.1");
        assertThat(names(packages.change(workspace, new WorkspacePackages.Change(List.of(), List.of(), true), Progress.SILENT))).contains("pygments 2.9");
    }

    @Test
    void wheelsThatWereLostAreFetchedAgainAsTheLockNamesThem() throws IOException {
        registry.project("rich", rich).project("pygments", pygments);
        InstallOutcome before = install(open(), "rich");
        registry.project("pygments", pygments, TestWheels.pure("pygments", "2.9"));
        clock.pass(Duration.ofMinutes(10));
        try (Stream<Path> all = Files.walk(folder.resolve("data/files"))) {
            all.filter(Files::isRegularFile).forEach(WorkspacePackagesTest::delete);
        }

        InstallOutcome after = open().list(workspace, true);

        assertThat(after).isEqualTo(before);
        assertThat(files("kept")).hasSize(2);
    }

    @Test
    void aListenerThatGoesAwayEndsTheInstallation() {
        registry.project("rich", rich).project("pygments", pygments);
        List<String> phases = new ArrayList<>();

        assertThatThrownBy(() -> open().change(workspace, new WorkspacePackages.Change(List.of("rich"), List.of(), false), step -> {
            phases.add(step.phase());
            if (step.phase().equals("fetch") && step.done() == 1) {
                throw new UncheckedIOException(new IOException("gone"));
            }
        })).isInstanceOf(UncheckedIOException.class);

        assertThat(phases).contains("resolve", "fetch").doesNotContain("write");
        assertThat(catalog.writes).isZero();
    }

    @Test
    void anInterruptedThreadInstallsNothing() {
        registry.project("rich", rich).project("pygments", pygments);
        Thread.currentThread().interrupt();

        InstallOutcome outcome;
        try {
            outcome = install(open(), "rich");
        } catch (dev.cloche.kernel.Problem cancelled) {
            outcome = new InstallOutcome.Refused(List.of());
        } finally {
            Thread.interrupted();
        }

        assertThat(outcome).isInstanceOf(InstallOutcome.Refused.class);
        assertThat(catalog.writes).isZero();
    }

    private InstallOutcome install(WorkspacePackages packages, String... names) {
        return packages.change(workspace, new WorkspacePackages.Change(List.of(names), List.of(), false), Progress.SILENT);
    }

    private static List<String> names(InstallOutcome outcome) {
        return ((InstallOutcome.Installed) outcome).lock().wheels().stream().map(w -> w.name() + " " + w.version()).toList();
    }

    private List<String> files(String half) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data/files").resolve(half))) {
            return all.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).toList();
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
