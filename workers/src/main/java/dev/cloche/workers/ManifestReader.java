package dev.cloche.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Nearest;
import dev.cloche.kernel.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/** Reads {@code worker.json}; every refusal names the field and the rule. */
final class ManifestReader {
    private static final int MOST_MODULES = 16;
    private static final int MOST_NAMES = 256;
    private static final int LONGEST_TEXT = 4096;
    private static final int LONGEST_EXAMPLE = 65_536;
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
    private static final String PATH = "[A-Za-z0-9._-]{1,100}(/[A-Za-z0-9._-]{1,100}){0,5}";

    private final String at;
    private final JsonNode node;

    private ManifestReader(String at, JsonNode node, String... known) {
        this.at = at;
        this.node = node;
        if (!node.isObject()) {
            throw Problem.field(at.isEmpty() ? "worker.json" : at, "type", (at.isEmpty() ? "worker.json" : at) + " must be an object.");
        }
        node.fieldNames().forEachRemaining(key -> {
            if (!List.of(known).contains(key)) {
                throw Problem.field(field(key), "unknown", "The key '" + key + "' is not known here"
                        + Nearest.of(key, List.of(known)).map(near -> "; did you mean '" + near + "'?").orElse(". Known: " + String.join(", ", known) + "."));
            }
        });
    }

    static WorkerManifest read(byte[] json, String name) {
        ManifestReader top = new ManifestReader("", Json.tree(json), "name", "description", "wasm", "memory", "timeout_ms", "allowed_hosts", "allowed_paths",
                "config", "idempotent", "functions");
        return new WorkerManifest(
                name(top.text("name", 64).orElse(name), "name"),
                top.text("description", LONGEST_TEXT).orElse(""),
                top.modules(),
                top.part("memory", "max_pages", "max_var_bytes", "max_http_response_bytes").map(ManifestReader::memory).orElse(WorkerManifest.Memory.DEFAULT),
                Duration.ofMillis(top.number("timeout_ms", 1, 3_600_000, WorkerManifest.TIMEOUT.toMillis())),
                top.hosts(),
                top.paths(),
                top.texts("config", 65_536),
                top.bool("idempotent", true),
                top.map("functions", ManifestReader::function));
    }

    /** A worker's name. */
    static String name(String text, String field) {
        if (!text.matches(NAME)) {
            throw Problem.field(field, "pattern", "A worker's name has 1 to 64 letters, digits, '.', '_' and '-', and begins with a letter or digit; this is '" + text + "'.");
        }
        return text;
    }

    private String field(String key) {
        return at.isEmpty() ? key : at + "." + key;
    }

    private Optional<JsonNode> get(String key) {
        return Optional.ofNullable(node.get(key)).filter(found -> !found.isNull());
    }

    private Problem wrong(String key, String rule, String what) {
        return Problem.field(field(key), rule, "'" + field(key) + "' must be " + what + ".");
    }

    private Optional<String> text(String key, int longest) {
        return get(key).map(found -> {
            if (!found.isTextual() || found.textValue().length() > longest) {
                throw wrong(key, found.isTextual() ? "maxLength" : "type", "text of at most " + longest + " characters");
            }
            return found.textValue();
        });
    }

    private String pattern(String key, String pattern, String what) {
        return text(key, LONGEST_TEXT).filter(text -> text.matches(pattern)).orElseThrow(() -> wrong(key, get(key).isPresent() ? "pattern" : "required", what));
    }

    private long number(String key, long least, long most, long otherwise) {
        return get(key).map(found -> {
            if (!found.isIntegralNumber() || !found.canConvertToLong() || found.longValue() < least || found.longValue() > most) {
                throw wrong(key, "range", "a whole number from " + least + " to " + most);
            }
            return found.longValue();
        }).orElse(otherwise);
    }

    private boolean bool(String key, boolean otherwise) {
        return get(key).map(found -> {
            if (!found.isBoolean()) {
                throw wrong(key, "type", "true or false");
            }
            return found.booleanValue();
        }).orElse(otherwise);
    }

    private Optional<ManifestReader> part(String key, String... known) {
        return get(key).map(found -> new ManifestReader(field(key), found, known));
    }

    private <T> Map<String, T> map(String key, BiFunction<String, ManifestEntry, T> each) {
        Map<String, T> result = new LinkedHashMap<>();
        get(key).ifPresent(found -> {
            if (!found.isObject() || found.size() > MOST_NAMES) {
                throw wrong(key, found.isObject() ? "maxProperties" : "type", "an object of at most " + MOST_NAMES + " keys");
            }
            found.properties().forEach(one -> result.put(one.getKey(), each.apply(one.getKey(), new ManifestEntry(field(key) + "." + one.getKey(), one.getValue()))));
        });
        return result;
    }

    /** A value with the place where it stands. */
    private record ManifestEntry(String at, JsonNode node) {}

    private Map<String, String> texts(String key, int longest) {
        return map(key, (name, entry) -> {
            if (!entry.node().isTextual() || entry.node().textValue().length() > longest || name.isEmpty() || name.length() > 256) {
                throw Problem.field(entry.at(), "type", "'" + entry.at() + "' must be text of at most " + longest + " characters under a key of 1 to 256.");
            }
            return entry.node().textValue();
        });
    }

    private List<WorkerManifest.Module> modules() {
        JsonNode list = get("wasm").filter(found -> found.isArray() && !found.isEmpty() && found.size() <= MOST_MODULES)
                .orElseThrow(() -> wrong("wasm", "required", "a list of 1 to " + MOST_MODULES + " modules"));
        List<WorkerManifest.Module> modules = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            ManifestReader one = new ManifestReader("wasm[" + i + "]", list.get(i), "path", "simd", "name");
            boolean last = i == list.size() - 1;
            String name = one.text("name", 100).orElse(last ? "main" : "");
            if (name.isEmpty() || last != name.equals("main") || !names.add(name)) {
                throw one.wrong("name", "name", "'main' or absent for the last module, and for each other module a name of its own by which later ones import from it");
            }
            modules.add(new WorkerManifest.Module(one.pattern("path", PATH, "the path of a file in the zip"),
                    one.get("simd").map(ignored -> one.pattern("simd", PATH, "the path of a file in the zip")), name));
        }
        return modules;
    }

    private static WorkerManifest.Memory memory(ManifestReader in) {
        WorkerManifest.Memory otherwise = WorkerManifest.Memory.DEFAULT;
        return new WorkerManifest.Memory(in.number("max_pages", 1, 65_536, otherwise.maxPages()),
                in.number("max_var_bytes", 0, 64 << 20, otherwise.maxVarBytes()),
                in.number("max_http_response_bytes", 0, 256 << 20, otherwise.maxHttpResponseBytes()));
    }

    private List<String> hosts() {
        List<String> hosts = new ArrayList<>();
        get("allowed_hosts").ifPresent(found -> {
            if (!found.isArray() || found.size() > MOST_NAMES) {
                throw wrong("allowed_hosts", "type", "a list of at most " + MOST_NAMES + " names of hosts");
            }
            found.forEach(one -> hosts.add(AllowedHosts.pattern(one.isTextual() ? one.textValue() : "", field("allowed_hosts") + "[" + hosts.size() + "]")));
        });
        return hosts;
    }

    private Map<String, String> paths() {
        Map<String, String> paths = texts("allowed_paths", 256);
        paths.forEach((name, guest) -> {
            if (!guest.matches("/[^\\x00-\\x1f]*") || List.of(guest.split("/")).contains("..")) {
                throw wrong("allowed_paths." + name, "pattern", "an absolute path as the worker sees it, without '..'");
            }
        });
        return paths;
    }

    private static WorkerFunction function(String name, ManifestEntry entry) {
        ManifestReader in = new ManifestReader(entry.at(), entry.node(), "description", "example", "input", "output", "divide");
        if (name.isEmpty() || name.length() > 256) {
            throw Problem.field(entry.at(), "maxLength", "The name of a function has 1 to 256 characters.");
        }
        return new WorkerFunction(name, in.text("description", LONGEST_TEXT).orElse(""), in.text("example", LONGEST_EXAMPLE),
                in.form("input"), in.form("output"),
                in.part("divide", "split", "join").map(parts -> new WorkerFunction.Divide(
                        parts.pattern("split", ".{1,256}", "the name of a function"), parts.pattern("join", ".{1,256}", "the name of a function"))));
    }

    private WorkerFunction.Form form(String key) {
        if (get(key).isEmpty()) {
            return WorkerFunction.Form.BYTES;
        }
        return WorkerFunction.Form.valueOf(pattern(key, "json|text|bytes", "'json', 'text' or 'bytes'").toUpperCase(Locale.ROOT));
    }
}
