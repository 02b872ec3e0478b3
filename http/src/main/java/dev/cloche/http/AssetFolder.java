package dev.cloche.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of built files. Small files are kept in memory, at most 24 MiB of them; what changes on disk is seen at once.
 * Nothing outside the folder is found, by whatever path, and no name that begins with a dot.
 */
final class AssetFolder {
    /** Larger files go from the disk's cache to the socket without passing through the heap. */
    static final long IN_MEMORY = 256 * 1024;

    private static final long CACHED = 24 * 1024 * 1024;

    private final Path root;
    private final Map<Path, Cached> cache = new LinkedHashMap<>(64, 0.75f, true);
    private long cached;

    private record Cached(String tag, byte[] bytes) {}

    /**
     * A file that is there.
     *
     * @param path on disk
     * @param size in bytes
     * @param tag changes whenever the file does
     */
    record Found(Path path, long size, String tag) {}

    AssetFolder(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The regular file at a decoded relative path. */
    Optional<Found> find(String relative) {
        if (relative.isEmpty() || relative.contains("\\")) {
            return Optional.empty();
        }
        for (String segment : relative.split("/", -1)) {
            if (segment.isEmpty() || segment.startsWith(".")) {
                return Optional.empty();
            }
        }
        try {
            return found(root.resolve(relative).normalize());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The form of a file in another coding, beside it under the same name with this ending. */
    Optional<Found> sibling(Found file, String ending) {
        return found(file.path().resolveSibling(file.path().getFileName() + ending));
    }

    /** The content of a small file. */
    byte[] bytes(Found file) {
        synchronized (cache) {
            Cached known = cache.get(file.path());
            if (known != null && known.tag().equals(file.tag())) {
                return known.bytes();
            }
        }
        try {
            byte[] bytes = Files.readAllBytes(file.path());
            keep(file, bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read an asset", e);
        }
    }

    private void keep(Found file, byte[] bytes) {
        synchronized (cache) {
            Cached before = cache.put(file.path(), new Cached(file.tag(), bytes));
            cached += bytes.length - (before == null ? 0 : before.bytes().length);
            var oldest = cache.entrySet().iterator();
            while (cached > CACHED && oldest.hasNext()) {
                cached -= oldest.next().getValue().bytes().length;
                oldest.remove();
            }
        }
    }

    private Optional<Found> found(Path path) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!path.startsWith(root) || !attributes.isRegularFile()) {
                return Optional.empty();
            }
            long changed = attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS);
            return Optional.of(new Found(path, attributes.size(), Long.toHexString(attributes.size()) + "-" + Long.toHexString(changed)));
        } catch (FileSystemException e) {
            // no such file, a file where a folder was meant, or a name too long
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look for an asset", e);
        }
    }
}
