package dev.cloche.storage;

import dev.cloche.kernel.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jdbi.v3.core.Handle;

/**
 * Content by its SHA-256, stored once. Content above 1 KiB that shrinks is kept deflated. Content is never changed; what
 * nothing refers to any more is removed by its owners.
 */
public final class Blobs {
    private static final int COMPRESS_FROM = 1024;

    /** Stores content as part of the caller's transaction and returns its address. */
    public Digest put(Handle handle, byte[] content) {
        Digest digest = Digest.of(content);
        byte[] small = content.length > COMPRESS_FROM ? deflated(content) : content;
        boolean deflated = small.length < content.length;
        handle.createUpdate("""
                        INSERT INTO blob (digest, size, deflated, content)
                        VALUES (:digest, :size, :deflated, :content)
                        ON CONFLICT (digest) DO NOTHING
                        """)
                .bind("digest", digest.bytes())
                .bind("size", content.length)
                .bind("deflated", deflated)
                .bind("content", deflated ? small : content)
                .execute();
        return digest;
    }

    /** The content at this address. */
    public Optional<byte[]> get(Handle handle, Digest digest) {
        return handle.createQuery("SELECT deflated, content FROM blob WHERE digest = :digest")
                .bind("digest", digest.bytes())
                .map((row, context) -> row.getBoolean(1) ? inflated(row.getBytes(2)) : row.getBytes(2))
                .findOne();
    }

    private static byte[] deflated(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length / 2);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (DeflaterOutputStream stream = new DeflaterOutputStream(out, deflater)) {
            stream.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        } finally {
            deflater.end();
        }
        return out.toByteArray();
    }

    private static byte[] inflated(byte[] content) {
        try (InflaterInputStream stream = new InflaterInputStream(new ByteArrayInputStream(content))) {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("a stored blob is damaged", e);
        }
    }
}
