package dev.cloche.packages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The exact wheels of a workspace, kept as {@value #PATH} in its files, so that each revision and each deployment has its
 * own.
 *
 * @param python the engine's Python version for which it was resolved
 * @param platform the wheel platform tag for which it was resolved
 * @param requirements what was asked for (PEP 508)
 * @param wheels what to load, dependencies before what needs them
 */
public record PythonLock(String python, String platform, List<String> requirements, List<Wheel> wheels) {
    /** Where the lock lies in a workspace. */
    public static final String PATH = ".cloche/python.lock.json";

    private static final int LARGEST = 4 * 1024 * 1024;
    private static final int MOST_WHEELS = 1_000;

    /** Copies the lists. */
    public PythonLock {
        requirements = List.copyOf(requirements);
        wheels = List.copyOf(wheels);
    }

    /** Reads the file; empty if it is not a lock, since people can edit it like any other file. */
    public static Optional<PythonLock> parse(byte[] file) {
        if (file.length > LARGEST) {
            return Optional.empty();
        }
        try {
            JsonNode node = Json.tree(file);
            List<String> requirements = new ArrayList<>();
            node.path("requirements").forEach(r -> requirements.add(r.asText()));
            List<Wheel> wheels = new ArrayList<>();
            for (JsonNode wheel : node.path("wheels")) {
                wheels.add(wheel(wheel));
            }
            String python = node.path("python").asText("");
            String platform = node.path("platform").asText("");
            return python.isEmpty() || platform.isEmpty() || wheels.size() > MOST_WHEELS
                    ? Optional.empty()
                    : Optional.of(new PythonLock(python, platform, requirements, wheels));
        } catch (Problem | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Wheel wheel(JsonNode node) {
        WheelFile file = WheelFile.parse(node.path("file").asText(""))
                .orElseThrow(() -> new IllegalArgumentException("not a wheel: " + node.path("file").asText("")));
        return new Wheel(file.name().value(), file.version().toString(), file.file(),
                new Digest(node.path("sha256").asText("")), Math.max(0, node.path("size").asLong()));
    }

    /** The lock as it stands in the file and in answers. */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("python", python);
        json.put("platform", platform);
        json.put("requirements", requirements);
        json.put("wheels", wheels.stream().map(PythonLock::json).toList());
        return json;
    }

    private static Map<String, Object> json(Wheel wheel) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", wheel.name());
        json.put("version", wheel.version());
        json.put("file", wheel.file());
        json.put("sha256", wheel.sha256().hex());
        json.put("size", wheel.size());
        return json;
    }

    /** The file's bytes: one wheel a line, so that two revisions compare well. */
    public byte[] bytes() {
        String lines = wheels.stream().map(w -> "    " + Json.text(json(w))).collect(java.util.stream.Collectors.joining(",\n"));
        String text = "{\n  \"python\": " + Json.text(python) + ",\n  \"platform\": " + Json.text(platform)
                + ",\n  \"requirements\": " + Json.text(requirements) + ",\n  \"wheels\": ["
                + (lines.isEmpty() ? "" : "\n" + lines + "\n  ") + "]\n}\n";
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }
}
