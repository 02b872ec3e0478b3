package dev.cloche.values;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.SatsJson.Form;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors that the official SDK produced (facts, specification A, section 2.2), and the JSON forms of section 2.3. */
class GoldenVectorsTest {
    private static final BigInteger IDENTITY = BigInteger.valueOf(0xc200).shiftLeft(240).add(BigInteger.ONE);

    static Stream<Arguments> vectors() {
        Value second = Value.Whole.of(1_000_000);
        Value blob = new Value.Blob(Bytes.copyOf(new byte[] {1, 2, 3}));
        Sum either = new Sum(List.of(Variant.of("A", Product.UNIT), Variant.of("B", Primitive.U16)));
        AlgebraicType result = SpecialType.result(Primitive.U32, Primitive.STRING);
        BigInteger uuid = new BigInteger("01888d6e5c0070008000000000000001", 16);
        BigInteger connection = new BigInteger("00112233445566778899aabbccddeeff", 16);
        return Stream.of(
                vector(Primitive.I16, Value.Whole.of(-2), "feff", "-2", "-2"),
                vector(Primitive.I64, Value.Whole.of(-1), "ffffffffffffffff", "-1", "-1"),
                vector(Primitive.F32, new Value.Single(1.5f), "0000c03f", "1.5", "1.5"),
                vector(Primitive.F64, new Value.Real(-0.1), "9a9999999999b9bf", "-0.1", "-0.1"),
                vector(Primitive.STRING, new Value.Text("aü"), "0300000061c3bc", "\"aü\"", "\"aü\""),
                vector(new Array(Primitive.U16), sequence(1, 2), "0200000001000200", "[1,2]", "[1,2]"),
                vector(new Array(Primitive.U8), blob, "03000000010203", "\"010203\"", "\"010203\""),
                vector(SpecialType.option(Primitive.U32), Value.Choice.some(Value.Whole.of(7)), "0007000000", "{\"some\":7}", "[0,7]"),
                vector(SpecialType.option(Primitive.U32), Value.Choice.none(), "01", "{\"none\":[]}", "[1,[]]"),
                vector(result, new Value.Choice(0, Value.Whole.of(7)), "0007000000", "{\"ok\":7}", "[0,7]"),
                vector(result, new Value.Choice(1, new Value.Text("x")), "010100000078", "{\"err\":\"x\"}", "[1,\"x\"]"),
                vector(either, new Value.Choice(0, Value.Product.UNIT), "00", "{\"A\":[]}", "[0,[]]"),
                vector(either, new Value.Choice(1, Value.Whole.of(5)), "010500", "{\"B\":5}", "[1,5]"),
                vector(Product.UNIT, Value.Product.UNIT, "", "[]", "[]"),
                vector(
                        SpecialType.IDENTITY.type(),
                        Value.Product.of(new Value.Whole(IDENTITY)),
                        "01" + "00".repeat(29) + "00c2",
                        "{\"__identity__\":\"0xc2" + "0".repeat(61) + "1\"}",
                        "[\"0xc2" + "0".repeat(61) + "1\"]"),
                vector(
                        SpecialType.CONNECTION_ID.type(),
                        Value.Product.of(new Value.Whole(connection)),
                        "ffeeddccbbaa99887766554433221100",
                        "{\"__connection_id__\":" + connection + "}",
                        "[" + connection + "]"),
                vector(
                        SpecialType.TIMESTAMP.type(),
                        Value.Product.of(second),
                        "40420f0000000000",
                        "{\"__timestamp_micros_since_unix_epoch__\":1000000}",
                        "[1000000]"),
                vector(
                        SpecialType.TIME_DURATION.type(),
                        Value.Product.of(Value.Whole.of(250_000)),
                        "90d0030000000000",
                        "{\"__time_duration_micros__\":250000}",
                        "[250000]"),
                vector(
                        SpecialType.SCHEDULE_AT.type(),
                        new Value.Choice(0, Value.Product.of(second)),
                        "0040420f0000000000",
                        "{\"Interval\":{\"__time_duration_micros__\":1000000}}",
                        "[0,[1000000]]"),
                vector(
                        SpecialType.SCHEDULE_AT.type(),
                        new Value.Choice(1, Value.Product.of(second)),
                        "0140420f0000000000",
                        "{\"Time\":{\"__timestamp_micros_since_unix_epoch__\":1000000}}",
                        "[1,[1000000]]"),
                vector(
                        SpecialType.UUID.type(),
                        Value.Product.of(new Value.Whole(uuid)),
                        "01000000000000800070005c6e8d8801",
                        "{\"__uuid__\":" + uuid + "}",
                        "[" + uuid + "]"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void eachVectorIsWrittenAndRead(AlgebraicType type, Value value, String bsatn, String typed, String untyped) {
        Layout layout = Layout.of(type);
        byte[] bytes = HexFormat.of().parseHex(bsatn);

        assertThat(HexFormat.of().formatHex(layout.encode(value))).isEqualTo(bsatn);
        assertThat(layout.decodeWhole(bytes)).isEqualTo(value);
        assertThat(layout.skip(bytes, 0)).isEqualTo(bytes.length);
        assertThat(SatsJson.text(layout, value, Form.TYPED)).isEqualTo(typed);
        assertThat(SatsJson.text(layout, value, Form.UNTYPED)).isEqualTo(untyped);
        assertThat(SatsJson.read(layout, typed, "x")).isEqualTo(value);
        assertThat(SatsJson.read(layout, untyped, "x")).isEqualTo(value);
    }

    private static Arguments vector(AlgebraicType type, Value value, String bsatn, String typed, String untyped) {
        return Arguments.of(type, value, bsatn, typed, untyped);
    }

    private static Value sequence(long... numbers) {
        return new Value.Sequence(java.util.Arrays.stream(numbers).mapToObj(number -> (Value) Value.Whole.of(number)).toList());
    }
}
