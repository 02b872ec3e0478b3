package dev.cloche.storage;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The schema's history: files {@code db/migration/VNNN__name.sql} of all modules, applied in the order of their numbers,
 * each once and in a transaction of its own. Modules number in ranges, so a later file may have a lower number.
 */
public final class Migrations {
    private final DataSource source;

    /** The migrations of everything on the class path for this database. */
    public Migrations(DataSource source) {
        this.source = source;
    }

    /** Brings the schema up to date; returns how many files were applied. */
    public int apply() {
        return run(configuration());
    }

    /** Brings the schema up to one version and no further, to prove the step after it. */
    public int applyUpTo(String version) {
        return run(configuration().target(version));
    }

    /** The versions of all files, in the order in which they are applied. */
    public List<String> versions() {
        return Stream.of(configuration().load().info().all())
                .map(MigrationInfo::getVersion)
                .filter(java.util.Objects::nonNull)
                .map(Object::toString)
                .toList();
    }

    private static int run(FluentConfiguration configuration) {
        try {
            return configuration.load().migrate().migrationsExecuted;
        } catch (FlywayException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The database's schema cannot be brought up to date: " + firstLines(e));
        }
    }

    private FluentConfiguration configuration() {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:db/migration")
                .outOfOrder(true)
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                .loggers("slf4j");
    }

    private static String firstLines(FlywayException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return String.join(" ", Arrays.stream(message.split("\n")).map(String::strip).filter(line -> !line.isEmpty()).limit(8).toList());
    }
}
