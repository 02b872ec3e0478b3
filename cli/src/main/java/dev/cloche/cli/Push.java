package dev.cloche.cli;

import dev.cloche.kernel.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends a folder's changes to a workspace in batches, each of which the server takes whole or not at all. A file beyond
 * the size of a batch goes by itself.
 */
final class Push {
    private static final int BATCH_CHANGES = 1000;
    private static final long BATCH_BYTES = 16L * 1024 * 1024;

    private final Api api;
    private final String workspace;
    private final LocalFolder folder;
    private final List<Map<String, Object>> batch = new ArrayList<>();
    private long batchBytes;

    Push(Api api, String workspace, LocalFolder folder) {
        this.api = api;
        this.workspace = workspace;
        this.folder = folder;
    }

    /** Sends these paths as they are in the folder; {@code remote} has the server's, by which a change in between is noticed. */
    void send(List<String> paths, Map<String, Digest> local, RemoteTree remote) throws IOException {
        // deletions first: a file may have become a folder
        for (String path : paths) {
            if (!local.containsKey(path)) {
                add(Map.of("op", "delete", "path", path, "ifRevision", remote.revision(path)), 0);
            }
        }
        for (String path : paths) {
            if (local.containsKey(path)) {
                write(path, folder.read(path), remote.revision(path));
            }
        }
        flush();
    }

    private void write(String path, byte[] content, long revision) {
        if (content.length > BATCH_BYTES) {
            flush();
            api.put("/api/workspaces/" + workspace + "/files/" + Api.segments(path), content);
            return;
        }
        Map<String, Object> change = new LinkedHashMap<>();
        change.put("op", "write");
        change.put("path", path);
        try {
            change.put("text", StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString());
        } catch (CharacterCodingException notText) {
            change.put("base64", Base64.getEncoder().encodeToString(content));
        }
        change.put("ifRevision", revision);
        add(change, content.length);
    }

    private void add(Map<String, Object> change, int bytes) {
        if (batch.size() >= BATCH_CHANGES || batchBytes + bytes > BATCH_BYTES) {
            flush();
        }
        batch.add(change);
        batchBytes += bytes;
    }

    private void flush() {
        if (!batch.isEmpty()) {
            api.post("/api/workspaces/" + workspace + "/changes", Map.of("changes", batch));
            batch.clear();
            batchBytes = 0;
        }
    }
}
