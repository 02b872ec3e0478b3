package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloche.kernel.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkMessageTest {
    static Stream<LinkMessage.Head> heads() {
        return Stream.of(
                new LinkMessage.Hello("node", "probe", "wasmtime 50.0.1", true, 2, List.of("ab"), List.of("*.example.com")),
                new LinkMessage.Welcome("n1"),
                new LinkMessage.Call(17, "matrix", "ab", "multiply", 30_000),
                new LinkMessage.Answer(17, 1.25),
                new LinkMessage.Failed(17, "bad_input", Optional.of("B"), Optional.of("shape"), "B must have 2 rows."),
                new LinkMessage.Failed(17, "trapped", Optional.empty(), Optional.empty(), "unreachable"),
                new LinkMessage.Cancel(17),
                new LinkMessage.Need("ab"),
                new LinkMessage.WorkerFile("ab", "matrix"),
                new LinkMessage.Beat(1, 0.5),
                new LinkMessage.Settings("ab"),
                new LinkMessage.Reachable("http://node.example:8081"),
                new LinkMessage.TicketKey(),
                new LinkMessage.Shown(17),
                new LinkMessage.Drain());
    }

    @ParameterizedTest
    @MethodSource("heads")
    void everyMessageComesBackAsItWas(LinkMessage.Head head) {
        byte[] wire = new LinkMessage(head, new byte[] {1, 2, 3}).encoded();
        byte[] padded = new byte[wire.length + 10];
        System.arraycopy(wire, 0, padded, 5, wire.length);

        LinkMessage read = LinkMessage.read(ByteBuffer.wrap(padded, 5, wire.length));

        assertThat(read.head()).isEqualTo(head);
        assertThat(read.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void theHeadIsJsonThatATabCanWrite() {
        byte[] json = "{\"type\":\"beat\",\"busy\":1,\"load\":0.5}".getBytes(StandardCharsets.UTF_8);
        byte[] wire = ByteBuffer.allocate(4 + json.length).order(ByteOrder.LITTLE_ENDIAN).putInt(json.length).put(json).array();

        assertThat(LinkMessage.read(ByteBuffer.wrap(wire)).head()).isEqualTo(new LinkMessage.Beat(1, 0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{}", "{\"type\":\"unknown\"}", "{\"type\":\"beat\",\"busy\":\"many\"}", "{\"type\":\"beat\",\"busy\":1,\"load\":0,\"more\":1}", "[]", "null", "{\"type\":\"welcome\"}", "{\"type\":\"hello\",\"kind\":\"tab\"}"})
    void aHeadOfAnotherFormIsRefused(String head) {
        byte[] json = head.getBytes(StandardCharsets.UTF_8);
        byte[] wire = ByteBuffer.allocate(4 + json.length).order(ByteOrder.LITTLE_ENDIAN).putInt(json.length).put(json).array();

        assertThatExceptionOfType(Problem.class).isThrownBy(() -> LinkMessage.read(ByteBuffer.wrap(wire)));
    }

    @Test
    void aHeadBeyondTheMessageOrItsLimitIsRefused() {
        byte[] beyond = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(5).array();
        byte[] negative = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(-1).array();
        byte[] large = ByteBuffer.allocate(LinkMessage.HEAD_BYTES + 10).order(ByteOrder.LITTLE_ENDIAN).putInt(LinkMessage.HEAD_BYTES + 1).array();

        for (byte[] wire : List.of(beyond, negative, large, new byte[3], new byte[0])) {
            assertThatExceptionOfType(Problem.class).isThrownBy(() -> LinkMessage.read(ByteBuffer.wrap(wire)))
                    .satisfies(problem -> assertThat(problem.fields()).singleElement().satisfies(field -> assertThat(field.field()).isEqualTo("message")));
        }
    }

    @Test
    void damagedMessagesAreRefusedOrReadAndNeverMore() {
        Random random = new Random(11);
        List<LinkMessage.Head> heads = heads().toList();
        for (int round = 0; round < 20_000; round++) {
            byte[] wire = new LinkMessage(heads.get(round % heads.size()), new byte[random.nextInt(20)]).encoded();
            for (int k = random.nextInt(4); k >= 0; k--) {
                wire[random.nextInt(wire.length)] = (byte) random.nextInt(256);
            }
            byte[] damaged = Arrays.copyOf(wire, random.nextInt(wire.length + 1));
            try {
                assertThat(LinkMessage.read(ByteBuffer.wrap(damaged)).head()).isNotNull();
            } catch (Problem refused) {
                assertThat(refused.detail()).isNotBlank();
            }
        }
    }
}
