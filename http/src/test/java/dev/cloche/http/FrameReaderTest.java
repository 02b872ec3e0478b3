package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of all sizes, some in fragments, with pings between them, however the bytes are cut. */
class FrameReaderTest {
    private static final int LARGEST = 3_000_000;

    private final List<byte[]> heard = new ArrayList<>();
    private final FrameReader.Sink sink = new FrameReader.Sink() {
        @Override
        public void message(int opcode, byte[] bytes, int from, int length) {
            heard.add(Arrays.copyOfRange(bytes, from, from + length));
        }

        @Override
        public void control(int opcode, byte[] bytes, int from, int length) {
            heard.add(Arrays.copyOfRange(bytes, from, from + length));
        }

        @Override
        public boolean isOpen() {
            return true;
        }
    };

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000, 16_384, 100_000, 5_000_000})
    void messagesAreHeardAsTheyWereSaidHoweverTheBytesAreCut(int longestCut) {
        FrameReader reader = new FrameReader(LARGEST, true, sink);
        Random random = new Random(longestCut);
        List<byte[]> said = new ArrayList<>();
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        int scale = Math.min(LARGEST, longestCut * 300);
        for (int round = 0; round < 40; round++) {
            byte[] message = new byte[random.nextInt(round % 10 == 9 ? scale : Math.min(scale, 2000))];
            random.nextBytes(message);
            if (round % 4 == 3 && message.length > 2) {
                int cut = random.nextInt(message.length);
                frame(wire, random, 0x02, Arrays.copyOf(message, cut));
                byte[] ping = new byte[random.nextInt(126)];
                frame(wire, random, 0x89, ping);
                said.add(ping);
                frame(wire, random, 0x80, Arrays.copyOfRange(message, cut, message.length));
            } else {
                frame(wire, random, 0x82, message);
            }
            said.add(message);
        }
        byte[] bytes = wire.toByteArray();
        for (int at = 0; at < bytes.length; ) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(longestCut));
            byte[] chunk = Arrays.copyOfRange(bytes, at, to);
            reader.take(chunk, 0, chunk.length);
            at = to;
        }

        assertThat(heard).hasSameSizeAs(said);
        for (int k = 0; k < said.size(); k++) {
            assertThat(Arrays.equals(heard.get(k), said.get(k))).as("message %d", k).isTrue();
        }
    }

    private static void frame(ByteArrayOutputStream wire, Random random, int first, byte[] payload) {
        wire.write(first);
        if (payload.length < 126) {
            wire.write(0x80 | payload.length);
        } else if (payload.length < 65_536) {
            wire.write(0x80 | 126);
            number(wire, payload.length, 2);
        } else {
            wire.write(0x80 | 127);
            number(wire, payload.length, 8);
        }
        byte[] mask = new byte[4];
        random.nextBytes(mask);
        wire.writeBytes(mask);
        byte[] masked = payload.clone();
        for (int i = 0; i < masked.length; i++) {
            masked[i] ^= mask[i & 3];
        }
        wire.writeBytes(masked);
    }

    private static void number(ByteArrayOutputStream wire, long value, int bytes) {
        for (int i = bytes - 1; i >= 0; i--) {
            wire.write((int) (value >>> 8 * i));
        }
    }

    /** What a queue writes, a reader of the other side reads: a client's masked, a server's not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesOfAQueueAreReadAtTheOtherEnd(boolean masked) {
        FrameReader reader = new FrameReader(LARGEST, masked, sink);
        FrameQueue queue = new FrameQueue(100_000_000, masked);
        Random random = new Random(7);
        List<byte[]> said = new ArrayList<>();
        for (int size : new int[] {0, 1, 3, 7, 125, 126, 1000, 65_535, 65_536, 200_001, 2_000_003}) {
            byte[] begin = new byte[random.nextInt(9)];
            byte[] rest = new byte[size];
            random.nextBytes(begin);
            random.nextBytes(rest);
            byte[] untouched = rest.clone();
            queue.add(FrameReader.Opcode.BINARY, begin, rest);
            queue.add(FrameReader.Opcode.TEXT, begin, 0, begin.length);
            byte[] whole = Arrays.copyOf(begin, begin.length + size);
            System.arraycopy(rest, 0, whole, begin.length, size);
            said.add(whole);
            said.add(begin);
            FrameQueue.Batch batch = queue.takeAll();
            for (FrameQueue.Piece piece : batch.pieces()) {
                byte[] sent = Arrays.copyOf(piece.bytes(), piece.size());
                reader.take(sent, 0, sent.length);
            }
            queue.done(batch);
            assertThat(Arrays.equals(rest, untouched)).as("what is sent stays as it was").isTrue();
        }
        assertThat(heard).hasSameSizeAs(said);
        for (int k = 0; k < said.size(); k++) {
            assertThat(Arrays.equals(heard.get(k), said.get(k))).as("message %d", k).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoMasksWronglyIsRefused(boolean masked) {
        FrameReader reader = new FrameReader(LARGEST, masked, sink);

        assertThatThrownBy(() -> reader.take(new byte[] {(byte) 0x82, (byte) (masked ? 1 : 0x81), 0, 0, 0, 0, 0}, 0, 7))
                .isInstanceOf(FrameReader.Broken.class).hasMessageContaining("mask");
    }
}
