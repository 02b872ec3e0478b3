package dev.cloche.identity;

import java.time.Instant;

/**
 * A group of members that owns workspaces and apps.
 *
 * @param id never changes
 * @param name for people to read
 * @param slug the name in URLs, unique on the server
 * @param createdAt when it was made
 */
public record Project(ProjectId id, String name, String slug, Instant createdAt) {}
