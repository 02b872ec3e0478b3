package dev.cloche.workspaces;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;

/**
 * What a new workspace can start from.
 *
 * @param id its short name
 * @param name for people
 * @param description one sentence
 * @param type the type of the workspace
 * @param pythonPackages what it needs
 * @param open the file to show first
 * @param files its files, by path
 */
public record Template(
        String id,
        String name,
        String description,
        WorkspaceType type,
        List<String> pythonPackages,
        String open,
        @JsonIgnore Map<FilePath, byte[]> files) {
    /** Copies the collections. */
    public Template {
        pythonPackages = List.copyOf(pythonPackages);
        files = Map.copyOf(files);
    }
}
