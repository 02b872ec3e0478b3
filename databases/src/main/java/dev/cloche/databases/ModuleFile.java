package dev.cloche.databases;

/**
 * The code of a module as it was handed in.
 *
 * @param host what runs it
 * @param content the file; not to be changed
 */
public record ModuleFile(Host host, byte[] content) {
    /** What runs a module. */
    public enum Host {
        /** A WebAssembly module of the public ABI, or Python source: see {@link dev.cloche.modules.ModuleLoader}. */
        WASM,
        /** JavaScript. */
        JS
    }
}
