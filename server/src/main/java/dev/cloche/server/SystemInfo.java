package dev.cloche.server;

import dev.cloche.http.Origins;
import dev.cloche.workspaces.WorkspaceType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What this server is, as {@code GET /api/system} says it.
 *
 * @param version the version of Cloche
 * @param origins where the control plane, engine hosts and apps are
 * @param workspaceTypes all types, those without an engine with the reason
 * @param engine the engine for Python in the tab
 */
record SystemInfo(String version, Names origins, List<Type> workspaceTypes, Engine engine) {
    static final String VERSION = "0.1.0";

    record Names(String control, String host, String preview, String app, String workers) {}

    record Type(WorkspaceType type, String label, String description, boolean available, Optional<String> explanation) {}

    record Engine(String pyodide, String python, String platform) {
        /** The engine that this version of Cloche ships. */
        static final Engine PYODIDE = new Engine("314.0.7", "3.14.2", "pyemscripten_2026_0_wasm32");
    }

    static SystemInfo of(Origins origins) {
        Names names = new Names(origins.control(), origins.engineHost("{id}"), origins.preview("{id}", "{port}"), origins.app("{name}"),
                origins.workerHost());
        List<Type> types = Arrays.stream(WorkspaceType.values())
                .map(type -> new Type(type, type.label(), type.description(), type.unavailable().isEmpty(), type.unavailable()))
                .toList();
        return new SystemInfo(VERSION, names, types, Engine.PYODIDE);
    }
}
