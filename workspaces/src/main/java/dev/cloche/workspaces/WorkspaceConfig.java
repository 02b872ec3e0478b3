package dev.cloche.workspaces;

import java.util.List;
import java.util.Map;

/**
 * What a workspace's engine starts with.
 *
 * @param environment environment variables of its programs
 * @param pythonPackages requirements (PEP 508) to install; empty for other types than Python
 */
public record WorkspaceConfig(Map<String, String> environment, List<String> pythonPackages) {
    /** Copies both. */
    public WorkspaceConfig {
        environment = Map.copyOf(environment);
        pythonPackages = List.copyOf(pythonPackages);
    }
}
