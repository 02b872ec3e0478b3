package dev.cloche.packages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The JSON form of the simple index (PEP 691, version 1.0): reads an upstream's page, writes ours. */
final class SimpleJson {
    /** The media type of version 1. */
    static final String MEDIA_TYPE = "application/vnd.pypi.simple.v1+json";

    private SimpleJson() {}

    /**
     * The files of a project's page; those without a SHA-256 or a usable URL are left out. More than
     * {@link SimplePage#MOST_FILES} are an {@link IllegalArgumentException}.
     */
    static List<IndexFile> read(byte[] page, URI base) {
        List<IndexFile> files = new ArrayList<>();
        try {
            JsonNode all = Json.tree(page).path("files");
            if (all.size() > SimplePage.MOST_FILES) {
                throw SimplePage.tooMany();
            }
            for (JsonNode node : all) {
                file(node, base).ifPresent(files::add);
            }
        } catch (Problem e) {
            throw new IllegalArgumentException("the page is not JSON: " + e.detail(), e);
        }
        return files;
    }

    /** The page of a project with the URLs that {@code href} gives. */
    static byte[] write(ProjectName project, List<IndexFile> files, Function<IndexFile, String> href) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (IndexFile file : files) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("filename", file.file());
            entry.put("url", href.apply(file));
            entry.put("hashes", Map.of("sha256", file.sha256().hex()));
            file.requiresPython().ifPresent(p -> entry.put("requires-python", p));
            file.size().ifPresent(s -> entry.put("size", s));
            file.metadata().ifPresent(m -> {
                Object value = m.sha256().<Object>map(d -> Map.of("sha256", d.hex())).orElse(true);
                entry.put("core-metadata", value);
                entry.put("dist-info-metadata", value);
            });
            file.yanked().ifPresent(y -> entry.put("yanked", y.isEmpty() ? (Object) true : y));
            list.add(entry);
        }
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("meta", Map.of("api-version", "1.0"));
        page.put("name", project.value());
        page.put("files", list);
        return Json.bytes(page);
    }

    /** The list of projects. */
    static byte[] writeList(List<ProjectName> projects) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("meta", Map.of("api-version", "1.0"));
        page.put("projects", projects.stream().map(p -> Map.of("name", p.value())).toList());
        return Json.bytes(page);
    }

    private static Optional<IndexFile> file(JsonNode node, URI base) {
        String name = node.path("filename").asText("");
        String sha256 = node.path("hashes").path("sha256").asText("");
        if (!SimplePage.isFileName(name) || !sha256.matches("[0-9a-f]{64}")) {
            return Optional.empty();
        }
        JsonNode yanked = node.path("yanked");
        JsonNode size = node.path("size");
        JsonNode metadata = node.has("core-metadata") ? node.path("core-metadata") : node.path("dist-info-metadata");
        return SimplePage.resolve(base, node.path("url").asText("")).map(url -> new IndexFile(
                name,
                new Digest(sha256),
                Optional.of(url),
                size.canConvertToLong() && size.asLong() >= 0 ? Optional.of(size.asLong()) : Optional.empty(),
                Optional.of(node.path("requires-python").asText("")).filter(p -> !p.isBlank() && !p.equals("null")),
                yanked.isTextual() || yanked.asBoolean(false) ? Optional.of(yanked.isTextual() ? yanked.asText() : "") : Optional.empty(),
                metadata(metadata)));
    }

    private static Optional<IndexFile.MetadataFile> metadata(JsonNode node) {
        if (node.isObject()) {
            return Optional.of(new IndexFile.MetadataFile(SimplePage.digest(node.path("sha256").asText(""))));
        }
        return node.asBoolean(false) ? Optional.of(new IndexFile.MetadataFile(Optional.empty())) : Optional.empty();
    }
}
