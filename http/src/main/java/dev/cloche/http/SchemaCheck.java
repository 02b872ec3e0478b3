package dev.cloche.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cloche.kernel.FieldError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks JSON by the part of JSON Schema 2020-12 that the contract uses ({@link #KEYWORDS}; a test holds the contract to
 * them), and says what is wrong in words for people. Why not a library: docs/decisions/0010.
 */
final class SchemaCheck {
    /** Keywords that are checked, and those that only describe. */
    static final Set<String> KEYWORDS = Set.of("$ref", "allOf", "type", "enum", "required", "properties", "additionalProperties", "propertyNames",
            "maxProperties", "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum",
            "description", "default", "format");

    private static final int MOST_ERRORS = 50;

    private final JsonNode root;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    SchemaCheck(JsonNode root) {
        this.root = root;
    }

    /** What a {@code $ref} points at; the node itself if it is none. */
    JsonNode resolve(JsonNode node) {
        JsonNode resolved = node;
        while (resolved.has("$ref")) {
            resolved = root.at(resolved.path("$ref").asText().substring(1));
        }
        return resolved;
    }

    /** The text of a parameter as the type that its schema asks for; left as text if it is none. */
    JsonNode fromText(JsonNode schema, String text) {
        return switch (resolve(schema).path("type").asText()) {
            case "integer" -> text.matches("-?[0-9]{1,18}") ? LongNode.valueOf(Long.parseLong(text)) : TextNode.valueOf(text);
            case "boolean" -> text.equals("true") || text.equals("false") ? BooleanNode.valueOf(text.equals("true")) : TextNode.valueOf(text);
            case null, default -> TextNode.valueOf(text);
        };
    }

    /** Adds an error for each broken rule, at most about 50. */
    void check(JsonNode unresolved, JsonNode value, String path, List<FieldError> errors) {
        JsonNode schema = resolve(unresolved);
        if (errors.size() >= MOST_ERRORS) {
            return;
        }
        schema.path("allOf").forEach(part -> check(part, value, path, errors));
        if (schema.has("type") && !isOfType(schema.path("type").asText(), value)) {
            errors.add(error(path, "type", "must be " + typeName(schema.path("type").asText())));
            return;
        }
        if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            String choices = schema.path("enum").valueStream().map(JsonNode::asText).collect(Collectors.joining(", "));
            errors.add(error(path, "enum", "must be one of " + choices));
        }
        if (value.isTextual()) {
            checkText(schema, value.asText(), path, errors);
        } else if (value.isNumber()) {
            checkNumber(schema, value, path, errors);
        } else if (value.isArray()) {
            checkArray(schema, value, path, errors);
        } else if (value.isObject()) {
            checkObject(schema, value, path, errors);
        }
    }

    private void checkText(JsonNode schema, String text, String path, List<FieldError> errors) {
        int length = text.codePointCount(0, text.length());
        if (schema.has("minLength") && length < schema.path("minLength").asInt()) {
            int least = schema.path("minLength").asInt();
            errors.add(error(path, "minLength", least == 1 ? "must not be empty" : "must have at least " + least + " characters"));
        } else if (schema.has("maxLength") && length > schema.path("maxLength").asInt()) {
            errors.add(error(path, "maxLength", "must have at most " + schema.path("maxLength").asInt() + " characters"));
        } else if (schema.has("pattern") && !pattern(schema.path("pattern").asText()).matcher(text).find()) {
            errors.add(error(path, "pattern", "does not have the form " + schema.path("pattern").asText()));
        }
    }

    private void checkNumber(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        if (schema.has("minimum") && value.decimalValue().compareTo(schema.path("minimum").decimalValue()) < 0) {
            errors.add(error(path, "minimum", "must be at least " + schema.path("minimum").asText()));
        }
        if (schema.has("maximum") && value.decimalValue().compareTo(schema.path("maximum").decimalValue()) > 0) {
            errors.add(error(path, "maximum", "must be at most " + schema.path("maximum").asText()));
        }
    }

    private void checkArray(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        if (schema.has("minItems") && value.size() < schema.path("minItems").asInt()) {
            errors.add(error(path, "minItems", "must have at least " + schema.path("minItems").asInt() + " items"));
        }
        if (schema.has("maxItems") && value.size() > schema.path("maxItems").asInt()) {
            errors.add(error(path, "maxItems", "must have at most " + schema.path("maxItems").asInt() + " items"));
            return;
        }
        if (schema.path("uniqueItems").asBoolean() && value.valueStream().collect(Collectors.toCollection(HashSet::new)).size() < value.size()) {
            errors.add(error(path, "uniqueItems", "must not name anything twice"));
        }
        if (schema.has("items")) {
            for (int i = 0; i < value.size(); i++) {
                check(schema.path("items"), value.path(i), path + "[" + i + "]", errors);
            }
        }
    }

    private void checkObject(JsonNode schema, JsonNode value, String path, List<FieldError> errors) {
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                errors.add(error(below(path, name.asText()), "required", "is missing"));
            }
        });
        if (schema.has("maxProperties") && value.size() > schema.path("maxProperties").asInt()) {
            errors.add(error(path, "maxProperties", "must have at most " + schema.path("maxProperties").asInt() + " members"));
            return;
        }
        JsonNode properties = schema.path("properties");
        JsonNode additional = schema.path("additionalProperties");
        value.properties().forEach(member -> {
            String at = below(path, member.getKey());
            if (schema.has("propertyNames")) {
                check(schema.path("propertyNames"), TextNode.valueOf(member.getKey()), at, errors);
            }
            if (properties.has(member.getKey())) {
                check(properties.path(member.getKey()), member.getValue(), at, errors);
            } else if (additional.isObject()) {
                check(additional, member.getValue(), at, errors);
            } else if (additional.isBoolean() && !additional.asBoolean()) {
                errors.add(error(at, "unknown", "is not known here"));
            }
        });
    }

    /** In the contract's dialect a final {@code $} is the very end; in Java it would let a line feed pass. */
    private Pattern pattern(String text) {
        return patterns.computeIfAbsent(text, p -> Pattern.compile(p.endsWith("$") && !p.endsWith("\\$") ? p.substring(0, p.length() - 1) + "\\z" : p));
    }

    private static boolean isOfType(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            case null, default -> throw new IllegalStateException("the contract uses an unknown type " + type);
        };
    }

    private static String typeName(String type) {
        return switch (type) {
            case "string" -> "a text";
            case "integer" -> "a whole number";
            case "boolean" -> "true or false";
            case "array" -> "a list";
            case null, default -> "a " + type;
        };
    }

    private static boolean contains(JsonNode choices, JsonNode value) {
        return choices.valueStream().anyMatch(value::equals);
    }

    private static String below(String path, String name) {
        String shown = name.length() <= 100 ? name : name.substring(0, 100) + "...";
        return path.isEmpty() ? shown : path + "." + shown;
    }

    private static FieldError error(String path, String rule, String what) {
        String field = path.isEmpty() ? "body" : path;
        return new FieldError(field, rule, (path.isEmpty() ? "The body" : "'" + path + "'") + " " + what + ".");
    }
}
