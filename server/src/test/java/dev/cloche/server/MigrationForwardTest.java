package dev.cloche.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.storage.Migrations;
import dev.cloche.storage.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Proves each migration forward on data of the versions before it: after every step the rows of {@code db/sample/VNNN.sql}
 * are put in, as people would have made them with that version, and they must survive all later steps.
 *
 * <p>A migration that makes a table needs a sample with rows for it.
 */
@Timeout(120)
class MigrationForwardTest {
    @Test
    void everyMigrationKeepsTheRowsOfTheVersionsBefore() throws Exception {
        try (TestDatabase db = TestDatabase.unmigrated()) {
            Migrations migrations = new Migrations(db.pool().dataSource());
            Map<String, Integer> before = new TreeMap<>();
            for (String version : migrations.versions()) {
                assertThat(migrations.applyUpTo(version)).as("V" + version + " applies to data of the version before").isEqualTo(1);

                Map<String, Integer> after = rows(db);
                before.forEach((table, count) -> assertThat(after).as("rows after V" + version).containsEntry(table, count));

                sample(version).ifPresent(sql -> db.database().write(handle -> handle.createScript(sql).execute()));
                before = rows(db);
                assertThat(before).as("db/sample/V" + version + ".sql fills each new table").doesNotContainValue(0);
            }
            assertThat(migrations.apply()).isZero();
        }
    }

    private static Optional<String> sample(String version) {
        try (InputStream in = MigrationForwardTest.class.getResourceAsStream("/db/sample/V" + version + ".sql")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Integer> rows(TestDatabase db) {
        return db.database().read(handle -> {
            List<String> tables = handle.createQuery("""
                            SELECT table_name FROM information_schema.tables
                            WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'flyway_schema_history'
                            """)
                    .mapTo(String.class).list();
            Map<String, Integer> rows = new TreeMap<>();
            tables.forEach(table -> rows.put(table, handle.createQuery("SELECT count(*) FROM " + table).mapTo(Integer.class).one()));
            return rows;
        });
    }
}
