package dev.cloche.packages;

import dev.cloche.kernel.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/**
 * All packages that this server can give: the shelf, what it has fetched before, and the upstream behind. Safe for use by
 * several threads.
 */
final class PackageIndex implements PackageSource {
    private static final System.Logger LOG = System.getLogger(PackageIndex.class.getName());
    private static final int METADATA_IN_MEMORY = 2_000;
    private static final int METADATA_ON_DISK = 50_000;
    private static final long METADATA_BYTES = 1L << 30;

    private final Shelf shelf;
    private final FileStore store;
    private final Documents documents;
    private final Upstream upstream;
    private final Path metadataFolder;
    private final FolderLimit metadataLimit;
    private final long largestFile;
    private final Clock clock;
    private final SingleFlight<Digest, Path> fetches = new SingleFlight<>();
    private final Map<Digest, CoreMetadata> parsed = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, CoreMetadata> eldest) {
            return size() > METADATA_IN_MEMORY;
        }
    };

    /** A file that was fetched twice and each time was not what the index promised. */
    static final class Damaged extends Exception {
        private static final long serialVersionUID = 1L;
        private final String why;

        Damaged(String why) {
            super(why);
            this.why = why;
        }

        /** What is the matter, for people. */
        String why() {
            return why;
        }
    }

    /** The index over these parts; {@code largestFile} in bytes. */
    PackageIndex(Shelf shelf, FileStore store, Documents documents, Upstream upstream, Path metadataFolder, long largestFile, Clock clock) {
        this.shelf = shelf;
        this.store = store;
        this.documents = documents;
        this.upstream = upstream;
        this.metadataFolder = metadataFolder;
        this.metadataLimit = new FolderLimit(metadataFolder, METADATA_ON_DISK, METADATA_BYTES);
        this.largestFile = largestFile;
        this.clock = clock;
    }

    @Override
    public List<IndexFile> shelf(ProjectName project) {
        return shelf.entries(project).stream().map(Shelf.Entry::file).toList();
    }

    @Override
    public Lookup index(ProjectName project) {
        return upstream(project).lookup();
    }

    @Override
    public CoreMetadata metadata(IndexFile wheel) throws CoreMetadata.Broken, Unreachable {
        Optional<Shelf.Entry> entry = shelf.entry(wheel.sha256());
        if (entry.isPresent()) {
            return entry.get().metadata();
        }
        synchronized (parsed) {
            CoreMetadata known = parsed.get(wheel.sha256());
            if (known != null) {
                return known;
            }
        }
        CoreMetadata metadata = CoreMetadata.parse(metadataBytes(wheel));
        synchronized (parsed) {
            parsed.put(wheel.sha256(), metadata);
        }
        return metadata;
    }

    /** The METADATA file of a wheel: remembered, from the wheel at hand, from the upstream's separate file, or from the wheel fetched. */
    byte[] metadataBytes(IndexFile wheel) throws CoreMetadata.Broken, Unreachable {
        Path kept = metadataFolder.resolve(wheel.sha256().hex().substring(0, 2)).resolve(wheel.sha256().hex());
        try {
            Optional<Path> here = here(wheel.sha256(), wheel.file());
            if (here.isPresent()) {
                return WheelArchive.metadata(here.get());
            }
            if (Files.isRegularFile(kept)) {
                return Files.readAllBytes(kept);
            }
            Optional<byte[]> separate = wheel.url().isPresent() ? upstream.metadata(wheel) : Optional.empty();
            if (separate.isPresent() && isPromised(wheel, separate.get()) && isOf(wheel, separate.get())) {
                keepMetadata(kept, separate.get());
                return separate.get();
            }
            return WheelArchive.metadata(fetch(wheel));
        } catch (Damaged e) {
            throw new CoreMetadata.Broken(e.why());
        } catch (IOException e) {
            throw new UncheckedIOException("the metadata of " + wheel.file() + " cannot be read", e);
        }
    }

    private static boolean isPromised(IndexFile wheel, byte[] metadata) {
        return wheel.metadata().flatMap(IndexFile.MetadataFile::sha256).map(Digest.of(metadata)::equals).orElse(true);
    }

    /** Whether these bytes are the wheel's metadata, and not for example a page that says that there is none. */
    private static boolean isOf(IndexFile wheel, byte[] metadata) {
        try {
            CoreMetadata read = CoreMetadata.parse(metadata);
            return wheel.wheel().filter(w -> w.name().equals(read.name())).isPresent();
        } catch (CoreMetadata.Broken e) {
            return false;
        }
    }

    private void keepMetadata(Path path, byte[] bytes) throws IOException {
        Files.createDirectories(path.resolveSibling(".").normalize());
        Path part = Files.createTempFile(path.resolveSibling(".").normalize(), "metadata", ".part");
        Files.write(part, bytes);
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        metadataLimit.added(bytes.length);
    }

    /** Where a file lies on this machine, if it does; nothing is fetched. */
    Optional<Path> here(Digest digest, String file) {
        return shelf.entry(digest)
                .filter(e -> e.file().file().equals(file))
                .map(Shelf.Entry::path)
                .or(() -> store.find(digest, file));
    }

    /** The file on this machine, fetched if need be; a wrong digest is tried once more, then refused. */
    Path fetch(IndexFile file) throws Unreachable, Damaged {
        Optional<Path> here = here(file.sha256(), file.file());
        if (here.isPresent()) {
            return here.get();
        }
        if (file.url().isEmpty()) {
            throw new Unreachable(file.file() + " is no longer on this server, and its index does not have it.");
        }
        try {
            return fetches.get(file.sha256(), () -> receive(file));
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Unreachable unreachable -> throw unreachable;
                case Damaged damaged -> throw damaged;
                case null, default -> throw new IllegalStateException("fetching " + file.file() + " failed", e.getCause());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("The request was cancelled.");
        }
    }

    private Path receive(IndexFile file) throws Unreachable, Damaged, IOException {
        try {
            return upstream.file(file, in -> store.receive(file.file(), file.sha256(), largestFile, in));
        } catch (FileStore.WrongDigest first) {
            LOG.log(System.Logger.Level.WARNING, "event=package-damaged file={0} try=1", file.file());
            try {
                return upstream.file(file, in -> store.receive(file.file(), file.sha256(), largestFile, in));
            } catch (FileStore.WrongDigest second) {
                LOG.log(System.Logger.Level.WARNING, "event=package-damaged file={0} try=2", file.file());
                throw new Damaged("The package index gave " + file.file()
                        + " twice with content that does not match its SHA-256; it was refused and nothing was kept.");
            }
        } catch (FileStore.TooLarge e) {
            throw new Damaged(file.file() + " is larger than the " + largestFile / (1024 * 1024) + " MB that this server takes.");
        }
    }

    /** Keeps a wheel that is here for good, since a lock is about to name it. */
    void keep(Digest digest, String file) {
        try {
            Optional<Shelf.Entry> entry = shelf.entry(digest);
            if (entry.isPresent()) {
                // A copy, so that locks outlive the shelf of this release.
                store.keepCopy(digest, file, entry.get().path());
            } else {
                store.keep(digest, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the wheel " + file + " cannot be kept", e);
        }
    }

    /** Shelf and upstream of a project together, the shelf's files first; empty if neither knows it. */
    Optional<Documents.Answer> page(ProjectName project) {
        List<IndexFile> own = shelf(project);
        Documents.Answer answer = upstream(project);
        List<IndexFile> all = new java.util.ArrayList<>(own);
        switch (answer.lookup()) {
            case Lookup.Found(List<IndexFile> files) -> files.stream()
                    .filter(f -> own.stream().noneMatch(o -> o.file().equals(f.file())))
                    .forEach(all::add);
            case Lookup.Unknown unknown -> {
                if (own.isEmpty()) {
                    return Optional.empty();
                }
            }
            case Lookup.Unreachable unreachable -> {
                if (own.isEmpty()) {
                    return Optional.of(answer);
                }
            }
        }
        return Optional.of(new Documents.Answer(new Lookup.Found(all), answer.asOf(), answer.stale()));
    }

    /** The file of this digest and name, as shelf or index list it. */
    Optional<IndexFile> find(Digest digest, String file) throws Unreachable {
        Optional<Path> here = here(digest, file);
        if (here.isPresent()) {
            return Optional.of(IndexFile.local(file, digest, 0));
        }
        List<ProjectName> projects = WheelFile.parse(file)
                .map(w -> List.of(w.name()))
                .orElseGet(() -> SourceArchive.splits(file).stream().map(SourceArchive::name).distinct().limit(3).toList());
        for (ProjectName project : projects) {
            switch (upstream(project).lookup()) {
                case Lookup.Found(List<IndexFile> files) -> {
                    Optional<IndexFile> found = files.stream().filter(f -> f.sha256().equals(digest) && f.file().equals(file)).findFirst();
                    if (found.isPresent()) {
                        return found;
                    }
                }
                case Lookup.Unreachable(String why) -> throw new Unreachable(why);
                case Lookup.Unknown unknown -> {
                    // the next reading of the name
                }
            }
        }
        return Optional.empty();
    }

    /** What the upstream has; it is not asked for the names of our own packages, which anybody may have taken there. */
    private Documents.Answer upstream(ProjectName project) {
        return shelf.isOwn(project) ? new Documents.Answer(new Lookup.Unknown(), clock.instant(), false) : documents.get(project);
    }

    /** The projects known here: those of the shelf and those whose pages are remembered. */
    List<ProjectName> projects() {
        return java.util.stream.Stream.concat(shelf.projects().stream(), documents.projects().stream()).distinct().sorted().toList();
    }

    /** The shelf. */
    Shelf ownShelf() {
        return shelf;
    }
}
