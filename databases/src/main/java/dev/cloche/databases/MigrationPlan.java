package dev.cloche.databases;

/** What a database would have to go through to get another module. */
public sealed interface MigrationPlan {
    /**
     * Cloche can do it.
     *
     * @param text the steps for people, one a line
     * @param breaksClients whether clients that know the old module would be cut off
     * @param token shows that this plan was looked at; becomes invalid when the database changes
     */
    record Automatic(String text, boolean breaksClients, String token) implements MigrationPlan {}

    /** It would lose data or cannot be done; {@code reason} names table, column and what to do instead. */
    record Manual(String reason) implements MigrationPlan {}
}
