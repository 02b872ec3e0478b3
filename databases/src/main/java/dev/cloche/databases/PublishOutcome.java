package dev.cloche.databases;

/** How publishing a module ended. */
public sealed interface PublishOutcome {
    /** There is a new database. */
    record Created(DatabaseEntry database) implements PublishOutcome {}

    /** The database runs the module. */
    record Updated(DatabaseEntry database) implements PublishOutcome {}

    /** Somebody has the name already. */
    record NameTaken(DatabaseName name) implements PublishOutcome {}

    /** It would cut clients off, which was not allowed. */
    record BreaksClients(MigrationPlan.Automatic plan) implements PublishOutcome {}

    /** It needs a migration that is not automatic. */
    record NeedsMigration(MigrationPlan.Manual plan) implements PublishOutcome {}

    /** The module's {@code init} refused or broke; nothing was changed. */
    record InitFailed(String message) implements PublishOutcome {}
}
