package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ends a PostgreSQL server that still runs on a cluster, as one does for a moment after our process was killed: a second
 * server on the same files must never start.
 */
final class PostgresLeftover {
    private static final System.Logger LOG = System.getLogger(PostgresLeftover.class.getName());
    private static final Duration ON_ITS_OWN = Duration.ofSeconds(10);
    private static final Duration AFTER_SIGNAL = Duration.ofSeconds(10);

    private PostgresLeftover() {}

    /** Returns once no server runs on this cluster; the caller holds the lock of the data directory. */
    static void stop(Path cluster) {
        Optional<ProcessHandle> found = find(cluster);
        if (found.isEmpty()) {
            return;
        }
        ProcessHandle postmaster = found.get();
        LOG.log(System.Logger.Level.WARNING, "event=postgres_leftover pid={0,number,#}", postmaster.pid());
        postmaster.destroy(); // SIGTERM: smart shutdown; a fast one, by the kernel's signal, may be under way already
        if (gone(postmaster, ON_ITS_OWN)) {
            return;
        }
        List<ProcessHandle> backends = postmaster.children().toList();
        postmaster.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
        boolean all = gone(postmaster, AFTER_SIGNAL);
        for (ProcessHandle backend : backends) {
            all &= gone(backend, AFTER_SIGNAL);
        }
        if (!all) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "A PostgreSQL server (process " + postmaster.pid() + ") still runs on " + cluster
                    + " and does not end; end it by hand.");
        }
    }

    /** Whether a server runs on this cluster. */
    static boolean runs(Path cluster) {
        return find(cluster).isPresent();
    }

    /** The live server named in {@code postmaster.pid}; its working directory proves that the number was not reused. */
    private static Optional<ProcessHandle> find(Path cluster) {
        try {
            Path file = cluster.resolve("postmaster.pid");
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            long pid = Long.parseLong(Files.readAllLines(file).getFirst().strip());
            Path here = Path.of("/proc/" + pid + "/cwd").toRealPath();
            return here.equals(cluster.toRealPath()) ? ProcessHandle.of(pid) : Optional.empty();
        } catch (IOException | NumberFormatException | java.util.NoSuchElementException e) {
            return Optional.empty(); // no such process, or a file cut short by a crash: PostgreSQL judges it itself
        }
    }

    private static boolean gone(ProcessHandle process, Duration patience) {
        try {
            process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
