package dev.cloche.protocol;

import dev.cloche.databases.DatabaseEntry;
import dev.cloche.databases.Databases;
import dev.cloche.http.Request;

/** Finds the database that a path names. */
final class Found {
    private Found() {}

    /** The database of the path's parameter {@code database}; 404 in the words of the protocol if there is none. */
    static DatabaseEntry in(Databases databases, Request request) {
        String name = request.pathParameter("database");
        return databases.find(name).orElseThrow(() -> Refusal.of(404,
                name.matches("[0-9a-fA-F]{64}") ? "No such database." : "`" + name.replaceAll("[^\\x21-\\x7e]", "?") + "` not found"));
    }
}
