package dev.cloche.values;

import java.util.HexFormat;

/**
 * One connection of a client: 128 bits, here as two words, the less significant first. Zero stands for no connection.
 *
 * <p>In BSATN 16 bytes, least significant first; as text 32 hexadecimal digits, most significant first.
 */
public record ConnectionId(long word0, long word1) {
    /** No connection. */
    public static final ConnectionId ZERO = new ConnectionId(0, 0);

    /** Its size in BSATN, in bytes. */
    public static final int BYTES = 16;

    /** From 16 bytes. */
    public static ConnectionId read(BsatnReader reader) {
        return new ConnectionId(reader.readU64(), reader.readU64());
    }

    /** Of 32 hexadecimal digits of either case; {@code IllegalArgumentException} for anything else. */
    public static ConnectionId ofHex(String text) {
        if (text.length() != 32) {
            throw new IllegalArgumentException("A connection id has 32 hexadecimal digits, not " + text.length() + " characters.");
        }
        return new ConnectionId(HexFormat.fromHexDigitsToLong(text, 16, 32), HexFormat.fromHexDigitsToLong(text, 0, 16));
    }

    /** Writes 16 bytes. */
    public void write(BsatnWriter writer) {
        writer.writeU64(word0).writeU64(word1);
    }

    /** Whether it stands for no connection. */
    public boolean isZero() {
        return word0 == 0 && word1 == 0;
    }

    /** 32 lower-case hexadecimal digits. */
    public String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(word1) + hex.toHexDigits(word0);
    }

    @Override
    public String toString() {
        return hex();
    }
}
