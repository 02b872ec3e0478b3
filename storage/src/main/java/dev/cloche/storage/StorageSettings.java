package dev.cloche.storage;

import dev.cloche.kernel.Configuration;
import java.util.Optional;

/**
 * What the operator decides about storage.
 *
 * @param address of a PostgreSQL server of the operator's own; empty for the embedded one ({@code database.url})
 * @param connections how many connections the platform holds at most ({@code database.connections})
 */
public record StorageSettings(Optional<DatabaseAddress> address, int connections) {
    /** The settings in this configuration. */
    public static StorageSettings from(Configuration configuration) {
        return new StorageSettings(
                configuration.text("database.url").filter(url -> !url.isBlank()).map(DatabaseAddress::parse),
                configuration.integer("database.connections", 10, 2, 200));
    }
}
