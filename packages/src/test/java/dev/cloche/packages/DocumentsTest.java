package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.identity.ManualClock;
import dev.cloche.kernel.Digest;
import dev.cloche.packages.PackageSource.Lookup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {
    @TempDir
    private Path folder;

    private final ManualClock clock = new ManualClock();
    private final Index index = new Index();

    @Test
    void whatIsMissingIsRememberedForSoManyProjectsOnly() throws IOException {
        Documents documents = documents(new Documents.Bounds(200, 1000, 1000, 1_000_000));
        for (int i = 0; i < 1000; i++) {
            assertThat(documents.get(new ProjectName("nosuch-" + i)).lookup()).isInstanceOf(Lookup.Unknown.class);
        }
        index.asked.clear();

        for (int i = 999; i >= 0; i--) {
            documents.get(new ProjectName("nosuch-" + i));
        }

        assertThat(index.asked).hasSize(800);
        assertThat(files()).isEmpty();
    }

    @Test
    void aFloodOfMissingProjectsDoesNotCostThePagesOnDisk() {
        index.files = 3;
        Documents documents = documents(new Documents.Bounds(2, 1000, 1000, 1_000_000));
        documents.get(new ProjectName("rich"));
        index.files = -1;
        for (int i = 0; i < 10; i++) {
            documents.get(new ProjectName("nosuch-" + i));
        }
        index.asked.clear();

        assertThat(documents.get(new ProjectName("rich")).lookup()).isInstanceOf(Lookup.Found.class);
        assertThat(index.asked).isEmpty();
    }

    @Test
    void longPagesLeaveTheMemoryEarlier() {
        index.files = 60;
        Documents documents = documents(new Documents.Bounds(200, 100, 0, 1_000_000));
        documents.get(new ProjectName("a"));
        documents.get(new ProjectName("a"));
        documents.get(new ProjectName("b"));
        documents.get(new ProjectName("a"));

        // nothing stays on disk here, so what left the memory is asked for again
        assertThat(index.asked).containsExactly("a", "b", "a");

        index.files = 500;
        documents.get(new ProjectName("long"));
        documents.get(new ProjectName("long"));
        assertThat(index.asked).containsExactly("a", "b", "a", "long");
    }

    @Test
    void pagesOnDiskStayWithinTheirNumberAndTheOldestGo() throws IOException {
        index.files = 1;
        Documents documents = documents(new Documents.Bounds(1, 1000, 20, 1_000_000));
        for (int i = 0; i < 50; i++) {
            documents.get(new ProjectName("p" + i));
            clock.pass(Duration.ofSeconds(1));
            assertThat(files()).hasSizeLessThanOrEqualTo(20);
        }

        assertThat(documents.projects()).contains(new ProjectName("p49")).doesNotContain(new ProjectName("p0"));
    }

    @Test
    void aFolderStaysWithinItsBytesAlsoWithWhatWasThereBefore() throws IOException {
        Files.createDirectories(folder.resolve("ab"));
        for (int i = 0; i < 5; i++) {
            Path old = Files.write(folder.resolve("ab/old" + i), new byte[100]);
            Files.setLastModifiedTime(old, FileTime.from(Instant.EPOCH.plusSeconds(i)));
        }
        FolderLimit limit = new FolderLimit(folder, 1000, 500);
        Files.write(folder.resolve("new"), new byte[100]);

        limit.added(100);

        assertThat(files()).extracting(f -> f.getFileName().toString()).containsExactlyInAnyOrder("old2", "old3", "old4", "new");
    }

    private Documents documents(Documents.Bounds bounds) {
        return new Documents(index, folder, clock, bounds);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** Has each project with so many files; none at all if that is less than nothing. */
    private static final class Index implements Upstream {
        private final List<String> asked = new ArrayList<>();
        private int files = -1;

        @Override
        public String key() {
            return "test";
        }

        @Override
        public Optional<List<IndexFile>> project(ProjectName project) {
            asked.add(project.value());
            return files < 0 ? Optional.empty() : Optional.of(IntStream.range(0, files).mapToObj(i -> file(project, i)).toList());
        }

        private static IndexFile file(ProjectName project, int number) {
            String name = project + "-" + number + "-py3-none-any.whl";
            return new IndexFile(name, Digest.of(name.getBytes(StandardCharsets.UTF_8)), Optional.of(URI.create("https://x.example/" + name)),
                    Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        @Override
        public Optional<byte[]> metadata(IndexFile wheel) {
            return Optional.empty();
        }

        @Override
        public <T> T file(IndexFile file, Receiver<T> receiver) throws PackageSource.Unreachable {
            throw new PackageSource.Unreachable("none");
        }
    }
}
