package dev.cloche.wasm;

import java.util.List;

/**
 * Compiles and runs WebAssembly modules. One per process is enough; any thread may use it. Close it last, after all that
 * came from it.
 */
public interface Engine extends AutoCloseable {
    /** Its name and version, as {@code wasmtime 50.0.1}. */
    String name();

    /**
     * Compiles a module, or takes its code from the cache. Several modules may be compiled at the same time. Takes as
     * long as the module is large: about a second of processor time for 2 MB.
     *
     * @throws InvalidModule if the bytes are no valid module, or larger than {@link EngineSettings#moduleBytes}
     */
    CompiledModule compile(byte[] module);

    /** The functions that the host offers, made ready once for any number of modules. No two may share both names. */
    HostImports imports(List<HostImport> functions);

    /** Ends the engine's threads. */
    @Override
    void close();
}
