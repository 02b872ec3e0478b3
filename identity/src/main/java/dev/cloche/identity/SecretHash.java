package dev.cloche.identity;

import dev.cloche.kernel.Digest;
import java.nio.charset.StandardCharsets;

/** What the database keeps in place of a random secret of 160 bits: its SHA-256; so long a secret needs no slow hash. */
final class SecretHash {
    private SecretHash() {}

    static byte[] of(String secret) {
        return Digest.of(secret.getBytes(StandardCharsets.UTF_8)).bytes();
    }
}
