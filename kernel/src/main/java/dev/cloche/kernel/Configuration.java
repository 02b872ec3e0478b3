package dev.cloche.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the operator set, as dotted keys with texts; later sources win: file, environment, flags.
 *
 * <p>Each part has a record with a factory that reads its keys here, its defaults visible in that code. When all parts
 * have read, {@link #refuseUnknown} refuses the keys that nobody asked for, with the nearest one that somebody did.
 * Not for use by several threads.
 */
public final class Configuration {
    /**
     * One value and where it came from.
     *
     * @param text as written
     * @param origin for messages: a file with its line, the name of a variable, a flag
     */
    public record Setting(String text, String origin) {}

    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, Setting> flags;
    private final Map<String, String> environment;
    private final Set<String> asked = new TreeSet<>();

    /**
     * A configuration of these layers.
     *
     * @param file dotted keys of the file, may be empty
     * @param environment variables with the prefix {@code CLOCHE_}, looked up by key, and named where nobody asks for them
     * @param flags dotted keys of the command line
     */
    public Configuration(Map<String, Setting> file, Map<String, String> environment, Map<String, Setting> flags) {
        this.environment = Map.copyOf(environment);
        settings.putAll(file);
        settings.putAll(flags);
        this.flags = Map.copyOf(flags);
    }

    /** The text of a key, if somebody set it. */
    public Optional<String> text(String key) {
        return setting(key).map(Setting::text);
    }

    /** The text of a key. */
    public String text(String key, String fallback) {
        return text(key).orElse(fallback);
    }

    /** A path; {@code ~} at its start is the home directory. */
    public Optional<Path> path(String key) {
        return text(key).map(text -> text.equals("~") || text.startsWith("~/")
                ? Path.of(DataDirectory.home() + text.substring(1))
                : Path.of(text));
    }

    /** A whole number within bounds. */
    public int integer(String key, int fallback, int min, int max) {
        Optional<Setting> setting = setting(key);
        if (setting.isEmpty()) {
            return fallback;
        }
        try {
            int value = Integer.parseInt(setting.get().text().strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below, like a value out of bounds
        }
        throw refused(key, setting.get(), "range", "is a whole number from " + min + " to " + max);
    }

    /** Yes or no. */
    public boolean flag(String key, boolean fallback) {
        Optional<Setting> setting = setting(key);
        if (setting.isEmpty()) {
            return fallback;
        }
        return switch (setting.get().text().strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "1" -> true;
            case "false", "no", "off", "0" -> false;
            default -> throw refused(key, setting.get(), "boolean", "is true or false");
        };
    }

    /** Throws a problem with all keys that nobody asked for; call it when every part has read its own. */
    public void refuseUnknown() {
        List<FieldError> errors = new ArrayList<>();
        settings.forEach((key, setting) -> {
            if (!asked.contains(key)) {
                errors.add(unknown(key, setting.origin()));
            }
        });
        Set<String> variables = new TreeSet<>();
        asked.forEach(key -> variables.add(variable(key)));
        environment.keySet().forEach(name -> {
            if (!variables.contains(name)) {
                errors.add(new FieldError(name, "unknown", "There is no setting '" + name + "' (environment)."
                        + Nearest.of(name, variables).map(near -> " Did you mean '" + near + "'?").orElse("")));
            }
        });
        if (!errors.isEmpty()) {
            throw Problem.fields(errors);
        }
    }

    /** The environment variable of a key: {@code database.url} is {@code CLOCHE_DATABASE_URL}. */
    public static String variable(String key) {
        return "CLOCHE_" + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private Optional<Setting> setting(String key) {
        asked.add(key);
        Setting flag = flags.get(key);
        if (flag != null) {
            return Optional.of(flag);
        }
        String name = variable(key);
        String value = environment.get(name);
        if (value != null) {
            return Optional.of(new Setting(value, name));
        }
        return Optional.ofNullable(settings.get(key));
    }

    private FieldError unknown(String key, String origin) {
        return new FieldError(key, "unknown", "There is no setting '" + key + "' (" + origin + ")."
                + Nearest.of(key, asked).map(near -> " Did you mean '" + near + "'?").orElse(""));
    }

    private static Problem refused(String key, Setting setting, String rule, String message) {
        return Problem.field(key, rule, "The setting '" + key + "' (" + setting.origin() + ") " + message + ".");
    }
}
