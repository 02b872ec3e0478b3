package dev.cloche.values;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/**
 * SATS-JSON, the JSON form of values (facts, specification A, section 2.3; observed, section 3, points 3, 13 and 14).
 *
 * <p>Both {@link Form forms} are read. Reading is strict: nothing is coerced, every mistake is a {@link ValueException} that
 * names its place. Where JSON has no number for a value (integers beyond 2^53 in JavaScript) text is read too: decimal
 * digits or hexadecimal ones after {@code 0x}, with a minus sign before them if negative.
 */
public final class SatsJson {
    /** The two ways of writing products and sums. */
    public enum Form {
        /** Objects with names: {@code {"id":1,"name":{"some":"x"}}}; for schemas and the text protocol. */
        TYPED,
        /** Arrays without names: {@code [1,[0,"x"]]}; for SQL rows and results of procedures. */
        UNTYPED
    }

    private static final int DEEPEST = 2 * Layout.DEEPEST + 10;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .maxStringLength(100 * 1024 * 1024)
                            .maxNumberLength(100)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder().maxNestingDepth(DEEPEST).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private SatsJson() {}

    /** The value as JSON text. */
    public static String text(Layout layout, Value value, Form form) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = generator(text)) {
            write(layout, value, form, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Writes the value where a JSON value may stand. */
    public static void write(Layout layout, Value value, Form form, JsonGenerator out) throws IOException {
        new SatsJsonWriter(form, out).write(layout, value);
    }

    /** A generator whose limits fit {@link #write}. */
    public static JsonGenerator generator(java.io.Writer out) throws IOException {
        return MAPPER.createGenerator(out);
    }

    /**
     * Reads JSON text.
     *
     * @param name what the whole is called in messages, such as {@code args}; may be empty
     * @throws ValueException if it is no JSON or no value of the type
     */
    public static Value read(Layout layout, String json, String name) {
        return read(layout, tree(json, name), name);
    }

    /** Reads a value from a tree, which need not be made by {@link #tree}. */
    public static Value read(Layout layout, JsonNode tree, String name) {
        try {
            return SatsJsonReader.read(layout, tree, 0);
        } catch (ValueException e) {
            throw e.inside(name);
        }
    }

    /** Parses any JSON, nested at most 1,010 deep, without doubled members. */
    public static JsonNode tree(String json, String name) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            if (tree == null || tree.isMissingNode()) {
                throw new ValueException("expected JSON, got nothing").inside(name);
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw new ValueException("expected JSON: " + e.getOriginalMessage()).inside(name);
        }
    }
}
