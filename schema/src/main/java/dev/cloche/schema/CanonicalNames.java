package dev.cloche.schema;

import dev.cloche.schema.ModuleDefinition.ExplicitName;
import dev.cloche.schema.ModuleDefinition.ExplicitName.Kind;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Element;
import dev.cloche.values.AlgebraicType.Product;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.SpecialType;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the names that clients and SQL use from those in the source (facts, specification D; observed, section 3, point 3):
 * the author's explicit name, or snake_case, or the name itself where the module wants no conversion.
 */
final class CanonicalNames {
    private final boolean convert;
    private final Map<String, String> tables = new HashMap<>();
    private final Map<String, String> functions = new HashMap<>();
    private final Map<String, String> indexes = new HashMap<>();

    CanonicalNames(ModuleDefinition module) {
        this.convert = module.snakeCase();
        for (ExplicitName name : module.explicitNames()) {
            of(name.kind()).put(name.source(), name.canonical());
        }
    }

    private Map<String, String> of(Kind kind) {
        return switch (kind) {
            case TABLE -> tables;
            case FUNCTION -> functions;
            case INDEX -> indexes;
        };
    }

    String table(String source) {
        return tables.getOrDefault(source, plain(source));
    }

    String function(String source) {
        return functions.getOrDefault(source, plain(source));
    }

    String index(String source) {
        return indexes.getOrDefault(source, plain(source));
    }

    boolean isExplicitIndex(String source) {
        return indexes.containsKey(source);
    }

    /** Of a column, parameter, field or variant. */
    String plain(String source) {
        return convert && !source.startsWith("__") ? snakeCase(source) : source;
    }

    Typespace typespace(Typespace typespace) {
        return new Typespace(typespace.types().stream().map(this::type).toList());
    }

    /** The type with canonical names of fields and variants; special types are known by their names and keep them. */
    AlgebraicType type(AlgebraicType type) {
        if (!convert || SpecialType.of(type).isPresent()) {
            return type;
        }
        return switch (type) {
            case Product product -> product(product);
            case AlgebraicType.Sum(List<Variant> variants) ->
                    new AlgebraicType.Sum(variants.stream().map(one -> new Variant(one.name().map(this::plain), type(one.type()))).toList());
            case AlgebraicType.Array(AlgebraicType element) -> new AlgebraicType.Array(type(element));
            case AlgebraicType.Ref reference -> reference;
            case AlgebraicType.Primitive primitive -> primitive;
        };
    }

    Product product(Product product) {
        if (!convert || SpecialType.of(product).isPresent()) {
            return product;
        }
        return new Product(product.elements().stream().map(one -> new Element(one.name().map(this::plain), type(one.type()))).toList());
    }

    /** Words are split at separators, before a capital, before the last of several capitals, and around digits. */
    static String snakeCase(String source) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < source.length(); i++) {
            char here = source.charAt(i);
            boolean separator = here == '_' || here == '-' || Character.isWhitespace(here);
            if ((separator || startsWord(source, i)) && !word.isEmpty()) {
                words.add(word.toString());
                word.setLength(0);
            }
            if (!separator) {
                word.append(here);
            }
        }
        if (!word.isEmpty()) {
            words.add(word.toString());
        }
        return words.isEmpty() ? source : String.join("_", words).toLowerCase(Locale.ROOT);
    }

    private static boolean startsWord(String source, int at) {
        if (at == 0) {
            return false;
        }
        char before = source.charAt(at - 1);
        char here = source.charAt(at);
        boolean digitEdge = Character.isLetter(before) && Character.isDigit(here) || Character.isDigit(before) && Character.isLetter(here);
        boolean camel = Character.isLowerCase(before) && Character.isUpperCase(here);
        boolean acronymEnds = Character.isUpperCase(before) && Character.isUpperCase(here)
                && at + 1 < source.length() && Character.isLowerCase(source.charAt(at + 1));
        return digitEdge || camel || acronymEnds;
    }
}
