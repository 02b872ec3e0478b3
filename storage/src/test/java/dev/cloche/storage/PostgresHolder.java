package dev.cloche.storage;

import dev.cloche.kernel.DataDirectory;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A program of its own that holds a data directory with its database until it is killed; tests start it as a child. */
final class PostgresHolder {
    private PostgresHolder() {}

    /** Starts, writes one committed row, says so with the server's process id, and waits. */
    public static void main(String @Nullable [] arguments) throws Exception {
        DataDirectory data = new DataDirectory(Path.of(arguments[0]));
        try (DataDirectory.Lock held = data.lock();
                EmbeddedPostgres postgres = EmbeddedPostgres.start(data.postgres());
                DatabasePool pool = new DatabasePool(postgres.address(), 2)) {
            pool.database().write(handle -> handle.execute("CREATE TABLE kept AS SELECT 42 AS answer"));
            System.out.println("holding " + postgres.pid());
            System.in.read();
        }
    }
}
