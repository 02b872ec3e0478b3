package dev.cloche.identity;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Password hashes by Argon2id (RFC 9106) in the usual text form, which carries its parameters. Each computation takes 19 MiB,
 * so at most two run at a time; further callers wait for up to ten seconds.
 */
final class Passwords {
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final Pattern FORM =
            Pattern.compile("\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=1\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    private final SecureRandom random;
    private final Semaphore running = new Semaphore(2);
    private final String nobodys;

    Passwords(SecureRandom random) {
        this.random = random;
        // never equal to the hash of anything: 32 random bytes, not a computed hash
        this.nobodys = text(MEMORY_KIB, PASSES, bytes(SALT_BYTES), bytes(HASH_BYTES));
    }

    /** A hash to keep. */
    String hash(String password) {
        byte[] salt = bytes(SALT_BYTES);
        return text(MEMORY_KIB, PASSES, salt, compute(password, salt, MEMORY_KIB, PASSES));
    }

    /** Whether the password is the one that was hashed. */
    boolean matches(String password, String hash) {
        Matcher parts = FORM.matcher(hash);
        if (!parts.matches()) {
            throw new IllegalStateException("a stored password hash is damaged");
        }
        byte[] salt = Base64.getDecoder().decode(parts.group(3));
        byte[] expected = Base64.getDecoder().decode(parts.group(4));
        byte[] actual = compute(password, salt, Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
        return MessageDigest.isEqual(expected, actual);
    }

    /** Takes as long as {@link #matches}: an unknown name must not answer faster than a wrong password. */
    void matchesNobody(String password) {
        if (matches(password, nobodys)) {
            throw new IllegalStateException("a hash of nobody's password was met");
        }
    }

    private byte[] compute(String password, byte[] salt, int memoryKib, int passes) {
        try {
            if (!running.tryAcquire(10, TimeUnit.SECONDS)) {
                throw Problem.of(ErrorCode.UNAVAILABLE, "Too many people sign in at once; try again in a moment.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(ErrorCode.UNAVAILABLE, "The server stops.");
        }
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(memoryKib)
                    .withIterations(passes)
                    .withParallelism(1)
                    .withSalt(salt)
                    .build());
            byte[] hash = new byte[HASH_BYTES];
            generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
            return hash;
        } finally {
            running.release();
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(int memoryKib, int passes, byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + passes + ",p=1$" + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }
}
