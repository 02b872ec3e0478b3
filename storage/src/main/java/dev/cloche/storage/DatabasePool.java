package dev.cloche.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** A bounded set of connections to one database, and the {@link Database} on them. */
public final class DatabasePool implements AutoCloseable {
    private final HikariDataSource source;
    private final Database database;

    /**
     * Connects; a database that does not answer within 30 s is a problem that names the cause.
     *
     * @param connections how many at most; callers beyond them wait for up to 10 s
     */
    public DatabasePool(DatabaseAddress address, int connections) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setJdbcUrl(address.url());
        if (!address.user().isEmpty()) {
            config.setUsername(address.user());
            config.setPassword(address.password());
        }
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(Math.min(2, connections));
        config.setConnectionTimeout(10_000);
        config.setInitializationFailTimeout(30_000);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "cloche");
        try {
            source = new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw Problem.of(ErrorCode.UNAVAILABLE, "The database at " + address.url() + " does not let us in: " + cause.getMessage());
        }
        database = new Database(Jdbi.create(source));
    }

    /** The database behind the pool. */
    public Database database() {
        return database;
    }

    /** The connections as JDBC sees them. */
    public DataSource dataSource() {
        return source;
    }

    /** Whether the database answers within 2 s. */
    public boolean answers() {
        try (Connection connection = source.getConnection()) {
            return connection.isValid(2);
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
