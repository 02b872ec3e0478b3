package dev.cloche.kernel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one way in which the platform reads and writes JSON: records, times as ISO 8601, empty optionals left out,
 * unknown and doubled members refused, nesting at most 64 deep.
 */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(64)
                            .maxStringLength(100 * 1024 * 1024)
                            .build())
                    .build())
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .build();

    private Json() {}

    /** The value as UTF-8 JSON. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass().getName(), e);
        }
    }

    /** The value as JSON text. */
    public static String text(Object value) {
        return new String(bytes(value), java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Reads a value; broken JSON, an unknown member or a wrong type is a {@link Problem} that names the field. */
    public static <T> T read(byte[] json, Class<T> type) {
        try {
            T value = MAPPER.readValue(json, type);
            if (value == null) {
                throw Problem.of(ErrorCode.INVALID_REQUEST, "The body is null.");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw Problem.field(path(e), "unknown", "The field '" + e.getPropertyName() + "' is not known here.");
        } catch (MismatchedInputException e) {
            if (problemIn(e) instanceof Problem problem) {
                throw problem;
            }
            throw Problem.field(path(e), "type", "The value has the wrong type: " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            if (problemIn(e) instanceof Problem problem) {
                throw problem;
            }
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The body is not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The body is not valid JSON.");
        }
    }

    /** Reads any JSON as a tree. */
    public static JsonNode tree(byte[] json) {
        return read(json, JsonNode.class);
    }

    /** A tree of the value, for changing before it is written. */
    public static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** The value of a tree, as by {@link #read}. */
    public static <T> T read(JsonNode tree, Class<T> type) {
        return read(bytes(tree), type);
    }

    private static @Nullable Throwable problemIn(Throwable e) {
        Throwable cause = e;
        while (cause != null && !(cause instanceof Problem)) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String path(MismatchedInputException e) {
        return e.getPath().stream()
                .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
    }
}
