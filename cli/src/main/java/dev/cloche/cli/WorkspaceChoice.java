package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.RandomIds;
import java.util.ArrayList;
import java.util.List;

/** Finds the workspace that somebody names by its identifier or, where only one has it, by its name. */
record WorkspaceChoice(Api api) {
    /** The identifier. */
    String id(String idOrName) {
        if (RandomIds.isId(idOrName)) {
            return idOrName;
        }
        List<String> found = new ArrayList<>();
        for (JsonNode workspace : api.get("/api/workspaces").path("workspaces")) {
            if (workspace.path("name").asText().equals(idOrName)) {
                found.add(workspace.path("id").asText());
            }
        }
        return switch (found.size()) {
            case 1 -> found.getFirst();
            case 0 -> throw CommandFailure.of(ExitStatus.NOT_FOUND, "There is no workspace '" + idOrName + "'; 'cloche workspace list' shows them.");
            default -> throw CommandFailure.of(ExitStatus.CONFLICT, "Several workspaces are called '" + idOrName + "'; name one by its identifier: " + String.join(", ", found));
        };
    }
}
