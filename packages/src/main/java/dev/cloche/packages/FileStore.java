package dev.cloche.packages;

import dev.cloche.kernel.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Files of packages on this machine's disk, by digest and name. Nothing enters whose digest is not the one expected.
 *
 * <p>There are two halves: {@code kept} holds the wheels that a lock has ever named, for good, since a revision or a
 * deployment may refer to them; {@code cached} holds the rest within a limit, and what was used longest ago goes first.
 * Safe for use by several threads; one process owns the folder.
 */
final class FileStore {
    private static final System.Logger LOG = System.getLogger(FileStore.class.getName());
    private static final Duration TOUCH_AGAIN = Duration.ofMinutes(10);

    private final Path kept;
    private final Path cached;
    private final Path incoming;
    private final long limit;
    private final Clock clock;
    private final AtomicLong cachedBytes = new AtomicLong();

    /** The digest of what came is not the one expected; nothing was kept. */
    static final class WrongDigest extends IOException {
        private static final long serialVersionUID = 1L;

        WrongDigest(String file, Digest expected, Digest found) {
            super(file + " has the digest " + found + " instead of " + expected);
        }
    }

    /** What came is larger than allowed; nothing was kept. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(String file, long limit) {
            super(file + " is larger than " + limit + " bytes");
        }
    }

    /** Opens the store below this folder; {@code limit} bounds the cached half in bytes. */
    FileStore(Path folder, long limit, Clock clock) {
        this.kept = folder.resolve("kept");
        this.cached = folder.resolve("cached");
        this.incoming = folder.resolve("incoming");
        this.limit = limit;
        this.clock = clock;
        try {
            Files.createDirectories(kept);
            Files.createDirectories(cached);
            Files.createDirectories(incoming);
            // Half-received files of a process that was killed.
            for (Path left : list(incoming)) {
                Files.deleteIfExists(left);
            }
            for (Path file : files(cached)) {
                cachedBytes.addAndGet(Files.size(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the folder for packages cannot be used: " + folder, e);
        }
    }

    /** The file, if it is here. */
    Optional<Path> find(Digest digest, String file) {
        Path forGood = place(kept, digest, file);
        if (Files.isRegularFile(forGood)) {
            return Optional.of(forGood);
        }
        Path path = place(cached, digest, file);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        touch(path);
        return Optional.of(path);
    }

    /** Takes a file in, checking size and digest on the way; returns where it lies. */
    Path receive(String file, Digest expected, long largest, InputStream content) throws IOException {
        Path part = Files.createTempFile(incoming, "file", ".part");
        try {
            MessageDigest sha256 = Digest.sha256();
            long size;
            try (OutputStream out = Files.newOutputStream(part)) {
                size = copy(new DigestInputStream(content, sha256), out, largest, file);
            }
            Digest found = new Digest(HexFormat.of().formatHex(sha256.digest()));
            if (!found.equals(expected)) {
                throw new WrongDigest(file, expected, found);
            }
            Path path = place(cached, expected, file);
            Files.createDirectories(path.getParent());
            boolean isNew = !Files.exists(path);
            Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (isNew && cachedBytes.addAndGet(size) > limit) {
                evict(path);
            }
            return path;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Moves a cached file to those kept for good. */
    synchronized void keep(Digest digest, String file) throws IOException {
        Path to = place(kept, digest, file);
        Path from = place(cached, digest, file);
        if (Files.isRegularFile(to)) {
            return;
        }
        Files.createDirectories(to.getParent());
        long size = Files.size(from);
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        cachedBytes.addAndGet(-size);
    }

    /** Keeps a copy of a file from elsewhere on this machine for good. */
    void keepCopy(Digest digest, String file, Path source) throws IOException {
        Path to = place(kept, digest, file);
        if (Files.isRegularFile(to)) {
            return;
        }
        try (InputStream in = Files.newInputStream(source)) {
            receive(file, digest, Long.MAX_VALUE, in);
        }
        keep(digest, file);
    }

    /** How many bytes the cached half holds. */
    long cachedBytes() {
        return cachedBytes.get();
    }

    private static long copy(InputStream in, OutputStream out, long largest, String file) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long size = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            size += n;
            if (size > largest) {
                throw new TooLarge(file, largest);
            }
            out.write(buffer, 0, n);
        }
        return size;
    }

    private static Path place(Path half, Digest digest, String file) {
        if (file.isEmpty() || file.length() > 300 || file.startsWith(".") || !file.matches("[A-Za-z0-9._+!-]+")) {
            throw new IllegalArgumentException("not the name of a package's file: " + file);
        }
        return half.resolve(digest.hex().substring(0, 2)).resolve(digest.hex()).resolve(file);
    }

    private void touch(Path path) {
        try {
            Instant now = clock.instant();
            if (Files.getLastModifiedTime(path).toInstant().plus(TOUCH_AGAIN).isBefore(now)) {
                Files.setLastModifiedTime(path, FileTime.from(now));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "event=touch-failed path={0}", path);
        }
    }

    private synchronized void evict(Path newest) throws IOException {
        record Aged(Path path, FileTime used, long size) {}
        List<Aged> all = new ArrayList<>();
        for (Path path : files(cached)) {
            if (!path.equals(newest)) {
                all.add(new Aged(path, Files.getLastModifiedTime(path), Files.size(path)));
            }
        }
        all.sort(Comparator.comparing(Aged::used));
        for (Aged file : all) {
            if (cachedBytes.get() <= limit) {
                return;
            }
            if (Files.deleteIfExists(file.path())) {
                cachedBytes.addAndGet(-file.size());
                LOG.log(System.Logger.Level.DEBUG, "event=package-evicted file={0}", file.path().getFileName());
            }
            deleteEmpty(file.path().resolveSibling("."));
        }
    }

    private static void deleteEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder.normalize());
        } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
            // another file of the same content lies there
        }
    }

    private static List<Path> files(Path half) throws IOException {
        try (Stream<Path> all = Files.walk(half, 3)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        }
    }
}
