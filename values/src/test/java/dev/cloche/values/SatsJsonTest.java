package dev.cloche.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.SatsJson.Form;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SatsJsonTest {
    private static final Product PLAYER = new Product(List.of(
            Element.of("name", Primitive.STRING), Element.of("level", Primitive.U8), Element.of("tags", new Array(Primitive.I16))));
    private static final Layout ARGS = Layout.of(new Product(List.of(new Element(java.util.Optional.empty(), PLAYER))));

    @ParameterizedTest
    @CsvSource({
        "0.0,0.0", "-0.0,-0.0", "1.0,1.0", "NaN,null", "Infinity,null", "-Infinity,null", "1e16,1e16", "1e15,1000000000000000.0", "12345678.9,12345678.9",
        "1e-5,0.00001", "1.5e-7,1.5e-7", "1.7976931348623157E308,1.7976931348623157e308", "5E-324,4.9e-324", "0.001,0.001", "0.0005,0.0005"
    })
    void floatsKeepTheirPointAndSign(double value, String json) {
        Layout layout = Layout.of(Primitive.F64);

        assertThat(SatsJson.text(layout, new Value.Real(value), Form.TYPED)).isEqualTo(json);
        if (Double.isFinite(value)) {
            assertThat(SatsJson.read(layout, json, "")).isEqualTo(new Value.Real(value));
        }
    }

    @Test
    void floatsOf32BitsAreShort() {
        assertThat(SatsJson.text(Layout.of(Primitive.F32), new Value.Single(0.1f), Form.TYPED)).isEqualTo("0.1");
        assertThat(SatsJson.text(Layout.of(Primitive.F32), new Value.Single(Float.MAX_VALUE), Form.TYPED)).isEqualTo("3.4028235e38");
    }

    @ParameterizedTest
    @CsvSource({"U256,0,0x0", "U256,10,0xa", "I256,-1,-0x1", "I256,-57896044618658097711785492504343953926634992332820282019728792003956564819968,-0x8000000000000000000000000000000000000000000000000000000000000000"})
    void integersOf256BitsAreHexadecimalWithoutPadding(Primitive type, BigInteger value, String json) {
        Layout layout = Layout.of(type);

        assertThat(SatsJson.text(layout, new Value.Whole(value), Form.UNTYPED)).isEqualTo('"' + json + '"');
        assertThat(SatsJson.read(layout, '"' + json + '"', "")).isEqualTo(new Value.Whole(value));
    }

    @Test
    void integersOf128BitsAreNumbers() {
        BigInteger largest = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);
        Layout layout = Layout.of(Primitive.U128);

        assertThat(SatsJson.text(layout, new Value.Whole(largest), Form.TYPED)).isEqualTo("340282366920938463463374607431768211455");
        assertThat(SatsJson.read(layout, "340282366920938463463374607431768211455", "")).isEqualTo(new Value.Whole(largest));
        assertThat(SatsJson.read(layout, "\"0xffffffffffffffffffffffffffffffff\"", "")).isEqualTo(new Value.Whole(largest));
    }

    @Test
    void productsAndSumsAreReadInBothForms() {
        Layout sum = Layout.of(new Sum(List.of(Variant.of("green", Product.UNIT), Variant.of("mixed", Primitive.U8))));

        for (String json : List.of("[{\"level\":7,\"tags\":[1],\"name\":\"x\"}]", "[[\"x\",7,[1]]]")) {
            assertThat(SatsJson.text(ARGS, SatsJson.read(ARGS, json, "args"), Form.TYPED)).isEqualTo("[{\"name\":\"x\",\"level\":7,\"tags\":[1]}]");
        }
        for (String json : List.of("{\"mixed\":3}", "{\"1\":3}", "[1,3]")) {
            assertThat(SatsJson.read(sum, json, "")).isEqualTo(new Value.Choice(1, Value.Whole.of(3)));
        }
        assertThat(SatsJson.read(sum, "{\"green\":{}}", "")).isEqualTo(new Value.Choice(0, Value.Product.UNIT));
        assertThat(SatsJson.read(Layout.of(new Array(Primitive.U8)), "[1,255]", "")).isEqualTo(new Value.Blob(Bytes.copyOf(new byte[] {1, -1})));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '$', delimiter = '|', value = {
        "[{\"name\":\"x\",\"level\":300,\"tags\":[]}] | args[0].level: expected U8, got 300",
        "[[\"x\",1,[1,\"2\"]]] | args[0].tags[1]: expected I16, got \"2\"",
        "[{\"name\":5,\"level\":1,\"tags\":[]}] | args[0].name: expected String, got 5",
        "[{\"name\":\"x\",\"level\":1}] | args[0]: expected the field tags of {name: String, level: U8, tags: Array<I16>}",
        "[{\"name\":\"x\",\"level\":1,\"tags\":[],\"levle\":1}] | args[0]: unknown field levle; did you mean level?",
        "[[\"x\",1.0,[]]] | args[0].level: expected U8, got 1.0",
        "[[\"x\",true,[]]] | args[0].level: expected U8, got true",
        "[[\"x\",null,[]]] | args[0].level: expected U8, got null",
        "[[\"\\ud800\",1,[]]] | args[0].name: expected Unicode text, got half of a surrogate pair",
        "[] | args: expected 1 elements, got 0",
        "{} | args: expected the field 0 of {0: {name: String, level: U8, tags: Array<I16>}}",
        "7 | args: expected {0: {name: String, level: U8, tags: Array<I16>}}, got 7"
    })
    void mistakesNameTheirPlace(String json, String message) {
        assertThatThrownBy(() -> SatsJson.read(ARGS, json, "args")).isInstanceOf(ValueException.class).hasMessage(message);
    }

    @Test
    void otherMistakesAreRefusedToo() {
        Layout sum = Layout.of(new Sum(List.of(Variant.of("green", Product.UNIT), Variant.of("mixed", Primitive.U8))));

        assertThatThrownBy(() -> SatsJson.read(sum, "{\"grean\":[]}", "color")).hasMessage("color: unknown variant grean; did you mean green?");
        assertThatThrownBy(() -> SatsJson.read(sum, "[2,[]]", "color")).hasMessage("color: expected a variant from 0 to 1, got 2");
        assertThatThrownBy(() -> SatsJson.read(sum, "\"green\"", "color")).hasMessageStartingWith("color: expected (green | mixed: U8) as an object");
        assertThatThrownBy(() -> SatsJson.read(sum, "{\"green\":[],\"green\":[]}", "c")).hasMessageContaining("Duplicate field");
        assertThatThrownBy(() -> SatsJson.read(sum, "[1,2] 3", "c")).hasMessageStartingWith("c: expected JSON");
        assertThatThrownBy(() -> SatsJson.read(Layout.of(Primitive.F64), "1e999", "f")).hasMessageStartingWith("f: expected F64");
        assertThatThrownBy(() -> SatsJson.read(Layout.of(Primitive.F64), "null", "f")).hasMessage("f: expected F64, got null (JSON has neither NaN nor infinity)");
        assertThatThrownBy(() -> SatsJson.read(Layout.of(new Array(Primitive.U8)), "\"abc\"", "b")).hasMessageStartingWith("b: expected bytes as pairs");
        assertThatThrownBy(() -> SatsJson.read(Layout.of(new Array(Primitive.U8)), "[1,256]", "b")).hasMessage("b[1]: expected U8, got 256");
    }

    @Test
    void deepJsonIsRefused() {
        Typespace nested = new Typespace(List.of(new Array(new Ref(0))));

        assertThatThrownBy(() -> SatsJson.read(Layout.of(nested, new Ref(0)), "[".repeat(600) + "]".repeat(600), "x")).hasMessageContaining("nested at most 500 deep");
        assertThatThrownBy(() -> SatsJson.read(Layout.of(nested, new Ref(0)), "[".repeat(100_000), "x")).isInstanceOf(ValueException.class);
    }

    @Test
    void typesHaveAJsonFormThemselves() {
        AlgebraicType type = new Product(List.of(Element.of("id", Primitive.U32), Element.of("next", SpecialType.option(new Ref(0)))));
        BsatnWriter writer = new BsatnWriter();
        MetaTypes.write(type, writer);
        Layout layout = Layout.of(MetaTypes.TYPESPACE, MetaTypes.TYPE);
        Value value = layout.decodeWhole(writer.toArray());

        assertThat(SatsJson.text(layout, value, Form.TYPED)).isEqualTo("{\"Product\":{\"elements\":[{\"name\":{\"some\":\"id\"},\"algebraic_type\":{\"U32\":[]}},"
                + "{\"name\":{\"some\":\"next\"},\"algebraic_type\":{\"Sum\":{\"variants\":[{\"name\":{\"some\":\"some\"},\"algebraic_type\":{\"Ref\":0}},"
                + "{\"name\":{\"some\":\"none\"},\"algebraic_type\":{\"Product\":{\"elements\":[]}}}]}}}]}}");
        assertThat(MetaTypes.read(new BsatnReader(writer.toArray()))).isEqualTo(type);
        assertThat(layout.encode(value)).isEqualTo(writer.toArray());
    }
}
