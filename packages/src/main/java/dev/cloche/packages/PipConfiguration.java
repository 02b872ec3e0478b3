package dev.cloche.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What pip's configuration files on this machine say, read as pip reads them: global, then user, then environment of its
 * own, then the file of {@code PIP_CONFIG_FILE}; the later wins. Only the sections {@code global} and {@code install} count.
 */
final class PipConfiguration {
    private static final System.Logger LOG = System.getLogger(PipConfiguration.class.getName());
    private static final long LARGEST = 1024 * 1024;

    private final Map<String, String> values = new HashMap<>();

    /** The configuration of a machine with these environment variables, its root folder and home folder. */
    PipConfiguration(Map<String, String> environment, Path root, Path home) {
        String named = environment.getOrDefault("PIP_CONFIG_FILE", "");
        if (named.equals("/dev/null")) {
            return; // pip's way to say: no files at all
        }
        for (Path file : files(environment, root, home)) {
            read(file);
        }
        if (!named.isBlank()) {
            read(Path.of(named));
        }
    }

    /** The configuration of this machine. */
    static PipConfiguration ofThisMachine() {
        return new PipConfiguration(System.getenv(), Path.of("/"), Path.of(System.getProperty("user.home", "/")));
    }

    /** The value of an option, as {@code index-url}. */
    Optional<String> value(String option) {
        return Optional.ofNullable(values.get(option)).filter(v -> !v.isBlank());
    }

    private static List<Path> files(Map<String, String> environment, Path root, Path home) {
        List<Path> all = new ArrayList<>();
        for (String folder : List.of(environment.getOrDefault("XDG_CONFIG_DIRS", root.resolve("etc/xdg").toString()).split(":"))) {
            if (!folder.isBlank()) {
                all.add(Path.of(folder).resolve("pip/pip.conf"));
            }
        }
        all.add(root.resolve("etc/pip.conf"));
        all.add(home.resolve(".pip/pip.conf"));
        String user = environment.getOrDefault("XDG_CONFIG_HOME", "");
        all.add((user.isBlank() ? home.resolve(".config") : Path.of(user)).resolve("pip/pip.conf"));
        String virtual = environment.getOrDefault("VIRTUAL_ENV", "");
        if (!virtual.isBlank()) {
            all.add(Path.of(virtual).resolve("pip.conf"));
        }
        return all;
    }

    private void read(Path file) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= LARGEST) {
                parse(Files.readString(file, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "event=pip-configuration-unreadable file={0} cause={1}", file, e.getMessage());
        }
    }

    private void parse(String text) {
        boolean counts = false;
        for (String line : text.split("\r?\n")) {
            String plain = line.strip();
            if (plain.startsWith("#") || plain.startsWith(";") || plain.isEmpty()) {
                continue;
            }
            if (plain.startsWith("[") && plain.endsWith("]")) {
                String section = plain.substring(1, plain.length() - 1).strip();
                counts = section.equals("global") || section.equals("install");
                continue;
            }
            int split = firstOf(plain, '=', ':');
            if (counts && split > 0) {
                String option = plain.substring(0, split).strip().toLowerCase(Locale.ROOT).replace('_', '-');
                values.put(option.startsWith("--") ? option.substring(2) : option, plain.substring(split + 1).strip());
            }
        }
    }

    private static int firstOf(String text, char a, char b) {
        int i = text.indexOf(a);
        int j = text.indexOf(b);
        return i < 0 || (j >= 0 && j < i) ? j : i;
    }
}
