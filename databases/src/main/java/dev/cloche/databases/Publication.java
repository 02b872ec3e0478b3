package dev.cloche.databases;

import dev.cloche.values.Identity;
import java.time.Instant;

/**
 * A module that is put into a database.
 *
 * @param program the module's file
 * @param wakes whether it acts by itself, so that its database starts with the server
 * @param plan what had to be done to the tables, for people; empty for nothing
 */
record Publication(byte[] program, boolean wakes, Identity sender, Kind kind, String plan, Instant at) {
    /** What it does to the database. */
    enum Kind {
        CREATED,
        UPDATED,
        RESET,
        RESTORED
    }

    /**
     * One that was made, as it is remembered.
     *
     * @param program the hash of the module's file in hexadecimal
     */
    record Past(Instant at, Identity sender, String program, Kind kind, String plan) {}
}
