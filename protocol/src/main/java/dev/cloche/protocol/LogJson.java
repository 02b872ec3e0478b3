package dev.cloche.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.databases.LogLine;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A line of a database's log as JSON, a line each (facts, specification C). */
final class LogJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private LogJson() {}

    /** The line with its line feed. */
    static byte[] bytes(LogLine line) {
        String level = line.level().name();
        ObjectNode json = JSON.objectNode().put("level", level.charAt(0) + level.substring(1).toLowerCase(Locale.ROOT)).put("ts", line.timestamp());
        line.target().ifPresent(target -> json.put("target", target));
        line.file().ifPresent(file -> json.put("filename", file));
        line.line().ifPresent(number -> json.put("line_number", number));
        line.function().ifPresent(function -> json.put("function", function));
        json.put("message", line.message());
        if (line.level() == LogLine.Level.PANIC) {
            ArrayNode trace = json.putArray("trace");
            line.trace().forEach(function -> trace.add(JSON.objectNode().put("func_name", function)));
        }
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
