package dev.cloche.bindings;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Array;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Ref;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.SpecialType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Types as annotations of Python and as values that write and read their JSON; composite ones become classes. */
final class PythonTypes {
    private static final List<String> RESERVED = List.of("Refused", "Identity", "ConnectionId", "Uuid", "TimeDuration", "Timestamp", "Ok", "Err", "Database",
            "Tables", "None", "True", "False");
    private static final Set<String> KEYWORDS = Set.of("and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
            "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
            "while", "with", "yield", "self", "None", "True", "False");

    private final ClientModel model;
    private final Names names = new Names(RESERVED);
    private final Map<AlgebraicType, String> declared = new HashMap<>();
    private final Set<String> unfinished = new HashSet<>();
    private final StringBuilder out = new StringBuilder();

    /** A type as an annotation and as the value that converts. */
    record Both(String annotation, String codec) {}

    PythonTypes(ClientModel model) {
        this.model = model;
    }

    /** The classes that the types so far need. */
    String declarations() {
        return out.toString();
    }

    /** A name that Python takes. */
    static String identifier(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
        return plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : KEYWORDS.contains(plain) ? plain + "_" : plain;
    }

    /** The type; {@code place} is what to call it if it has no name. */
    Both of(AlgebraicType type, String place) {
        Optional<SpecialType> special = SpecialType.of(type);
        if (special.isPresent()) {
            return special.get() == SpecialType.SCHEDULE_AT ? new Both("Timestamp | TimeDuration", "_SCHEDULE_AT") : new Both(special.get().label(), "_" + special.get().name());
        }
        return switch (type) {
            case Primitive primitive -> new Both(annotation(primitive), "_" + primitive.name());
            case Array(AlgebraicType element) when element == Primitive.U8 -> new Both("bytes", "_BYTES");
            case Array(AlgebraicType element) -> {
                Both one = of(element, place);
                yield new Both("list[" + one.annotation() + "]", "_array(" + one.codec() + ")");
            }
            case Ref(int index) -> reference(index, place);
            case Product(List<Element> elements) when elements.isEmpty() -> new Both("None", "_UNIT");
            case Product product -> named(product, product, place);
            case Sum sum -> sum(sum, place);
        };
    }

    private static String annotation(Primitive primitive) {
        return switch (primitive) {
            case STRING -> "str";
            case BOOL -> "bool";
            case F32, F64 -> "float";
            default -> "int";
        };
    }

    private Both sum(Sum sum, String place) {
        Optional<AlgebraicType> some = SpecialType.optional(sum);
        if (some.isPresent()) {
            Both inner = of(some.get(), place);
            return new Both(inner.annotation() + " | None", "_option(" + inner.codec() + ")");
        }
        if (SpecialType.isResult(sum)) {
            Both ok = of(sum.variants().getFirst().type(), place + "Ok");
            Both err = of(sum.variants().get(1).type(), place + "Err");
            return new Both("Ok | Err", "_result(" + ok.codec() + ", " + err.codec() + ")");
        }
        return named(sum, sum, place);
    }

    private Both reference(int index, String place) {
        AlgebraicType found = model.typespace().types().get(index);
        boolean composite = found instanceof Product(List<Element> elements) && !elements.isEmpty() && SpecialType.of(found).isEmpty()
                || found instanceof Sum sum && SpecialType.of(found).isEmpty() && SpecialType.optional(sum).isEmpty() && !SpecialType.isResult(sum);
        return composite ? named(new Ref(index), found, model.typeNames().getOrDefault(index, "Type" + index)) : of(found, place);
    }

    private Both named(AlgebraicType key, AlgebraicType type, String wanted) {
        String known = declared.get(key);
        if (known != null) {
            return new Both(known, unfinished.contains(known) ? "_later(lambda: _" + known + ")" : "_" + known);
        }
        String name = names.fresh(wanted);
        declared.put(key, name);
        unfinished.add(name);
        String text = switch (type) {
            case Product(List<Element> elements) -> product(name, elements);
            case Sum(List<Variant> variants) when variants.stream().allMatch(one -> one.type().equals(Product.UNIT)) -> plainEnum(name, variants);
            case Sum(List<Variant> variants) -> choice(name, variants);
            default -> throw new IllegalArgumentException("no composite type: " + type);
        };
        unfinished.remove(name);
        out.append(text);
        return new Both(name, "_" + name);
    }

    private String product(String name, List<Element> elements) {
        StringBuilder fields = new StringBuilder();
        StringBuilder codec = new StringBuilder();
        for (int i = 0; i < elements.size(); i++) {
            String field = elements.get(i).name().orElse("_" + i);
            Both type = of(elements.get(i).type(), name + Names.pascal(field));
            fields.append("    ").append(identifier(field)).append(": ").append(type.annotation()).append('\n');
            codec.append(", (\"").append(identifier(field)).append("\", \"").append(field).append("\", ").append(type.codec()).append(')');
        }
        return "\n\n@dataclasses.dataclass\nclass " + name + ":\n" + fields + "\n\n_" + name + " = _product(" + name + codec + ")\n";
    }

    private static String plainEnum(String name, List<Variant> variants) {
        StringBuilder members = new StringBuilder();
        StringBuilder codec = new StringBuilder();
        for (int i = 0; i < variants.size(); i++) {
            String member = variants.get(i).name().orElse("_" + i);
            members.append("    ").append(identifier(member)).append(" = ").append(i).append('\n');
            codec.append(", \"").append(member).append('"');
        }
        return "\n\nclass " + name + "(enum.Enum):\n" + members + "\n\n_" + name + " = _enum(" + name + codec + ")\n";
    }

    private String choice(String name, List<Variant> variants) {
        StringBuilder shown = new StringBuilder();
        StringBuilder codec = new StringBuilder();
        for (int i = 0; i < variants.size(); i++) {
            String tag = variants.get(i).name().orElse("_" + i);
            Both type = of(variants.get(i).type(), name + Names.pascal(tag));
            shown.append(i == 0 ? "" : ", ").append(tag).append(type.codec().equals("_UNIT") ? "" : "(" + type.annotation() + ")");
            codec.append(", (\"").append(tag).append("\", ").append(type.codec()).append(')');
        }
        return "\n\n@dataclasses.dataclass(frozen=True)\nclass " + name + ":\n    \"\"\"One of " + shown + ".\"\"\"\n    tag: str\n    value: typing.Any = None\n\n\n_"
                + name + " = _sum(" + name + codec + ")\n";
    }
}
