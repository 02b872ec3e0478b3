package dev.cloche.wasm;

/**
 * One function that the host offers to modules.
 *
 * @param module the first of its two names
 * @param name the second
 * @param type its signature; number types only
 * @param function what runs; may be called by several instances, each on its own thread, at the same time
 */
public record HostImport(String module, String name, FunctionType type, HostFunction function) {
    /** A function whose values can cross. */
    public HostImport {
        if (!type.crosses()) {
            throw new IllegalArgumentException(module + "::" + name + ": " + type.text() + " has values that cannot cross");
        }
    }
}
