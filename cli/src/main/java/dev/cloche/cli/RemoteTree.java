package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.IgnoreRules;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * A workspace's files as the server has them.
 *
 * @param digests path to content
 * @param revisions path to the revision of its last change
 */
record RemoteTree(Map<String, Digest> digests, Map<String, Long> revisions) {
    /** The newest tree, without what is never synchronised. */
    static RemoteTree of(Api api, String workspace, IgnoreRules rules) {
        Map<String, Digest> digests = new TreeMap<>();
        Map<String, Long> revisions = new HashMap<>();
        for (JsonNode file : api.get("/api/workspaces/" + workspace + "/files").path("files")) {
            String path = file.path("path").asText();
            if (file.path("kind").asText().equals("file") && !rules.ignores(path)) {
                digests.put(path, new Digest(file.path("digest").asText()));
                revisions.put(path, file.path("revision").asLong());
            }
        }
        return new RemoteTree(digests, revisions);
    }

    /** The revision of a file; 0 for one that is not there. */
    long revision(String path) {
        return revisions.getOrDefault(path, 0L);
    }
}
