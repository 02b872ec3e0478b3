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
import java.util.List;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Product MESSAGE = product("sender", Primitive.U256, "sent", Primitive.I64, "text", Primitive.STRING, "read", Primitive.BOOL);
    private static final Sum OPTION = new Sum(List.of(Variant.of("some", Primitive.STRING), Variant.of("none", Product.UNIT)));

    @Test
    void aRowTellsItsSizeAndWhereItsColumnsLie() {
        RowLayout row = RowLayout.of(Typespace.EMPTY, MESSAGE);
        byte[] bytes = message("hello", 1);
        byte[] shifted = new byte[bytes.length + 10];
        System.arraycopy(bytes, 0, shifted, 7, bytes.length);
        int[] offsets = new int[5];

        row.offsets(shifted, 7, offsets);

        assertThat(row.fixedSize()).isEqualTo(Layout.VARIABLE);
        assertThat(row.minimumSize()).isEqualTo(45);
        assertThat(row.check(shifted, 7, shifted.length)).isEqualTo(7 + bytes.length);
        assertThat(row.skip(shifted, 7)).isEqualTo(7 + bytes.length);
        assertThat(offsets).containsExactly(7, 39, 47, 56, 57);
        assertThat(row.offset(shifted, 7, 3)).isEqualTo(56);
        assertThat(row.fixedOffset(2)).isEqualTo(40);
        assertThat(row.fixedOffset(3)).isEqualTo(Layout.VARIABLE);
    }

    @Test
    void aRowOfNumbersHasOneSize() {
        Layout row = Layout.of(product("a", Primitive.U32, "b", new Product(List.of(Element.of("x", Primitive.F64))), "c", Primitive.I128));

        assertThat(row.fixedSize()).isEqualTo(28);
        assertThat(row.check(new byte[30], 1, 30)).isEqualTo(29);
        assertThatThrownBy(() -> row.check(new byte[27], 0, 27)).hasMessage("byte 12 (c): I128 needs 16 bytes, there are 15");
    }

    @Test
    void errorsNamePlaceTypeAndRule() {
        Layout row = Layout.of(MESSAGE);
        byte[] bad = message("hello", 2);
        byte[] cut = java.util.Arrays.copyOf(message("hello", 1), 46);
        byte[] latin = message("hello", 1);
        latin[45] = (byte) 0xff;

        assertThatThrownBy(() -> row.checkWhole(bad)).isInstanceOf(BsatnException.class).hasMessage("byte 49 (read): Bool is 0 or 1, not 2");
        assertThatThrownBy(() -> row.checkWhole(cut)).hasMessage("byte 40 (text): String needs 9 bytes, there are 6");
        assertThatThrownBy(() -> row.checkWhole(latin)).hasMessage("byte 40 (text): String is UTF-8");
        assertThatThrownBy(() -> row.checkWhole(new byte[60])).hasMessage("byte 45: the value ends here, but 15 bytes follow");
        assertThatThrownBy(() -> Layout.of(new Array(OPTION)).checkWhole(new byte[] {2, 0, 0, 0, 1, 7}))
                .hasMessage("byte 5 ([1]): unknown tag 0x7 for sum type of 2 variants");
    }

    @Test
    void aHugeLengthIsRefusedAtOnce() {
        byte[] huge = {-1, -1, -1, -1};

        assertThatThrownBy(() -> Layout.of(new Array(Primitive.U64)).checkWhole(huge)).hasMessageContaining("Array needs 34359738364 bytes");
        assertThatThrownBy(() -> Layout.of(Primitive.STRING).checkWhole(huge)).hasMessageContaining("String needs 4294967299 bytes");
        assertThatThrownBy(() -> Layout.of(new Array(Product.UNIT)).checkWhole(huge)).hasMessageContaining("4294967295 elements without bytes");
        assertThatThrownBy(() -> new BsatnReader(huge).readBytes()).hasMessageContaining("Array of U8 needs 4294967295 bytes, there are 0");
    }

    @Test
    void aWriterGrowsByteByByteUpToItsLimit() {
        BsatnWriter writer = new BsatnWriter(16, 1000);
        for (int i = 0; i < 1000; i++) {
            writer.writeU8(i);
        }

        for (int i = 0; i < 1000; i++) {
            assertThat(writer.toArray()[i]).isEqualTo((byte) i);
        }
        assertThatThrownBy(() -> writer.writeU8(1)).hasMessage("byte 1000: the value is larger than 1000 bytes");
    }

    @Test
    void aTypeMayHoldItselfThroughAChoice() {
        Typespace tree = new Typespace(List.of(product("size", Primitive.F32, "children", new Array(new Ref(0)))));
        Layout layout = Layout.of(tree, new Ref(0));
        byte[] leaf = new BsatnWriter().writeF32(0.0f).writeU32(0).toArray();
        byte[] two = new BsatnWriter().writeF32(1).writeU32(2).writeRaw(leaf).writeRaw(leaf).toArray();
        byte[] same = new BsatnWriter().writeF32(1).writeU32(2).writeF32(-0.0f).writeU32(0).writeRaw(leaf).toArray();

        layout.checkWhole(two);

        assertThat(layout.skip(two, 0)).isEqualTo(two.length);
        assertThat(layout.bytesDecide()).isFalse();
        assertThat(layout.compare(two, 0, same, 0)).isZero();
        assertThat(layout.hash(two, 0)).isEqualTo(layout.hash(same, 0));
        assertThat(layout.compare(two, 0, leaf, 0)).isPositive();
    }

    @Test
    void deepValuesAreRefusedBeforeTheStackEnds() {
        Typespace nested = new Typespace(List.of(new Array(new Ref(0))));
        Layout layout = Layout.of(nested, new Ref(0));
        BsatnWriter writer = new BsatnWriter();
        for (int i = 0; i < 100_000; i++) {
            writer.writeU32(1);
        }
        byte[] bytes = writer.writeU32(0).toArray();

        assertThatThrownBy(() -> layout.checkWhole(bytes)).hasMessageContaining("nested deeper than 500");
    }

    @Test
    void badTypesAreRefused() {
        Typespace endless = new Typespace(List.of(product("again", new Ref(1)), product("back", new Ref(0)), new Ref(2)));

        assertThatThrownBy(() -> Layout.of(endless, new Ref(0))).hasMessageContaining("holds itself in every value");
        assertThatThrownBy(() -> Layout.of(endless, new Ref(2))).hasMessageContaining("holds itself in every value");
        assertThatThrownBy(() -> Layout.of(endless, new Ref(3))).hasMessageContaining("no type number 3");
        assertThatThrownBy(() -> RowLayout.of(Typespace.EMPTY, Primitive.U8)).hasMessage("A row is a product.");
    }

    @Test
    void eachTypeHasItsOrder() {
        assertThat(order(Primitive.I8, new byte[] {-1}, new byte[] {1})).isNegative();
        assertThat(order(Primitive.U8, new byte[] {-1}, new byte[] {1})).isPositive();
        assertThat(order(Primitive.I128, filled(16, -1), filled(16, 0))).isNegative();
        assertThat(order(Primitive.U128, filled(16, -1), filled(16, 0))).isPositive();
        assertThat(order(Primitive.STRING, text("a"), text("ab"))).isNegative();
        assertThat(order(Primitive.STRING, text("\uffff"), text("\ud83d\ude00"))).isNegative();
        assertThat(order(Primitive.F64, real(Double.NaN), real(Double.POSITIVE_INFINITY))).isPositive();
        assertThat(order(Primitive.F64, real(-0.0), real(0.0))).isZero();
        assertThat(order(Primitive.F64, real(-1), real(0.5))).isNegative();
        assertThat(order(OPTION, new byte[] {1}, new BsatnWriter().writeU8(0).writeString("z").toArray())).isPositive();
    }

    private static int order(AlgebraicType type, byte[] a, byte[] b) {
        Layout layout = Layout.of(type);
        assertThat(Integer.signum(layout.compare(b, 0, a, 0))).isEqualTo(-Integer.signum(layout.compare(a, 0, b, 0)));
        assertThat(layout.same(a, 0, b, 0)).isEqualTo(layout.compare(a, 0, b, 0) == 0);
        return layout.compare(a, 0, b, 0);
    }

    private static byte[] message(String text, int read) {
        BsatnWriter writer = new BsatnWriter();
        new Identity(1, 2, 3, 4).write(writer);
        return writer.writeU64(5).writeString(text).writeU8(read).toArray();
    }

    private static Product product(Object... namesAndTypes) {
        List<Element> elements = new java.util.ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            elements.add(Element.of((String) namesAndTypes[i], (AlgebraicType) namesAndTypes[i + 1]));
        }
        return new Product(elements);
    }

    private static byte[] filled(int size, int value) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] text(String text) {
        return new BsatnWriter().writeString(text).toArray();
    }

    private static byte[] real(double value) {
        return new BsatnWriter().writeF64(value).toArray();
    }
}
