package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.values.TimeDuration;
import dev.cloche.values.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** Rows of SQL answers for people; the types decide what a value means. */
final class RowText {
    private RowText() {}

    /** The names of the columns. */
    static List<String> heads(JsonNode answer) {
        List<String> heads = new ArrayList<>();
        answer.path("schema").path("elements").forEach(column -> heads.add(column.path("name").path("some").asText("?")));
        return heads;
    }

    /** One list of cells for each row. */
    static List<List<String>> rows(JsonNode answer) {
        List<JsonNode> types = new ArrayList<>();
        answer.path("schema").path("elements").forEach(column -> types.add(column.path("algebraic_type")));
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode row : answer.path("rows")) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < types.size(); i++) {
                cells.add(cell(types.get(i), row.path(i)).replace("\n", "\\n").replace("\r", "\\r"));
            }
            rows.add(cells);
        }
        return rows;
    }

    private static String cell(JsonNode type, JsonNode value) {
        JsonNode elements = type.path("Product").path("elements");
        if (elements.size() == 1) {
            String only = elements.path(0).path("name").path("some").asText();
            return switch (only) {
                case "__identity__", "__uuid__", "__connection_id__" -> value.path(0).asText();
                case "__timestamp_micros_since_unix_epoch__" -> new Timestamp(value.path(0).asLong()).toInstant().toString();
                case "__time_duration_micros__" -> new TimeDuration(value.path(0).asLong()).toDuration().toString();
                default -> value.toString();
            };
        }
        JsonNode variants = type.path("Sum").path("variants");
        if (variants.isArray() && value.isArray()) {
            JsonNode variant = variants.path(value.path(0).asInt());
            String name = variant.path("name").path("some").asText();
            boolean unit = variant.path("algebraic_type").path("Product").path("elements").isEmpty() && variant.path("algebraic_type").has("Product");
            String payload = unit ? "" : cell(variant.path("algebraic_type"), value.path(1));
            return name.equals("some") ? payload : unit ? name : name + "(" + payload + ")";
        }
        return value.isTextual() ? value.textValue() : value.toString();
    }
}
