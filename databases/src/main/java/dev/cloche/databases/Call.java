package dev.cloche.databases;

import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;

/**
 * A reducer call as others may hear of it.
 *
 * @param reducer canonical name
 * @param reducerId its number in the module
 * @param arguments BSATN, as the caller sent them; not to be changed
 * @param requestId the caller's number for it; 0 for a scheduled call
 * @param sender who called; the database itself for a scheduled call
 * @param connection through which; zero without one
 * @param timestamp microseconds since 1970
 * @param nanoseconds that the module ran
 */
public record Call(
        String reducer, int reducerId, byte[] arguments, int requestId, Identity sender, ConnectionId connection, long timestamp, long nanoseconds) {}
