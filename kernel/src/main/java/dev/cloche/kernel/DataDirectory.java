package dev.cloche.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder in which one server keeps everything: {@code cloche.toml}, {@code lock}, {@code run/}, {@code logs/},
 * {@code postgres/}. At most one process uses it at a time, which {@link #lock} sees to.
 *
 * @param root the folder itself, absolute
 */
public record DataDirectory(Path root) {
    /** What this process holds: the system's locks are per process, and closing a second handle would drop the first. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    /** Makes the path absolute; nothing is touched yet. */
    public DataDirectory {
        root = root.toAbsolutePath().normalize();
    }

    /** {@code $XDG_DATA_HOME/cloche}, by default {@code ~/.local/share/cloche}. */
    public static Path standard() {
        String xdg = System.getenv("XDG_DATA_HOME");
        Path base = xdg == null || xdg.isBlank() ? home().resolve(".local").resolve("share") : Path.of(xdg);
        return base.resolve("cloche");
    }

    /** The home directory: {@code $HOME} as for every other program, else the one of the account. */
    public static Path home() {
        String home = System.getenv("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home);
    }

    /** The configuration file, which need not exist. */
    public Path configurationFile() {
        return root.resolve("cloche.toml");
    }

    /** Where the running server says how it is reached: {@code run/server.json}. */
    public Path serverFile() {
        return root.resolve("run").resolve("server.json");
    }

    /** Where log files go. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** Where the embedded database keeps its things. */
    public Path postgres() {
        return root.resolve("postgres");
    }

    /** Makes the folder and its private parts, where they are missing. */
    public void create() {
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root.getParent());
                privateFolder(root);
            }
            privateFolder(root.resolve("run"));
            privateFolder(logs());
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE,
                    "The data directory " + root + " cannot be made or written (" + e + "); name another one with --data DIR.");
        }
    }

    /** Takes the directory for this process; a second taker is refused with the first one's process id. */
    public Lock lock() {
        create();
        Path file = root.resolve("lock");
        if (!HELD.add(file)) {
            throw refused(Long.toString(ProcessHandle.current().pid()));
        }
        boolean taken = false;
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                channel.close();
                throw refused(Files.readString(file).strip());
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            taken = true;
            return new Lock(file, channel);
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The data directory " + root + " cannot be locked: " + e);
        } finally {
            if (!taken) {
                HELD.remove(file);
            }
        }
    }

    private Problem refused(String holder) {
        return Problem.of(ErrorCode.CONFLICT, "Another Cloche" + (holder.isEmpty() ? "" : " (process " + holder + ")")
                + " is using the data directory " + root + ". Stop it with './cloche stop --data " + root
                + "', or name another directory with --data DIR.");
    }

    private static void privateFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }

    /** The right to use the directory; the operating system takes it back when the process ends. */
    public static final class Lock implements AutoCloseable {
        private final Path file;
        private final FileChannel channel;

        private Lock(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                HELD.remove(file);
            }
        }
    }
}
