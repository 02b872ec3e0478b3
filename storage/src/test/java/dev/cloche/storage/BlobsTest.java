package dev.cloche.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Digest;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlobsTest {
    private final Blobs blobs = new Blobs();

    @Test
    void contentOfAnySizeComesBackAsItWas() {
        try (TestDatabase db = TestDatabase.fresh()) {
            Random random = new Random(7);
            for (int size : new int[] {0, 1, 1024, 1025, 100_000, 3_000_000}) {
                byte[] noise = new byte[size];
                random.nextBytes(noise);
                byte[] text = "spam ".repeat(size / 5).getBytes(java.nio.charset.StandardCharsets.UTF_8);
                for (byte[] content : new byte[][] {noise, text}) {
                    Digest digest = db.database().write(handle -> blobs.put(handle, content));

                    assertThat(digest).isEqualTo(Digest.of(content));
                    assertThat(read(db, digest)).contains(content);
                }
            }
        }
    }

    @Test
    void theSameContentIsKeptOnce() {
        try (TestDatabase db = TestDatabase.fresh()) {
            byte[] content = new byte[5000];

            db.database().write(handle -> blobs.put(handle, content));
            db.database().write(handle -> blobs.put(handle, content));

            assertThat(count(db)).isEqualTo(1);
        }
    }

    @Test
    void whatIsNotThereIsEmpty() {
        try (TestDatabase db = TestDatabase.fresh()) {
            assertThat(read(db, Digest.of(new byte[3]))).isEmpty();
        }
    }

    @Test
    void anAbortedTransactionKeepsNothing() {
        try (TestDatabase db = TestDatabase.fresh()) {
            try {
                db.database().write(handle -> {
                    blobs.put(handle, new byte[10]);
                    throw new IllegalStateException("stop");
                });
            } catch (IllegalStateException expected) {
                assertThat(expected).hasMessage("stop");
            }

            assertThat(count(db)).isZero();
        }
    }

    private Optional<byte[]> read(TestDatabase db, Digest digest) {
        return db.database().read(handle -> blobs.get(handle, digest));
    }

    private static int count(TestDatabase db) {
        return db.database().read(handle -> handle.createQuery("SELECT count(*) FROM blob").mapTo(Integer.class).one());
    }
}
