package dev.cloche.workspaces;

import java.util.Optional;

/** What a workspace is for, and so which engine runs its code. */
public enum WorkspaceType {
    /** Python in the tab. */
    PYODIDE("Python", "Python in this tab, with numpy, matplotlib and packages; nothing to install.", ""),
    /** JavaScript in the tab. */
    NODE("Node", "JavaScript and TypeScript in this tab, with npm packages.", "The engine for JavaScript in the tab"),
    /** Linux in the tab. */
    WEBVM("Linux", "A Linux with a shell in this tab.", "The engine for Linux in the tab"),
    /** A sandboxed Linux on the server. */
    FIRECRACKER("Sandbox", "A sandboxed Linux on this server.", "The engine for Linux on the server");

    private final String label;
    private final String description;
    private final String missingEngine;

    WorkspaceType(String label, String description, String missingEngine) {
        this.label = label;
        this.description = description;
        this.missingEngine = missingEngine;
    }

    /** The name for people. */
    public String label() {
        return label;
    }

    /** What it offers, in one sentence. */
    public String description() {
        return description;
    }

    /** Why this server cannot run such a workspace; empty if it can. */
    public Optional<String> unavailable() {
        return missingEngine.isEmpty() ? Optional.empty() : Optional.of(missingEngine + " is not part of this version of Cloche yet.");
    }
}
