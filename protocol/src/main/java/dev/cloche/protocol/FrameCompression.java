package dev.cloche.protocol;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** How frames to a client are compressed; the order is that of the first byte of a frame. */
enum FrameCompression {
    /** Not at all. */
    NONE,
    /** Brotli (RFC 7932) at its fastest. */
    BROTLI,
    /** Gzip (RFC 1952) at its fastest. */
    GZIP;

    /** Messages of more bytes are compressed. */
    static final int FROM = 1024;

    /** What a client asks for by this word of the query; empty for a word that is none. */
    static Optional<FrameCompression> of(String word) {
        return switch (word) {
            case "None" -> Optional.of(NONE);
            case "Brotli" -> Optional.of(BROTLI);
            case "Gzip" -> Optional.of(GZIP);
            default -> Optional.empty();
        };
    }

    /** This, or {@link #NONE} where the machine has no library for it: a client takes that, too. */
    FrameCompression orNone() {
        return this == BROTLI && !Brotli4jLoader.isAvailable() ? NONE : this;
    }

    /**
     * The frame with its first byte and its rest compressed.
     *
     * @param plain a frame whose first byte says that it is not compressed
     */
    byte[] apply(byte[] plain, int size) {
        try {
            return switch (this) {
                case NONE -> java.util.Arrays.copyOf(plain, size);
                case BROTLI -> brotli(plain, size);
                case GZIP -> gzip(plain, size);
            };
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    private static byte[] brotli(byte[] plain, int size) throws IOException {
        byte[] body = Encoder.compress(java.util.Arrays.copyOfRange(plain, 1, size), new Encoder.Parameters().setQuality(1));
        byte[] frame = new byte[body.length + 1];
        frame[0] = (byte) BROTLI.ordinal();
        System.arraycopy(body, 0, frame, 1, body.length);
        return frame;
    }

    private static byte[] gzip(byte[] plain, int size) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(size / 3 + 64);
        out.write(GZIP.ordinal());
        try (GZIPOutputStream gzip = new GZIPOutputStream(out) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            gzip.write(plain, 1, size - 1);
        }
        return out.toByteArray();
    }
}
