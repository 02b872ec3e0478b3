package dev.cloche.kernel;

import java.security.SecureRandom;

/**
 * A source of identifiers: 16 letters and digits of an alphabet without look-alikes (80 random bits), fit for URLs and
 * DNS labels. Safe for use by several threads.
 */
public final class RandomIds {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int LENGTH = 16;

    private final SecureRandom random;

    /** Identifiers from this source of randomness. */
    public RandomIds(SecureRandom random) {
        this.random = random;
    }

    /** A new identifier. */
    public String next() {
        return random(LENGTH);
    }

    /** A new secret of 160 random bits, for tokens and links. */
    public String secret() {
        return random(2 * LENGTH);
    }

    private String random(int length) {
        char[] text = new char[length];
        for (int i = 0; i < length; i++) {
            text[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return new String(text);
    }

    /** Whether a text has the shape of an identifier of ours. */
    public static boolean isId(String text) {
        return text.matches("[0-9a-hjkmnp-tv-z]{16}");
    }
}
