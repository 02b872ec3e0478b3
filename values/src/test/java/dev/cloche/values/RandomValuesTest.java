package dev.cloche.values;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.values.SatsJson.Form;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RandomValuesTest {
    private static final long SEED = 20260822;

    @Test
    void everyFormComesBackAndComparesAsItself() {
        RandomValues values = new RandomValues(SEED);
        for (int i = 0; i < 5_000; i++) {
            AlgebraicType type = values.type(4);
            Value value = values.value(type);
            Value other = values.value(type);
            Layout layout = Layout.of(type);
            byte[] bytes = layout.encode(value);
            byte[] others = layout.encode(other);

            layout.checkWhole(bytes);
            assertThat(layout.skip(bytes, 0)).isEqualTo(bytes.length);
            assertThat(layout.decodeWhole(bytes)).isEqualTo(value);
            assertThat(bytes.length).isGreaterThanOrEqualTo(layout.minimumSize());
            assertThat(layout.fixedSize()).isIn(Layout.VARIABLE, bytes.length);
            int order = layout.compare(bytes, 0, others, 0);
            assertThat(Integer.signum(layout.compare(others, 0, bytes, 0))).isEqualTo(-Integer.signum(order));
            assertThat(layout.compare(bytes, 0, bytes, 0)).isZero();
            assertThat(layout.same(bytes, 0, others, 0)).isEqualTo(order == 0);
            if (order == 0) {
                assertThat(layout.hash(bytes, 0)).isEqualTo(layout.hash(others, 0));
            }
            for (Form form : Form.values()) {
                String json = SatsJson.text(layout, value, form);
                if (!json.contains("null")) {
                    assertThat(SatsJson.read(layout, json, "x")).isEqualTo(value);
                }
            }
        }
    }

    @Test
    void brokenBytesAreRefusedAndNothingElse() {
        RandomValues values = new RandomValues(SEED + 1);
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            AlgebraicType type = values.type(4);
            Layout layout = Layout.of(type);
            byte[] bytes = layout.encode(values.value(type));
            for (int k = random.nextInt(4); k >= 0 && bytes.length > 0; k--) {
                bytes[random.nextInt(bytes.length)] = (byte) (random.nextBoolean() ? -1 : random.nextInt(256));
            }
            byte[] cut = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            try {
                BsatnReader reader = new BsatnReader(cut);
                Value value = layout.decode(reader);
                assertThat(layout.encode(value)).hasSize(reader.position());
            } catch (BsatnException expected) {
                assertThat(expected.getMessage()).startsWith("byte ");
            }
        }
    }
}
