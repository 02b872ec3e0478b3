package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FrameQueueTest {
    private final FrameQueue queue = new FrameQueue(1_000_000, false);

    private static byte[] bytesOf(FrameQueue.Batch batch) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        batch.pieces().forEach(piece -> all.write(piece.bytes(), 0, piece.size()));
        assertThat(all.size()).isEqualTo((int) batch.size());
        return all.toByteArray();
    }

    private static byte[] frame(byte[] payload) {
        byte[] head = payload.length < 126 ? new byte[] {(byte) 0x82, (byte) payload.length}
                : payload.length < 65_536 ? ByteBuffer.allocate(4).put((byte) 0x82).put((byte) 126).putShort((short) payload.length).array()
                : ByteBuffer.allocate(10).put((byte) 0x82).put((byte) 127).putLong(payload.length).array();
        return ByteBuffer.allocate(head.length + payload.length).put(head).put(payload).array();
    }

    @Test
    void framesLeaveInTheirOrderWhetherCopiedOrNot() {
        byte[] small = {1, 2, 3};
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 7);

        assertThat(queue.add(FrameReader.Opcode.BINARY, small, 0, 3)).isEqualTo(FrameQueue.Outcome.FIRST);
        assertThat(queue.add(FrameReader.Opcode.BINARY, small, large)).isEqualTo(FrameQueue.Outcome.WAITS);
        assertThat(queue.add(FrameReader.Opcode.BINARY, small, small)).isEqualTo(FrameQueue.Outcome.WAITS);
        FrameQueue.Batch batch = queue.takeAll();

        byte[] first = frame(small);
        byte[] second = frame(ByteBuffer.allocate(100_003).put(small).put(large).array());
        byte[] third = frame(new byte[] {1, 2, 3, 1, 2, 3});
        assertThat(bytesOf(batch)).isEqualTo(ByteBuffer.allocate(first.length + second.length + third.length).put(first).put(second).put(third).array());
        assertThat(batch.pieces()).as("the large part is sent from where it lies").anyMatch(piece -> piece.bytes() == large);
        assertThat(queue.waiting()).isEqualTo(batch.size());
        queue.done(batch);
        assertThat(queue.waiting()).isZero();
        assertThat(queue.takeAll().size()).isZero();
    }

    @Test
    void nothingIsTakenBeyondTheLimitButTheEnd() {
        byte[] large = new byte[1_000_001];

        assertThat(queue.add(FrameReader.Opcode.BINARY, new byte[0], large)).isEqualTo(FrameQueue.Outcome.FIRST);
        assertThat(queue.add(FrameReader.Opcode.BINARY, large, 0, 1)).isEqualTo(FrameQueue.Outcome.FULL);
        queue.dropWaiting();
        assertThat(queue.add(FrameReader.Opcode.CLOSE, new byte[] {3, (byte) 0xe8}, 0, 2)).isEqualTo(FrameQueue.Outcome.WAITS);
        assertThat(queue.add(FrameReader.Opcode.BINARY, large, 0, 1)).isEqualTo(FrameQueue.Outcome.ENDED);
        assertThat(bytesOf(queue.takeAll())).containsExactly(0x88, 2, 3, 0xe8);
    }
}
