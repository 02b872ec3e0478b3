package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What folder and workspace had in common after the last synchronisation, kept in the folder.
 *
 * @param workspace the workspace's identifier
 * @param files path to digest
 */
record SyncState(String workspace, Map<String, Digest> files) {
    /** Copies the files. */
    SyncState {
        files = Map.copyOf(files);
    }

    /** The state of a folder with this workspace; empty if they never met, or if the record is damaged. */
    static Optional<SyncState> of(Path folder, String workspace) throws IOException {
        Path file = folder.resolve(SyncRules.STATE_FILE);
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            JsonNode tree = Json.tree(Files.readAllBytes(file));
            Map<String, Digest> files = new TreeMap<>();
            tree.path("files").properties().forEach(entry -> files.put(entry.getKey(), new Digest(entry.getValue().asText())));
            return tree.path("workspace").asText().equals(workspace) ? Optional.of(new SyncState(workspace, files)) : Optional.empty();
        } catch (Problem damaged) {
            return Optional.empty();
        }
    }

    /** Keeps the state in the folder. */
    void keep(LocalFolder folder) throws IOException {
        Map<String, String> texts = new TreeMap<>();
        files.forEach((path, digest) -> texts.put(path, digest.hex()));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("workspace", workspace);
        tree.put("files", texts);
        folder.write(SyncRules.STATE_FILE, Json.bytes(tree));
    }
}
