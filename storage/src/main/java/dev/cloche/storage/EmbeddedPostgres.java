package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A PostgreSQL 18 of the platform's own, from programs on the class path.
 *
 * <p>Data stay across starts. It runs without privileges, listens on loopback only and asks for a random password. It
 * ends with {@link #close}, or by the kernel when our process is killed; if it ends otherwise, it is started again on the same
 * port. The caller holds the data directory's lock.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmbeddedPostgres.class.getName());
    private static final String DATABASE = "cloche";
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PostgresCluster cluster;
    private final boolean durable;
    private final Thread watcher = Thread.ofPlatform().daemon().name("postgres-watcher").unstarted(this::watch);
    private volatile PostgresProcess process;
    private boolean closed;

    private EmbeddedPostgres(PostgresCluster cluster, PostgresProcess process, boolean durable) {
        this.cluster = cluster;
        this.process = process;
        this.durable = durable;
    }

    /** Starts the server again whenever it ended and nobody told it to. */
    private void watch() {
        try {
            while (process.endedByItself()) {
                try {
                    if (!startAgain()) {
                        return;
                    }
                    LOG.log(System.Logger.Level.WARNING, "event=postgres_started_again pid={0,number,#}", pid());
                } catch (Problem e) {
                    LOG.log(System.Logger.Level.ERROR, "event=postgres_not_started reason=\"{0}\"", e.detail());
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private synchronized boolean startAgain() {
        if (!closed) {
            process = process.again(cluster.data(), durable);
        }
        return !closed;
    }

    /**
     * Starts the server whose files are in this folder, which it makes on first use.
     *
     * @param folder {@code DATA/postgres}
     */
    public static EmbeddedPostgres start(Path folder) {
        return start(folder, true);
    }

    /** As {@link #start(Path)}; without durability for tests, which throw the data away anyway. */
    static EmbeddedPostgres start(Path folder, boolean durable) {
        PostgresAccount account = PostgresAccount.current();
        PostgresPlace place = PostgresPlace.of(folder, account);
        PostgresBinaries programs = PostgresBinaries.in(place.programs());
        PostgresCluster cluster = PostgresCluster.in(place.home(), programs, account, durable);
        EmbeddedPostgres postgres = new EmbeddedPostgres(cluster, PostgresProcess.start(programs, account, cluster.data(), durable), durable);
        try {
            postgres.prepare();
            postgres.watcher.start();
            return postgres;
        } catch (SQLException e) {
            postgres.close();
            throw Problem.of(ErrorCode.UNAVAILABLE, "The embedded PostgreSQL started but refuses us: " + e.getMessage());
        }
    }

    /** How to reach the platform's database in it. */
    public DatabaseAddress address() {
        return new DatabaseAddress(url(DATABASE), PostgresCluster.OWNER, cluster.ownerPassword());
    }

    /** How to reach a database of it as its superuser. */
    DatabaseAddress adminAddress(String database) {
        return new DatabaseAddress(url(database), PostgresCluster.ADMIN, cluster.adminPassword());
    }

    /** The process id of the server. */
    public long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        watcher.interrupt();
        synchronized (this) {
            closed = true;
            process.close();
        }
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + process.port() + "/" + database;
    }

    /** Makes the platform's account and database where they are missing; a first start may have been interrupted anywhere. */
    private void prepare() throws SQLException {
        DatabaseAddress admin = adminAddress("postgres");
        try (Connection connection = DriverManager.getConnection(admin.url(), admin.user(), admin.password());
                Statement statement = connection.createStatement()) {
            if (!exists(statement, "SELECT 1 FROM pg_roles WHERE rolname = '" + PostgresCluster.OWNER + "'")) {
                statement.execute("CREATE ROLE " + PostgresCluster.OWNER + " LOGIN PASSWORD '" + cluster.ownerPassword() + "'");
            }
            if (!exists(statement, "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + PostgresCluster.OWNER);
            }
        }
    }

    private static boolean exists(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            return rows.next();
        }
    }
}
