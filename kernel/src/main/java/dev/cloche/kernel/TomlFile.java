package dev.cloche.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** A TOML file that others wrote, as the tree that JSON has; times are texts. At most 64 tables and lists stand in one another. */
public final class TomlFile {
    private static final int DEEPEST = 64;

    private TomlFile() {}

    /**
     * Reads a file.
     *
     * @param name for messages
     * @param largest bytes that it may have
     * @throws Problem that names the file and the rule
     */
    public static ObjectNode read(Path file, String name, long largest) throws IOException {
        if (Files.size(file) > largest) {
            throw Problem.field(name, "maxLength", name + " has at most " + largest + " bytes.");
        }
        String text = text(file, name);
        refuseDepth(text, name);
        TomlParseResult table = Toml.parse(text);
        if (table.hasErrors()) {
            var first = table.errors().getFirst();
            throw Problem.field(name, "syntax", name + ", line " + first.position().line() + ": " + first.getMessage());
        }
        return object(table, name, 0);
    }

    private static String text(Path file, String name) throws IOException {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw Problem.field(name, "encoding", name + " is not UTF-8.");
        }
    }

    /** The parser goes as deep as brackets are nested. */
    private static void refuseDepth(String text, String name) {
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char one = text.charAt(i);
            if (one == '[' || one == '{') {
                depth++;
            } else if ((one == ']' || one == '}') && depth > 0) {
                depth--;
            }
            refuse(depth, name);
        }
    }

    private static void refuse(int depth, String name) {
        if (depth > DEEPEST) {
            throw Problem.field(name, "syntax", name + " has more than " + DEEPEST + " tables and lists in one another.");
        }
    }

    private static ObjectNode object(TomlTable table, String name, int depth) {
        refuse(depth, name);
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (String key : table.keySet()) {
            Object value = table.get(List.of(key));
            if (value != null) {
                object.set(key, node(value, name, depth));
            }
        }
        return object;
    }

    private static JsonNode node(Object value, String name, int depth) {
        return switch (value) {
            case TomlTable table -> object(table, name, depth + 1);
            case TomlArray list -> {
                refuse(depth, name);
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                list.toList().forEach(one -> array.add(node(one, name, depth + 1)));
                yield array;
            }
            case Boolean truth -> JsonNodeFactory.instance.booleanNode(truth);
            case Long number -> JsonNodeFactory.instance.numberNode(number);
            case Double number -> JsonNodeFactory.instance.numberNode(number);
            default -> JsonNodeFactory.instance.textNode(value.toString());
        };
    }
}
