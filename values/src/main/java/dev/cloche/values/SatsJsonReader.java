package dev.cloche.values;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Nearest;
import dev.cloche.values.AlgebraicType.Primitive;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/** Reads values from SATS-JSON, in either form. */
final class SatsJsonReader {
    private static final Pattern INTEGER = Pattern.compile("-?(0x[0-9a-fA-F]{1,64}|[0-9]{1,78})");

    private SatsJsonReader() {}

    static Value read(Layout layout, JsonNode json, int depth) {
        if (depth > Layout.DEEPEST) {
            throw new ValueException("expected a value nested at most " + Layout.DEEPEST + " deep");
        }
        return switch (layout) {
            case LinkLayout link -> read(link.target(), json, depth);
            case FixedLayout fixed -> primitive(fixed.primitive(), json);
            case TextLayout _ -> text(json);
            case ArrayLayout array when array.ofBytes() -> new Value.Blob(blob(array, json));
            case ArrayLayout array -> new Value.Sequence(elements(array, json, depth));
            case RowLayout row -> new Value.Product(json.isObject() ? members(row, json, depth) : places(row, json, depth));
            case SumLayout sum -> choice(sum, json, depth);
        };
    }

    private static Value text(JsonNode json) {
        if (!json.isTextual()) {
            throw expected("String", json);
        }
        if (!Utf8.encodable(json.textValue())) {
            throw new ValueException("expected Unicode text, got half of a surrogate pair");
        }
        return new Value.Text(json.textValue());
    }

    private static Value primitive(Primitive type, JsonNode json) {
        return switch (type) {
            case BOOL -> {
                if (!json.isBoolean()) {
                    throw expected("Bool", json);
                }
                yield new Value.Bool(json.booleanValue());
            }
            case F32 -> new Value.Single(single(json));
            case F64 -> new Value.Real(real("F64", json));
            default -> new Value.Whole(integer(type, json));
        };
    }

    private static BigInteger integer(Primitive type, JsonNode json) {
        BigInteger number;
        if (json.isIntegralNumber()) {
            number = json.bigIntegerValue();
        } else if (json.isTextual() && type.bytes() >= 8 && INTEGER.matcher(json.textValue()).matches()) {
            number = number(json.textValue());
        } else {
            throw expected(type.label(), json);
        }
        if (!type.holds(number)) {
            throw expected(type.label(), json);
        }
        return number;
    }

    private static BigInteger number(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        BigInteger number = digits.startsWith("0x") ? new BigInteger(digits.substring(2), 16) : new BigInteger(digits);
        return negative ? number.negate() : number;
    }

    private static double real(String label, JsonNode json) {
        if (json.isNull()) {
            throw new ValueException("expected " + label + ", got null (JSON has neither NaN nor infinity)");
        }
        if (!json.isNumber() || !Double.isFinite(json.doubleValue())) {
            throw expected(label, json);
        }
        return json.doubleValue();
    }

    private static float single(JsonNode json) {
        float number = (float) real("F32", json);
        if (!Float.isFinite(number)) {
            throw expected("F32", json);
        }
        return number;
    }

    private static Bytes blob(ArrayLayout array, JsonNode json) {
        if (json.isTextual()) {
            String digits = json.textValue().startsWith("0x") ? json.textValue().substring(2) : json.textValue();
            if (digits.length() % 2 != 0 || !digits.chars().allMatch(HexFormat::isHexDigit)) {
                throw new ValueException("expected bytes as pairs of hexadecimal digits, got " + shown(json));
            }
            return Bytes.copyOf(HexFormat.of().parseHex(digits));
        }
        List<Value> elements = elements(array, json, 0);
        byte[] bytes = new byte[elements.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = elements.get(i) instanceof Value.Whole(BigInteger number) ? number.byteValue() : 0;
        }
        return Bytes.copyOf(bytes);
    }

    private static List<Value> elements(ArrayLayout array, JsonNode json, int depth) {
        if (!json.isArray()) {
            throw expected(TypeText.of(array.type()), json);
        }
        List<Value> elements = new ArrayList<>(json.size());
        for (int i = 0; i < json.size(); i++) {
            elements.add(inside(array.element(), json.get(i), depth, "[" + i + "]"));
        }
        return elements;
    }

    private static List<Value> places(RowLayout row, JsonNode json, int depth) {
        if (!json.isArray()) {
            throw expected(TypeText.of(row.type()), json);
        }
        if (json.size() != row.columns()) {
            throw new ValueException("expected " + row.columns() + " elements, got " + json.size());
        }
        List<Value> elements = new ArrayList<>(row.columns());
        for (int i = 0; i < row.columns(); i++) {
            elements.add(inside(row.column(i), json.get(i), depth, row.isNamed() ? "." + row.name(i) : "[" + i + "]"));
        }
        return elements;
    }

    private static List<Value> members(RowLayout row, JsonNode json, int depth) {
        List<Value> elements = new ArrayList<>(row.columns());
        List<String> names = new ArrayList<>(row.columns());
        for (int i = 0; i < row.columns(); i++) {
            names.add(row.name(i));
            JsonNode member = json.get(row.name(i));
            if (member == null) {
                throw new ValueException("expected the field " + row.name(i) + " of " + TypeText.of(row.type()));
            }
            elements.add(inside(row.column(i), member, depth, "." + row.name(i)));
        }
        if (json.size() != names.size()) {
            json.fieldNames().forEachRemaining(name -> {
                if (!names.contains(name)) {
                    throw new ValueException("unknown field " + cut(name) + Nearest.of(cut(name), names).map(near -> "; did you mean " + near + "?").orElse(""));
                }
            });
        }
        return elements;
    }

    private static Value choice(SumLayout sum, JsonNode json, int depth) {
        if (json.isArray() && json.size() == 2 && json.get(0).isInt()) {
            int tag = json.get(0).intValue();
            if (tag < 0 || tag >= sum.count()) {
                throw new ValueException("expected a variant from 0 to " + (sum.count() - 1) + ", got " + tag);
            }
            return new Value.Choice(tag, inside(sum.variant(tag), json.get(1), depth, "." + sum.name(tag)));
        }
        if (!json.isObject() || json.size() != 1) {
            throw expected(TypeText.of(sum.type()) + " as an object with one member or [tag, value]", json);
        }
        String name = json.fieldNames().next();
        int tag = sum.tag(name);
        if (tag < 0) {
            throw new ValueException("unknown variant " + cut(name) + Nearest.of(cut(name), sum.names()).map(near -> "; did you mean " + near + "?").orElse("; there are " + sum.names()));
        }
        return new Value.Choice(tag, inside(sum.variant(tag), json.get(name), depth, "." + name));
    }

    private static Value inside(Layout layout, JsonNode json, int depth, String part) {
        try {
            return read(layout, json, depth + 1);
        } catch (ValueException e) {
            throw e.inside(part);
        }
    }

    private static ValueException expected(String what, JsonNode json) {
        return new ValueException("expected " + what + ", got " + shown(json));
    }

    private static String shown(JsonNode json) {
        if (json.isObject()) {
            return "an object";
        }
        return json.isArray() ? "an array" : cut(json.toString());
    }

    private static String cut(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
