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
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Types as the builders of the official TypeScript SDK; what has a name is declared once, before its use. */
final class TypeScriptTypes {
    private static final List<String> RESERVED = List.of("DbConnection", "DbConnectionBuilder", "ErrorContext", "EventContext", "ReducerEventContext",
            "SubscriptionBuilder", "SubscriptionEventContext", "SubscriptionHandle", "REMOTE_MODULE", "Array", "Promise", "Object", "String", "Number");

    private final ClientModel model;
    private final Names names = new Names(RESERVED);
    private final Map<AlgebraicType, String> declared = new HashMap<>();
    private final Set<String> unfinished = new HashSet<>();
    private final StringBuilder out = new StringBuilder();
    /** Whether the expression that is being written mentions a type that is not finished. */
    private boolean ahead;

    TypeScriptTypes(ClientModel model) {
        this.model = model;
    }

    /** All declarations that the expressions so far need. */
    String declarations() {
        return out.toString();
    }

    /**
     * The expression for a type.
     *
     * @param place what to call it if it has no name
     */
    String expression(AlgebraicType type, String place) {
        Optional<SpecialType> special = SpecialType.of(type);
        if (special.isPresent()) {
            return "__t." + switch (special.get()) {
                case IDENTITY -> "identity()";
                case CONNECTION_ID -> "connectionId()";
                case TIMESTAMP -> "timestamp()";
                case TIME_DURATION -> "timeDuration()";
                case UUID -> "uuid()";
                case SCHEDULE_AT -> "scheduleAt()";
            };
        }
        return switch (type) {
            case Primitive primitive -> "__t." + primitive.name().toLowerCase(Locale.ROOT) + "()";
            case Array(AlgebraicType element) when element == Primitive.U8 -> "__t.byteArray()";
            case Array(AlgebraicType element) -> "__t.array(" + expression(element, place) + ")";
            case Ref(int index) -> reference(index, place);
            case Product(List<Element> elements) when elements.isEmpty() -> "__t.unit()";
            case Product product -> named(product, product, place);
            case Sum sum -> sum(sum, place);
        };
    }

    private String sum(Sum sum, String place) {
        Optional<AlgebraicType> some = SpecialType.optional(sum);
        if (some.isPresent()) {
            return "__t.option(" + expression(some.get(), place) + ")";
        }
        if (SpecialType.isResult(sum)) {
            return "__t.result(" + expression(sum.variants().getFirst().type(), place + "Ok") + ", " + expression(sum.variants().get(1).type(), place + "Err") + ")";
        }
        return named(sum, sum, place);
    }

    private String reference(int index, String place) {
        AlgebraicType found = model.typespace().types().get(index);
        boolean composite = found instanceof Product(List<Element> elements) && !elements.isEmpty() && SpecialType.of(found).isEmpty()
                || found instanceof Sum sum && SpecialType.of(found).isEmpty() && SpecialType.optional(sum).isEmpty() && !SpecialType.isResult(sum);
        return composite ? named(new Ref(index), found, model.typeNames().getOrDefault(index, "Type" + index)) : expression(found, place);
    }

    private String named(AlgebraicType key, AlgebraicType type, String wanted) {
        String known = declared.get(key);
        if (known != null) {
            ahead |= unfinished.contains(known);
            return known;
        }
        String name = names.fresh(wanted);
        declared.put(key, name);
        unfinished.add(name);
        boolean before = ahead;
        StringBuilder body = new StringBuilder();
        String kind = switch (type) {
            case Product(List<Element> elements) -> {
                for (int i = 0; i < elements.size(); i++) {
                    property(body, Names.camel(elements.get(i).name().orElse("_" + i)), elements.get(i).type(), name);
                }
                yield "object";
            }
            case Sum(List<Variant> variants) -> {
                for (int i = 0; i < variants.size(); i++) {
                    property(body, Names.pascal(variants.get(i).name().orElse("_" + i)), variants.get(i).type(), name);
                }
                yield "enum";
            }
            default -> throw new IllegalArgumentException("no composite type: " + type);
        };
        ahead = before;
        unfinished.remove(name);
        out.append("export const ").append(name).append(" = __t.").append(kind).append("('").append(name).append("', {\n").append(body).append("});\n")
                .append("export type ").append(name).append(" = __Infer<typeof ").append(name).append(">;\n\n");
        return name;
    }

    private void property(StringBuilder body, String name, AlgebraicType type, String owner) {
        ahead = false;
        String expression = expression(type, owner + Names.pascal(name));
        if (ahead) {
            // a type that contains itself is asked for only when it is there
            body.append("  get ").append(name).append("(): __TypeBuilder<any, any> { return ").append(expression).append("; },\n");
        } else {
            body.append("  ").append(name).append(": ").append(expression).append(",\n");
        }
    }
}
