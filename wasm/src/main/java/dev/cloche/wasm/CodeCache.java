package dev.cloche.wasm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Compiled code as files: {@code KEY.CHECKSUM.code}. Native code from here is run as it is, so the folder belongs to this
 * account alone (0700); the checksum finds files that a full disk or a crash has damaged. Several processes may share it.
 */
final class CodeCache {
    private static final System.Logger LOG = System.getLogger(CodeCache.class.getName());
    private static final String SUFFIX = ".code";
    private static final String PARTIAL = ".partial-";
    private static final long LONGEST_WRITE_MILLIS = 3_600_000;

    private final Path folder;
    private final long maximumBytes;

    /** Opens the folder, which is made if it is missing, and closed to others if it is not. */
    CodeCache(Path folder, long maximumBytes) {
        this.folder = folder;
        this.maximumBytes = maximumBytes;
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------")); // fails unless it is ours
            FileTime longAgo = FileTime.fromMillis(System.currentTimeMillis() - LONGEST_WRITE_MILLIS);
            for (Path left : files(PARTIAL, "")) {
                if (Files.getLastModifiedTime(left).compareTo(longAgo) < 0) {
                    Files.deleteIfExists(left); // by a process that was killed
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the cache of compiled code cannot be kept in " + folder, e);
        }
    }

    /** The whole file of this key, if there is one. A damaged one is removed. */
    Optional<Path> find(String key) {
        for (Path file : files(key + ".", SUFFIX)) {
            try {
                if (file.getFileName().toString().equals(key + "." + checksum(file) + SUFFIX)) {
                    Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()));
                    return Optional.of(file);
                }
                LOG.log(System.Logger.Level.WARNING, "event=code-damaged file={0}", file.getFileName());
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "event=code-unreadable file={0} reason={1}", file.getFileName(), e.toString());
            }
        }
        return Optional.empty();
    }

    /** Forgets a file that turned out to be of no use. */
    void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "event=code-stays file={0} reason={1}", file.getFileName(), e.toString());
        }
    }

    /** Keeps code under a key; empty, with a word in the log, where the disk does not take it. */
    Optional<Path> put(String key, ByteBuffer code) {
        Path partial = folder.resolve(PARTIAL + UUID.randomUUID());
        try {
            CRC32C sum = new CRC32C();
            sum.update(code.duplicate());
            Path file = folder.resolve(key + "." + hex(sum) + SUFFIX);
            try (FileChannel channel = FileChannel.open(partial, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                while (code.hasRemaining()) {
                    channel.write(code);
                }
            }
            move(partial, file);
            sweep(file);
            return Optional.of(file);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "event=code-not-kept reason={0}", e.toString());
            remove(partial);
            return Optional.empty();
        }
    }

    private static void move(Path partial, Path file) throws IOException {
        try {
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException | FileAlreadyExistsException e) {
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes the files used longest ago while all together are too large; a file that is mapped stays usable. */
    private void sweep(Path keep) throws IOException {
        record Kept(Path file, long bytes, FileTime used) {}

        List<Kept> all = new ArrayList<>();
        for (Path file : files("", SUFFIX)) {
            all.add(new Kept(file, Files.size(file), Files.getLastModifiedTime(file)));
        }
        all.sort(Comparator.comparing(Kept::used));
        long bytes = all.stream().mapToLong(Kept::bytes).sum();
        for (Kept one : all) {
            if (bytes <= maximumBytes) {
                return;
            }
            if (!one.file().equals(keep)) {
                remove(one.file());
                bytes -= one.bytes();
            }
        }
    }

    private List<Path> files(String prefix, String suffix) {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.getFileName().toString().startsWith(prefix) && file.getFileName().toString().endsWith(suffix)).toList();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "event=code-cache-unreadable reason={0}", e.toString());
            return List.of();
        }
    }

    private static String checksum(Path file) throws IOException {
        CRC32C sum = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ); Arena mapped = Arena.ofConfined()) {
            sum.update(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), mapped).asByteBuffer());
        }
        return hex(sum);
    }

    private static String hex(CRC32C sum) {
        return String.format("%08x", sum.getValue());
    }
}
