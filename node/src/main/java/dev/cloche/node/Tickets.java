package dev.cloche.node;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.Ticket;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** The tickets of the coordinator with which callers make calls here themselves; each is good for one call. Any thread. */
final class Tickets {
    private static final String SCHEME = "Bearer ";

    private byte[] key = {};
    private long connection;
    /** Those that were shown, by their calls, until their time is over. */
    private final Map<Long, Long> shown = new HashMap<>();

    /** A ticket that was taken on this connection to the coordinator; it is worth nothing on the next one. */
    record Taken(Ticket ticket, long connection) {}

    /** The coordinator's key of this connection; those of another one are worth nothing. */
    synchronized void begin(byte[] newKey) {
        key = newKey.length == Ticket.KEY_BYTES ? newKey.clone() : new byte[0];
        shown.clear();
        connection++;
    }

    /** The connection has ended, and with it the worth of all tickets. */
    synchronized void end() {
        begin(new byte[0]);
    }

    /**
     * Takes a ticket, once.
     *
     * @param authorization the header, {@code Bearer TICKET}
     * @throws Problem if it is not worth anything here
     */
    synchronized Taken take(String authorization, Instant now) {
        if (key.length == 0) {
            throw refused("coordinator", "This node has no coordinator at the moment whose tickets are worth anything.");
        }
        if (!authorization.startsWith(SCHEME)) {
            throw refused("required", "Show a ticket of the coordinator as 'Authorization: Bearer'.");
        }
        Ticket ticket = Ticket.read(authorization.substring(SCHEME.length()), key, now);
        forgetOld(now);
        if (shown.putIfAbsent(ticket.call(), ticket.until()) != null) {
            throw refused("once", "This ticket was used already, or taken back.");
        }
        return new Taken(ticket, connection);
    }

    /** The coordinator takes back the call of a ticket, which nobody has shown, perhaps. */
    synchronized void refuse(long call, Instant now) {
        if (key.length > 0) {
            forgetOld(now);
            shown.put(call, now.plus(Ticket.VALID).toEpochMilli());
        }
    }

    private void forgetOld(Instant now) {
        shown.values().removeIf(until -> until < now.toEpochMilli());
    }

    /** Whether the coordinator that gave it is still linked by the same connection. */
    synchronized boolean holds(Taken taken) {
        return key.length > 0 && taken.connection == connection;
    }

    private static Problem refused(String rule, String message) {
        return Problem.field(ErrorCode.UNAUTHENTICATED, "ticket", rule, message);
    }
}
