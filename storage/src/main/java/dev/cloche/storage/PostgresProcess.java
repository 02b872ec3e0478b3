package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A running PostgreSQL server of ours, on a free port of the loopback interface only, without a Unix socket.
 *
 * <p>One platform thread starts the process and lives as long as it: the kernel ties the parent-death signal to the
 * <em>thread</em> that forked, so this must never be a pool's or a virtual thread. When our process is killed, the kernel
 * sends SIGINT to the server, which is its fast shutdown.
 */
final class PostgresProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PostgresProcess.class.getName());
    private static final String READY = "database system is ready to accept connections";
    private static final int KEPT_LINES = 20;
    private static final Duration PASSING = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final List<String> PASSING_CAUSES =
            List.of("\"postmaster.pid\" already exists", "pre-existing shared memory block", "Address already in use");

    private final PostgresBinaries programs;
    private final PostgresAccount account;
    private final int port;
    private final CompletableFuture<Process> ready = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Deque<String> lastLines = new ArrayDeque<>();
    private volatile @Nullable Process started;
    private volatile boolean stopping;

    private PostgresProcess(PostgresBinaries programs, PostgresAccount account, int port) {
        this.programs = programs;
        this.account = account;
        this.port = port;
    }

    /**
     * Starts the server on this cluster and returns once it takes connections.
     *
     * <p>A server that was killed a moment ago may still count as running (its parent has not collected it, its backends
     * are about to notice), and another program may take the port between our looking and the server's: both pass.
     */
    static PostgresProcess start(PostgresBinaries programs, PostgresAccount account, Path cluster, boolean durable) {
        return start(programs, account, cluster, durable, PostgresProcess::freePort);
    }

    /** As {@link #start}, on the port of a server that has ended. */
    PostgresProcess again(Path cluster, boolean durable) {
        return start(programs, account, cluster, durable, () -> port);
    }

    private static PostgresProcess start(PostgresBinaries programs, PostgresAccount account, Path cluster, boolean durable, IntSupplier port) {
        PostgresLeftover.stop(cluster);
        long deadline = System.nanoTime() + PASSING.toNanos();
        while (true) {
            PostgresProcess postgres = new PostgresProcess(programs, account, port.getAsInt());
            try {
                postgres.launch(cluster, durable);
                return postgres;
            } catch (Problem e) {
                boolean passes = PASSING_CAUSES.stream().anyMatch(postgres.said()::contains);
                if (!passes || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void launch(Path cluster, boolean durable) {
        List<String> command = command(cluster, durable);
        Thread keeper = new Thread(() -> keep(command), "postgres-keeper");
        keeper.setDaemon(true);
        keeper.start();
        try {
            ready.get(120, TimeUnit.SECONDS); // crash recovery may take its time
        } catch (ExecutionException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The embedded PostgreSQL did not start: " + said());
        } catch (TimeoutException e) {
            close();
            throw Problem.of(ErrorCode.UNAVAILABLE, "The embedded PostgreSQL was not ready after 120 s: " + said());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw Problem.of(ErrorCode.UNAVAILABLE, "Interrupted while the embedded PostgreSQL started.");
        }
    }

    /** The TCP port on 127.0.0.1. */
    int port() {
        return port;
    }

    /** The process id of the postmaster. */
    long pid() {
        return ready.join().pid();
    }

    /** Stops the server: fast shutdown, after 6 s immediate shutdown, after 2 more the hard way. */
    @Override
    public void close() {
        stopping = true;
        Process process = started;
        if (process == null || ended.getCount() == 0) {
            return;
        }
        try {
            signal("INT", process.pid());
            if (!ended.await(6, TimeUnit.SECONDS)) {
                signal("QUIT", process.pid());
                if (!ended.await(2, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    ended.await(2, TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the server has ended; true if nobody told it to. */
    boolean endedByItself() throws InterruptedException {
        ended.await();
        return !stopping;
    }

    private void keep(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).directory(Path.of("/").toFile());
            builder.environment().clear(); // the server needs none of our environment, which may hold secrets
            builder.environment().put("PATH", "/usr/bin:/bin");
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            started = process;
            process.getOutputStream().close();
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    note(line, process);
                }
            }
            int code = process.waitFor();
            if (!stopping && ready.isDone()) {
                LOG.log(System.Logger.Level.ERROR, "event=postgres_ended code={0} last=\"{1}\"", code, said());
            }
            ready.completeExceptionally(new IOException("ended with code " + code));
        } catch (IOException e) {
            remember(e.toString());
            ready.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    private void note(String line, Process process) {
        remember(line);
        if (line.contains(READY)) {
            ready.complete(process);
        } else if (line.startsWith("ERROR:") || line.startsWith("FATAL:") || line.startsWith("PANIC:")) {
            LOG.log(System.Logger.Level.DEBUG, "event=postgres_says line=\"{0}\"", line);
        }
    }

    private void remember(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > KEPT_LINES) {
                lastLines.removeFirst();
            }
        }
    }

    private String said() {
        synchronized (lastLines) {
            return String.join(" | ", lastLines);
        }
    }

    /** Java itself can send only TERM and KILL; pg_ctl, run as the server's account, can send the rest to that account only. */
    private void signal(String name, long pid) throws InterruptedException {
        List<String> command = new ArrayList<>(account.forInitdb().isEmpty() ? List.of() : account.forServer());
        command.addAll(List.of(programs.program("pg_ctl").toString(), "kill", name, Long.toString(pid)));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .directory(Path.of("/").toFile())
                    .start();
            process.getOutputStream().close();
            process.waitFor(2, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "event=postgres_signal_failed signal={0} cause=\"{1}\"", name, e);
        }
    }

    private List<String> command(Path cluster, boolean durable) {
        List<String> command = new ArrayList<>(account.forServer());
        command.addAll(List.of(programs.program("postgres").toString(), "-D", cluster.toString()));
        setting(command, "listen_addresses", "127.0.0.1");
        setting(command, "port", Integer.toString(port));
        setting(command, "unix_socket_directories", "");
        setting(command, "password_encryption", "scram-sha-256");
        setting(command, "max_connections", "40");
        setting(command, "shared_buffers", "64MB");
        setting(command, "max_wal_size", "256MB");
        setting(command, "io_method", "sync"); // no processes for reading ahead: the data is small
        setting(command, "max_logical_replication_workers", "0");
        setting(command, "jit", "off");
        setting(command, "timezone", "UTC");
        setting(command, "log_timezone", "UTC");
        setting(command, "log_line_prefix", "");
        setting(command, "fsync", durable ? "on" : "off");
        setting(command, "full_page_writes", durable ? "on" : "off");
        setting(command, "synchronous_commit", durable ? "on" : "off");
        return command;
    }

    private static void setting(List<String> command, String name, String value) {
        command.add("-c");
        command.add(name + "=" + value);
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "No free port for the embedded PostgreSQL: " + e);
        }
    }
}
