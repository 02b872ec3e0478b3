package dev.cloche.values;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.SatsJson.Form;
import java.io.IOException;
import java.math.BigInteger;
import java.util.List;

/** Writes values as SATS-JSON. */
final class SatsJsonWriter {
    private final Form form;
    private final JsonGenerator out;

    SatsJsonWriter(Form form, JsonGenerator out) {
        this.form = form;
        this.out = out;
    }

    void write(Layout layout, Value value) throws IOException {
        switch (layout) {
            case LinkLayout link -> write(link.target(), value);
            case FixedLayout fixed -> primitive(fixed.primitive(), value, layout);
            case TextLayout _ when value instanceof Value.Text(String text) -> out.writeString(text);
            case ArrayLayout array when value instanceof Value.Blob(Bytes bytes) && array.ofBytes() -> out.writeString(bytes.toString());
            case ArrayLayout array when value instanceof Value.Sequence(List<Value> elements) -> {
                out.writeStartArray();
                for (Value element : elements) {
                    write(array.element(), element);
                }
                out.writeEndArray();
            }
            case SumLayout sum when value instanceof Value.Choice choice -> choice(sum, choice);
            case RowLayout row when value instanceof Value.Product(List<Value> elements) && elements.size() == row.columns() ->
                    product(row, elements);
            default -> throw layout.mismatch(value);
        }
    }

    private void product(RowLayout row, List<Value> elements) throws IOException {
        boolean named = form == Form.TYPED && row.isNamed();
        if (named) {
            out.writeStartObject();
        } else {
            out.writeStartArray();
        }
        boolean identity = row.type().equals(SpecialType.IDENTITY.type());
        for (int i = 0; i < elements.size(); i++) {
            if (named) {
                out.writeFieldName(row.name(i));
            }
            if (identity && elements.get(i) instanceof Value.Whole(BigInteger number)) {
                out.writeString("0x" + "0".repeat(64 - number.toString(16).length()) + number.toString(16));
            } else {
                write(row.column(i), elements.get(i));
            }
        }
        if (named) {
            out.writeEndObject();
        } else {
            out.writeEndArray();
        }
    }

    private void choice(SumLayout sum, Value.Choice choice) throws IOException {
        if (choice.tag() < 0 || choice.tag() >= sum.count()) {
            throw sum.mismatch(choice);
        }
        Layout payload = sum.variant(choice.tag());
        if (form == Form.TYPED) {
            out.writeStartObject();
            out.writeFieldName(sum.name(choice.tag()));
            write(payload, choice.payload());
            out.writeEndObject();
        } else {
            out.writeStartArray();
            out.writeNumber(choice.tag());
            write(payload, choice.payload());
            out.writeEndArray();
        }
    }

    private void primitive(Primitive type, Value value, Layout layout) throws IOException {
        switch (value) {
            case Value.Bool(boolean bool) when type == Primitive.BOOL -> out.writeBoolean(bool);
            case Value.Single(float number) when type == Primitive.F32 -> real(JsonNumbers.of(number));
            case Value.Real(double number) when type == Primitive.F64 -> real(JsonNumbers.of(number));
            case Value.Whole(BigInteger number) when type == Primitive.U256 || type == Primitive.I256 ->
                    out.writeString((number.signum() < 0 ? "-0x" : "0x") + number.abs().toString(16));
            case Value.Whole(BigInteger number) when type.isInteger() -> out.writeNumber(number);
            default -> throw layout.mismatch(value);
        }
    }

    private void real(String text) throws IOException {
        if (text.isEmpty()) {
            out.writeNull();
        } else {
            out.writeNumber(text);
        }
    }
}
