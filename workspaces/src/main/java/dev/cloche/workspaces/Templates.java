package dev.cloche.workspaces;

import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The templates that come with the platform, read from the module's resources: {@code templates/templates.json} lists them. */
public final class Templates {
    private final Map<String, Template> byId;

    private Templates(Map<String, Template> byId) {
        this.byId = byId;
    }

    /**
     * One entry of the list in the resources.
     *
     * @param files of the template's own folder
     * @param shared files that several templates have, by their path, from the folder {@code shared}
     */
    private record Listed(
            String id, String name, String description, WorkspaceType type, List<String> pythonPackages, String open,
            List<String> files, @Nullable Map<String, String> shared) {}

    /** Reads all of them. */
    public static Templates load() {
        Map<String, Template> byId = new LinkedHashMap<>();
        for (Listed listed : Json.read(resource("templates.json"), Listed[].class)) {
            Map<FilePath, byte[]> files = new LinkedHashMap<>();
            for (String file : listed.files()) {
                files.put(new FilePath(file), resource(listed.id() + "/" + file));
            }
            if (listed.shared() != null) {
                listed.shared().forEach((path, file) -> files.put(new FilePath(path), resource("shared/" + file)));
            }
            byId.put(listed.id(), new Template(listed.id(), listed.name(), listed.description(), listed.type(),
                    listed.pythonPackages(), listed.open(), files));
        }
        return new Templates(byId);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Templates.class.getResourceAsStream("templates/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the resource of a template is missing: " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of them, in the order in which to show them. */
    public List<Template> all() {
        return List.copyOf(byId.values());
    }

    /** The template of this name. */
    public Template get(String id) {
        return Optional.ofNullable(byId.get(id)).orElseThrow(() -> Problem.field("template", "enum", "There is no template '"
                + id.codePoints().limit(50).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                + "'; there are " + byId.keySet().stream().collect(Collectors.joining(", ")) + "."));
    }
}
