package dev.cloche.values;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Who somebody is to live databases: 256 bits, here as four words from the least significant on, as modules get them.
 *
 * <p>In BSATN 32 bytes, least significant first; as text 64 hexadecimal digits, most significant first.
 */
public record Identity(long word0, long word1, long word2, long word3) implements Comparable<Identity> {
    /** Nobody. */
    public static final Identity ZERO = new Identity(0, 0, 0, 0);

    /** Its size in BSATN, in bytes. */
    public static final int BYTES = 32;

    /** From 32 bytes. */
    public static Identity read(BsatnReader reader) {
        return new Identity(reader.readU64(), reader.readU64(), reader.readU64(), reader.readU64());
    }

    /**
     * Of the claims of a token (facts, specification C): {@code c2 00}, four bytes that check, 26 bytes of BLAKE3 over
     * {@code issuer|subject}; most significant first.
     */
    public static Identity ofClaims(String issuer, String subject) {
        byte[] name = Blake3.hash((issuer + "|" + subject).getBytes(StandardCharsets.UTF_8));
        byte[] marked = new byte[28];
        marked[0] = (byte) 0xc2;
        System.arraycopy(name, 0, marked, 2, 26);
        byte[] check = Blake3.hash(marked);
        return ofHex(HexFormat.of().formatHex(marked, 0, 2) + HexFormat.of().formatHex(check, 0, 4) + HexFormat.of().formatHex(name, 0, 26));
    }

    /** Of 64 hexadecimal digits of either case; {@code IllegalArgumentException} for anything else. */
    public static Identity ofHex(String text) {
        if (text.length() != 64) {
            throw new IllegalArgumentException("An identity has 64 hexadecimal digits, not " + text.length() + " characters.");
        }
        return new Identity(word(text, 48), word(text, 32), word(text, 16), word(text, 0));
    }

    /** Writes 32 bytes. */
    public void write(BsatnWriter writer) {
        writer.writeU64(word0).writeU64(word1).writeU64(word2).writeU64(word3);
    }

    /** The 32 bytes of BSATN. */
    public byte[] toBytes() {
        BsatnWriter writer = new BsatnWriter(BYTES, BYTES);
        write(writer);
        return writer.toArray();
    }

    /** 64 lower-case hexadecimal digits. */
    public String hex() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(word3) + hex.toHexDigits(word2) + hex.toHexDigits(word1) + hex.toHexDigits(word0);
    }

    /** By size. */
    @Override
    public int compareTo(Identity other) {
        return hex().compareTo(other.hex());
    }

    @Override
    public String toString() {
        return hex();
    }

    private static long word(String text, int from) {
        return HexFormat.fromHexDigitsToLong(text, from, from + 16);
    }
}
