package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL 18 of the platform's own, from programs on the class path.
 *
 * <p>Data stay across starts. It runs without privileges, listens on loopback only and asks for a random password. It
 * ends with {@link #close}, or by the kernel when our process is killed. The caller holds the data directory's lock.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String DATABASE = "cloche";

    private final PostgresCluster cluster;
    private final PostgresProcess process;

    private EmbeddedPostgres(PostgresCluster cluster, PostgresProcess process) {
        this.cluster = cluster;
        this.process = process;
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
        EmbeddedPostgres postgres = new EmbeddedPostgres(cluster, PostgresProcess.start(programs, account, cluster.data(), durable));
        try {
            postgres.prepare();
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
        process.close();
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
