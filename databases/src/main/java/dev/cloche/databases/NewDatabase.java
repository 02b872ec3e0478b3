package dev.cloche.databases;

import dev.cloche.identity.ProjectId;
import dev.cloche.values.Identity;
import java.util.Optional;

/**
 * A database to be made.
 *
 * @param name its first name; without one it is found by its identity only
 * @param project that owns it
 * @param owner identity of whoever makes it; {@code init} sees it as the sender
 */
public record NewDatabase(Optional<DatabaseName> name, ProjectId project, Identity owner) {}
