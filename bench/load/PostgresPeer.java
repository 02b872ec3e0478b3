import dev.cloche.storage.DatabaseAddress;
import dev.cloche.storage.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A PostgreSQL as the server's own, in a folder of the benchmark's, with accounts and a stored procedure that moves money between
 * two of them. Prints its port and password.
 *
 * <p>{@code java PostgresPeer.java FOLDER ACCOUNTS}
 */
public final class PostgresPeer {
    private PostgresPeer() {}

    public static void main(String[] words) throws SQLException, InterruptedException {
        EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(words[0]));
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        DatabaseAddress address = postgres.address();
        try (Connection connection = DriverManager.getConnection(address.url(), address.user(), address.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE account (id int PRIMARY KEY, balance bigint NOT NULL)");
            statement.execute("INSERT INTO account SELECT i, 1000000 FROM generate_series(0, " + words[1] + " - 1) i");
            // always the lower row first, so that no two wait for each other
            statement.execute("""
                    CREATE PROCEDURE transfer(source int, target int, amount int) LANGUAGE plpgsql AS $$
                    BEGIN
                        IF source < target THEN
                            UPDATE account SET balance = balance - amount WHERE id = source AND balance >= amount;
                            IF NOT FOUND THEN RAISE 'not enough money'; END IF;
                            UPDATE account SET balance = balance + amount WHERE id = target;
                        ELSIF source > target THEN
                            UPDATE account SET balance = balance + amount WHERE id = target;
                            UPDATE account SET balance = balance - amount WHERE id = source AND balance >= amount;
                            IF NOT FOUND THEN RAISE 'not enough money'; END IF;
                        END IF;
                    END $$
                    """);
            statement.execute("VACUUM ANALYZE account");
        }
        String port = address.url().replaceAll(".*:(\\d+)/.*", "$1");
        System.out.println(port + " " + address.password());
        Thread.currentThread().join();
    }
}
