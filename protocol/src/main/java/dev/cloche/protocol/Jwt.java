package dev.cloche.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.Optional;

/**
 * A JSON Web Token (RFC 7519) as it was sent; nothing in it is believed before {@link #isSignedBy}.
 *
 * @param payload the claims
 * @param signed what the signature is about
 */
record Jwt(Algorithm algorithm, Optional<String> keyId, ObjectNode payload, String signed, byte[] signature) {
    private static final int LONGEST = 16 * 1024;

    /** The algorithms that are taken; above all not {@code none}, and none with shared secrets. */
    enum Algorithm {
        /** Elliptic curve P-256. */
        ES256("SHA256withECDSAinP1363Format"),
        /** RSA. */
        RS256("SHA256withRSA");

        private final String jdk;

        Algorithm(String jdk) {
            this.jdk = jdk;
        }

        /** What the JDK calls it. */
        String jdkName() {
            return jdk;
        }

        private boolean fits(PublicKey key) {
            return this == ES256 ? key instanceof ECPublicKey : key instanceof RSAPublicKey;
        }
    }

    /** The parts of a token; empty for what is none. */
    static Optional<Jwt> parse(String token) {
        String[] parts = token.split("\\.", -1);
        if (token.length() > LONGEST || parts.length != 3) {
            return Optional.empty();
        }
        try {
            Base64.Decoder decoder = Base64.getUrlDecoder();
            JsonNode head = Json.tree(decoder.decode(parts[0]));
            if (!(Json.tree(decoder.decode(parts[1])) instanceof ObjectNode claims) || !head.isObject() || head.has("crit")) {
                return Optional.empty();
            }
            return algorithm(head.path("alg").asText()).map(algorithm -> new Jwt(algorithm,
                    Optional.ofNullable(head.path("kid").textValue()), claims, parts[0] + "." + parts[1], decoder.decode(parts[2])));
        } catch (IllegalArgumentException | Problem e) {
            return Optional.empty();
        }
    }

    /** Whether the holder of this key signed it. */
    boolean isSignedBy(PublicKey key) {
        if (!algorithm.fits(key)) {
            return false;
        }
        try {
            Signature check = Signature.getInstance(algorithm.jdkName());
            check.initVerify(key);
            check.update(signed.getBytes(StandardCharsets.US_ASCII));
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** A claim that is text; empty if it is not there or something else. */
    String text(String claim) {
        return payload.path(claim).isTextual() ? payload.path(claim).textValue() : "";
    }

    private static Optional<Algorithm> algorithm(String name) {
        return switch (name) {
            case "ES256" -> Optional.of(Algorithm.ES256);
            case "RS256" -> Optional.of(Algorithm.RS256);
            default -> Optional.empty();
        };
    }
}
