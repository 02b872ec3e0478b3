package dev.cloche.identity;

import java.time.Instant;

/**
 * Somebody with a local account.
 *
 * @param id never changes
 * @param name to sign in with, unique on the server
 * @param displayName for people to read
 * @param serverOwner whether this person administers the server
 * @param createdAt when the account was made
 */
public record Person(PersonId id, String name, String displayName, boolean serverOwner, Instant createdAt) {}
