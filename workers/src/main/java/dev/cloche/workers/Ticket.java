package dev.cloche.workers;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The right to make one call of a node, given by its coordinator to somebody who may make it: so the input goes to the node
 * and the output to the caller without passing the coordinator. As text, the JSON of it and its HMAC-SHA256 with a key of the node's link.
 *
 * @param call number of the call on the node's link
 * @param worker its name, for people
 * @param digest which worker
 * @param settings how many times the link had said something of the worker's settings before
 * @param function which function
 * @param timeoutMs longest time of the call
 * @param until when it must have been shown, in milliseconds since 1970
 */
public record Ticket(long call, String worker, String digest, long settings, String function, long timeoutMs, long until) {
    /** The time in which a ticket must be shown. */
    public static final Duration VALID = Duration.ofSeconds(10);
    /** The length of a key. */
    public static final int KEY_BYTES = 32;
    private static final int LONGEST = 4096;
    private static final String ALGORITHM = "HmacSHA256";

    /** Nothing may be missing. */
    public Ticket {
        Objects.requireNonNull(worker, "worker");
        Objects.requireNonNull(digest, "digest");
        Objects.requireNonNull(function, "function");
    }

    /** As the caller gets and shows it. */
    public String signed(byte[] key) {
        String said = Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(this));
        return said + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(proof(said, key));
    }

    /**
     * A ticket that was shown.
     *
     * @throws Problem {@code UNAUTHENTICATED} if it was not signed with this key, or its time is over
     */
    public static Ticket read(String text, byte[] key, Instant now) {
        int dot = text.indexOf('.');
        if (dot < 0 || text.length() > LONGEST) {
            throw refused("form", "This is no ticket of the coordinator.");
        }
        Ticket ticket;
        try {
            if (!MessageDigest.isEqual(Base64.getUrlDecoder().decode(text.substring(dot + 1)), proof(text.substring(0, dot), key))) {
                throw refused("signature", "This ticket is not one of the coordinator's for this node.");
            }
            ticket = Json.read(Base64.getUrlDecoder().decode(text.substring(0, dot)), Ticket.class);
        } catch (IllegalArgumentException e) {
            throw refused("form", "This is no ticket of the coordinator.");
        }
        if (now.toEpochMilli() > ticket.until) {
            throw refused("expired", "The time of this ticket is over; ask for another one.");
        }
        return ticket;
    }

    private static Problem refused(String rule, String message) {
        return Problem.field(ErrorCode.UNAUTHENTICATED, "ticket", rule, message);
    }

    private static byte[] proof(String said, byte[] key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(said.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }
}
