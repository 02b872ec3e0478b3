package dev.cloche.packages;

import dev.cloche.packages.PackageSource.Lookup;
import dev.cloche.packages.PackageSource.Unreachable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * The upstream's project pages, remembered on disk and the last ones in memory. A page younger than five minutes is
 * taken as it is, an older one is asked for anew; when the upstream is out of reach, the old one serves on. That a project
 * does not exist is remembered for one minute. All that is remembered has a bound. Safe for use by several threads.
 */
final class Documents {
    private static final System.Logger LOG = System.getLogger(Documents.class.getName());
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration MISSING = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final URI NO_BASE = URI.create("https://invalid./");

    private final Bounds bounds;
    private final FolderLimit onDisk;
    private final Upstream upstream;
    private final Path folder;
    private final Clock clock;
    private final SingleFlight<ProjectName, Answer> flights = new SingleFlight<>();
    /** By use, the latest last. */
    private final Map<ProjectName, Answer> memory = new LinkedHashMap<>(16, 0.75f, true);
    private int filesInMemory;
    private volatile Instant askAgain = Instant.MIN;
    private volatile String lastFailure = "";

    /**
     * What is known of a project.
     *
     * @param lookup its files
     * @param asOf when the upstream said so
     * @param stale whether it is older than it should be, since the upstream is out of reach
     */
    record Answer(Lookup lookup, Instant asOf, boolean stale) {}

    /**
     * How much is remembered.
     *
     * @param pagesInMemory so many pages, also of projects that do not exist
     * @param filesInMemory so many files on them all together
     * @param pagesOnDisk so many pages
     * @param bytesOnDisk so many bytes of them
     */
    record Bounds(int pagesInMemory, int filesInMemory, int pagesOnDisk, long bytesOnDisk) {
        /** 200 pages with 50,000 files in memory; 10,000 pages and 1 GiB on disk. */
        static final Bounds DEFAULT = new Bounds(200, 50_000, 10_000, 1L << 30);
    }

    /** The pages of this upstream below this folder. */
    Documents(Upstream upstream, Path folder, Clock clock, Bounds bounds) {
        this.bounds = bounds;
        this.onDisk = new FolderLimit(folder, bounds.pagesOnDisk(), bounds.bytesOnDisk());
        this.upstream = upstream;
        this.folder = folder;
        this.clock = clock;
    }

    /** Each upstream has a folder of its own; which one it is is known when it is first needed. */
    private Path folder() {
        Path own = folder.resolve(upstream.key());
        try {
            Files.createDirectories(own);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for package pages cannot be used: " + own, e);
        }
        return own;
    }

    /** What is known of the project, asking the upstream where needed. */
    Answer get(ProjectName project) {
        Optional<Answer> known = remembered(project);
        if (known.isPresent() && isFresh(known.get())) {
            return known.get();
        }
        try {
            return flights.get(project, () -> ask(project, known));
        } catch (ExecutionException e) {
            throw new IllegalStateException("the page of " + project + " cannot be handled", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(new Lookup.Unreachable("The request was cancelled."), clock.instant(), true);
        }
    }

    /** The projects whose pages are remembered on disk, by name. */
    List<ProjectName> projects() {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(f -> f.getFileName().toString())
                    .filter(n -> n.endsWith(".json"))
                    .flatMap(n -> ProjectName.parse(n.substring(0, n.length() - 5)).stream())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for package pages cannot be read: " + folder, e);
        }
    }

    private Answer ask(ProjectName project, Optional<Answer> known) {
        Instant now = clock.instant();
        if (now.isBefore(askAgain)) {
            return old(project, known, lastFailure);
        }
        try {
            Optional<List<IndexFile>> files = upstream.project(project);
            Lookup lookup = files.isPresent() ? new Lookup.Found(files.get()) : new Lookup.Unknown();
            Answer answer = new Answer(lookup, now, false);
            remember(project, answer);
            return answer;
        } catch (Unreachable e) {
            // So that a resolve of thirty packages does not wait thirty times for a dead network.
            lastFailure = e.why();
            askAgain = now.plus(PAUSE);
            return old(project, known, e.why());
        }
    }

    private Answer old(ProjectName project, Optional<Answer> known, String why) {
        if (known.isEmpty()) {
            return new Answer(new Lookup.Unreachable(why), clock.instant(), true);
        }
        LOG.log(System.Logger.Level.INFO, "event=package-page-stale project={0} asOf={1}", project, known.get().asOf());
        return new Answer(known.get().lookup(), known.get().asOf(), true);
    }

    private boolean isFresh(Answer answer) {
        Duration limit = answer.lookup() instanceof Lookup.Found ? FRESH : MISSING;
        return clock.instant().isBefore(answer.asOf().plus(limit));
    }

    private Optional<Answer> remembered(ProjectName project) {
        synchronized (memory) {
            Answer answer = memory.get(project);
            if (answer != null) {
                return Optional.of(answer);
            }
        }
        Optional<Answer> read = readFromDisk(project);
        read.ifPresent(answer -> keepInMemory(project, answer));
        return read;
    }

    private void keepInMemory(ProjectName project, Answer answer) {
        synchronized (memory) {
            Answer before = memory.put(project, answer);
            filesInMemory += filesOf(answer) - (before == null ? 0 : filesOf(before));
            // The page at hand stays, however long it is.
            Iterator<Answer> oldest = memory.values().iterator();
            while (memory.size() > 1 && (memory.size() > bounds.pagesInMemory() || filesInMemory > bounds.filesInMemory())) {
                filesInMemory -= filesOf(oldest.next());
                oldest.remove();
            }
        }
    }

    private static int filesOf(Answer answer) {
        return answer.lookup() instanceof Lookup.Found(List<IndexFile> files) ? files.size() : 0;
    }

    private Optional<Answer> readFromDisk(ProjectName project) {
        Path path = folder().resolve(project + ".json");
        try {
            if (!Files.isRegularFile(path)) {
                return Optional.empty();
            }
            List<IndexFile> files = SimpleJson.read(Files.readAllBytes(path), NO_BASE);
            return Optional.of(new Answer(new Lookup.Found(files), Files.getLastModifiedTime(path).toInstant(), false));
        } catch (IOException | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "event=package-page-unreadable path={0} cause={1}", path, e.getMessage());
            return Optional.empty();
        }
    }

    private void remember(ProjectName project, Answer answer) {
        keepInMemory(project, answer);
        Path path = folder().resolve(project + ".json");
        try {
            if (answer.lookup() instanceof Lookup.Found(List<IndexFile> files)) {
                byte[] page = SimpleJson.write(project, files, f -> f.url().map(URI::toString).orElse(""));
                Path part = Files.createTempFile(folder(), "page", ".part");
                Files.write(part, page);
                Files.setLastModifiedTime(part, FileTime.from(answer.asOf()));
                Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                onDisk.added(page.length);
            } else {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "event=package-page-not-kept path={0} cause={1}", path, e.getMessage());
        }
    }

    /** A name for an upstream's folder that tells nothing of its URL. */
    static String keyOf(String url) {
        return dev.cloche.kernel.Digest.of(url.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
    }
}
