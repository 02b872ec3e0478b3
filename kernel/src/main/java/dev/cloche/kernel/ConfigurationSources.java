package dev.cloche.kernel;

import dev.cloche.kernel.Configuration.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/** Reads the sources of a {@link Configuration}: {@code cloche.toml}, the environment, the command line. */
public final class ConfigurationSources {
    private static final String PREFIX = "CLOCHE_";
    private static final long LARGEST_FILE = 1024 * 1024;

    private ConfigurationSources() {}

    /** {@code --key value} and {@code --key=value}. */
    public static Map<String, Setting> flags(List<String> arguments) {
        Map<String, Setting> flags = new LinkedHashMap<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String argument = rest.next();
            if (!argument.startsWith("--") || argument.length() == 2) {
                throw Problem.field(argument, "unknown", "'" + argument + "' is not a flag; write --key VALUE.");
            }
            String[] parts = argument.substring(2).split("=", 2);
            if (parts.length == 1 && !rest.hasNext()) {
                throw Problem.field(parts[0], "required", "The flag " + argument + " needs a value.");
            }
            flags.put(parts[0], new Setting(parts.length == 2 ? parts[1] : rest.next(), "flag --" + parts[0]));
        }
        return flags;
    }

    /** The variables that begin with {@code CLOCHE_}, but for those of other programs of ours. */
    public static Map<String, String> environment(Map<String, String> all, Set<String> others) {
        return all.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(PREFIX) && !others.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The keys of a TOML file, tables joined by dots; a file that does not exist has none. */
    public static Map<String, Setting> file(Path file) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return settings;
        }
        try {
            if (Files.size(file) > LARGEST_FILE) {
                throw Problem.field("config", "maxLength", file + " is larger than a configuration can be.");
            }
            TomlParseResult result = Toml.parse(file);
            if (result.hasErrors()) {
                var first = result.errors().getFirst();
                throw Problem.field("config", "syntax", file + ", " + first.position() + ": " + first.getMessage());
            }
            for (List<String> path : result.keyPathSet()) {
                Object value = result.get(path);
                if (value instanceof TomlTable || value == null) {
                    continue;
                }
                settings.put(String.join(".", path), new Setting(text(value), file + ", " + result.inputPositionOf(path)));
            }
            return settings;
        } catch (IOException e) {
            throw Problem.field("config", "readable", file + " cannot be read: " + e.getMessage());
        }
    }

    /** A list becomes its members, joined by commas, as one writes it in a variable or a flag. */
    private static String text(Object value) {
        if (value instanceof org.tomlj.TomlArray list) {
            return list.toList().stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        return String.valueOf(value);
    }

    /** The members of a list setting. */
    public static List<String> list(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).filter(member -> !member.isEmpty()).toList();
    }
}
