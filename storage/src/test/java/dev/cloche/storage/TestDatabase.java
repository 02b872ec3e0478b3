package dev.cloche.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An empty, migrated database of a test's own, on a real PostgreSQL that all tests of the JVM share and that ends with it.
 *
 * <p>The first use costs about a second; each further one copies a template. The migrations are those of the class path,
 * so a module's tests see its own tables and those of the modules below.
 */
public final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final String name;
    private final DatabasePool pool;

    private TestDatabase(String name, DatabasePool pool) {
        this.name = name;
        this.pool = pool;
    }

    /** A new database; close it at the end of the test. */
    public static TestDatabase fresh() {
        return from(" TEMPLATE " + Shared.TEMPLATE);
    }

    /** A new database without any table, for tests of the migrations themselves. */
    public static TestDatabase unmigrated() {
        return from("");
    }

    private static TestDatabase from(String template) {
        String name = "test_" + NUMBER.incrementAndGet();
        Shared.SERVER.execute("CREATE DATABASE " + name + " OWNER " + PostgresCluster.OWNER + template);
        return new TestDatabase(name, new DatabasePool(Shared.SERVER.address(name), 5));
    }

    /** The database. */
    public Database database() {
        return pool.database();
    }

    /** The pool behind it. */
    public DatabasePool pool() {
        return pool;
    }

    /** How to reach it, for tests that start a whole server on it. */
    public DatabaseAddress address() {
        return Shared.SERVER.address(name);
    }

    @Override
    public void close() {
        pool.close();
        Shared.SERVER.execute("DROP DATABASE " + name + " WITH (FORCE)");
    }

    /** The server of this JVM, started on first use. */
    private static final class Shared {
        static final String TEMPLATE = "cloche_template";
        static final Shared SERVER = new Shared();

        private final Path folder;
        private final EmbeddedPostgres postgres;

        private Shared() {
            try {
                folder = Files.createTempDirectory("cloche-test-database");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            postgres = EmbeddedPostgres.start(folder.resolve("postgres"), false);
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "test-database-end"));
            execute("CREATE DATABASE " + TEMPLATE + " OWNER " + PostgresCluster.OWNER);
            try (DatabasePool pool = new DatabasePool(address(TEMPLATE), 2)) {
                new Migrations(pool.dataSource()).apply();
            }
        }

        DatabaseAddress address(String database) {
            DatabaseAddress main = postgres.address();
            return new DatabaseAddress(main.url().replaceAll("/[^/]*$", "/" + database), main.user(), main.password());
        }

        /** One at a time: a template cannot be copied while somebody is connected to it. */
        synchronized void execute(String sql) {
            DatabaseAddress admin = postgres.adminAddress("postgres");
            try (Connection connection = DriverManager.getConnection(admin.url(), admin.user(), admin.password());
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(sql, e);
            }
        }

        private void end() {
            postgres.close();
            PostgresBinaries.deleteTree(folder);
        }
    }
}
