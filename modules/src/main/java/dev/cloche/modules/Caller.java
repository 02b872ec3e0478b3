package dev.cloche.modules;

import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;

/**
 * On whose behalf and when a function of a module runs.
 *
 * @param sender who calls; the database itself for scheduled calls
 * @param connection through which; zero without one
 * @param timestamp microseconds since 1970; what the module gets as the time
 */
public record Caller(Identity sender, ConnectionId connection, long timestamp) {}
