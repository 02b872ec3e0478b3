package dev.cloche.storage;

import dev.cloche.kernel.DataDirectory;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;

/** The platform's database, started or connected to, with its schema up to date. */
public final class Storage implements AutoCloseable {
    private final Optional<EmbeddedPostgres> embedded;
    private final DatabasePool pool;

    private Storage(Optional<EmbeddedPostgres> embedded, DatabasePool pool) {
        this.embedded = embedded;
        this.pool = pool;
    }

    /** Opens the database; the caller holds the lock of the data directory. */
    public static Storage open(StorageSettings settings, DataDirectory data) {
        Optional<EmbeddedPostgres> embedded =
                settings.address().isPresent() ? Optional.empty() : Optional.of(EmbeddedPostgres.start(data.postgres()));
        try {
            DatabaseAddress address = settings.address().or(() -> embedded.map(EmbeddedPostgres::address)).orElseThrow();
            DatabasePool pool = new DatabasePool(address, settings.connections());
            try {
                Thread.ofVirtual().name("first-query").start(() -> firstQuery(pool));
                new Migrations(pool.dataSource()).apply();
                return new Storage(embedded, pool);
            } catch (RuntimeException e) {
                pool.close();
                throw e;
            }
        } catch (RuntimeException e) {
            embedded.ifPresent(EmbeddedPostgres::close);
            throw e;
        }
    }

    /** The first query takes a tenth of a second until its code is there: asked while migrations are looked through, nobody waits. */
    private static void firstQuery(DatabasePool pool) {
        try {
            pool.database().read(handle -> handle.createQuery("SELECT 1").mapTo(Integer.class).one());
        } catch (JdbiException e) {
            // whoever asks next hears it
        }
    }

    /** The database. */
    public Database database() {
        return pool.database();
    }

    /** Whether the database answers. */
    public boolean answers() {
        return pool.answers();
    }

    @Override
    public void close() {
        pool.close();
        embedded.ifPresent(EmbeddedPostgres::close);
    }
}
