package dev.cloche.storage;

import dev.cloche.kernel.DataDirectory;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where the embedded database lives on disk.
 *
 * <p>Normally {@code DATA/postgres}. For root the database runs as another account, which must be able to walk there;
 * where a folder above the data directory is closed to others (as {@code /root} is), it lives in
 * {@code /var/lib/cloche/ID} instead, and {@code DATA/postgres/location} says so.
 *
 * @param home the folder with the cluster and its passwords
 * @param programs the folder below which the programs are unpacked
 */
record PostgresPlace(Path home, Path programs) {
    private static final Path SYSTEM = Path.of("/var/lib/cloche");
    private static final List<Path> TEMPORARY = List.of(Path.of("/tmp"), Path.of("/var/tmp"));
    private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

    /** The place that belongs to this folder of a data directory; made where it is missing. */
    static PostgresPlace of(Path folder, PostgresAccount account) {
        try {
            return switch (account) {
                case PostgresAccount.Own() -> ownPlace(folder);
                case PostgresAccount.Separate separate -> sharedPlace(folder);
            };
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "No place for the embedded database at " + folder + ": " + e);
        }
    }

    private static PostgresPlace ownPlace(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base = cache == null || cache.isBlank() ? DataDirectory.home().resolve(".cache") : Path.of(cache);
        return new PostgresPlace(folder, base.resolve("cloche"));
    }

    private static PostgresPlace sharedPlace(Path folder) throws IOException {
        Path pointer = folder.resolve("location");
        if (Files.isRegularFile(pointer)) {
            return elsewhere(Path.of(Files.readString(pointer).strip()), pointer);
        }
        Files.createDirectories(folder);
        if (passable(folder)) {
            return new PostgresPlace(folder, programsForRoot());
        }
        sweep();
        Path home = SYSTEM.resolve(new RandomIds(new SecureRandom()).next());
        Files.createDirectories(home);
        Files.setPosixFilePermissions(SYSTEM, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(home, PASSABLE);
        Files.writeString(home.resolve("owner"), folder + "\n");
        Files.writeString(pointer, home + "\n");
        return new PostgresPlace(home, programsForRoot());
    }

    /**
     * Removes what belonged to data directories in the machine's temporary folders that are gone. Elsewhere a missing
     * directory may only be a disk that is not mounted.
     */
    private static void sweep() throws IOException {
        if (!Files.isDirectory(SYSTEM)) {
            return;
        }
        try (Stream<Path> homes = Files.list(SYSTEM)) {
            for (Path home : homes.filter(home -> Files.isRegularFile(home.resolve("owner"))).toList()) {
                Path owner = Path.of(Files.readString(home.resolve("owner")).strip());
                boolean temporary = TEMPORARY.stream().anyMatch(owner::startsWith);
                Path pointer = owner.resolve("location");
                boolean wanted = Files.exists(pointer) && Files.readString(pointer).strip().equals(home.toString());
                if (temporary && !wanted && !PostgresLeftover.runs(home.resolve("cluster"))) {
                    PostgresBinaries.deleteTree(home);
                }
            }
        }
    }

    private static PostgresPlace elsewhere(Path home, Path pointer) throws IOException {
        if (!Files.isDirectory(home)) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The database of this data directory should be in " + home + " (" + pointer
                    + " says so), but that folder is gone. Bring it back from a backup, or remove " + pointer + " to start empty.");
        }
        return new PostgresPlace(home, programsForRoot());
    }

    private static Path programsForRoot() throws IOException {
        Files.createDirectories(SYSTEM);
        Files.setPosixFilePermissions(SYSTEM, PosixFilePermissions.fromString("rwxr-xr-x"));
        return SYSTEM;
    }

    /**
     * Whether others can walk through to the folder. The two innermost folders (the data directory and ours in it) are
     * the platform's own and are opened for walking, not for reading; what is above them is left as it is.
     */
    private static boolean passable(Path folder) throws IOException {
        Path data = folder.getParent();
        Path root = data == null ? null : data.getParent();
        if (data == null || root == null) {
            return false;
        }
        for (Path path = root.toRealPath(); path != null; path = path.getParent()) {
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return false;
            }
        }
        openForWalking(data);
        openForWalking(folder);
        return true;
    }

    private static void openForWalking(Path folder) throws IOException {
        Set<PosixFilePermission> now = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        if (now.addAll(PASSABLE)) {
            Files.setPosixFilePermissions(folder, now);
        }
    }
}
