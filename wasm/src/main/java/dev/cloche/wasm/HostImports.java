package dev.cloche.wasm;

import java.util.List;

/** The functions that the host offers. Any thread may use it. Close it after all templates and instances that use it. */
public interface HostImports extends AutoCloseable {
    /**
     * Resolves a module's imports once, for any number of instances.
     *
     * @throws UnmetImports naming each import that is not offered, or with another signature
     */
    default Template link(CompiledModule module) {
        return link(List.of(), module);
    }

    /**
     * Resolves the imports of several modules, which every instance then has in it: each imports what earlier ones export
     * under their names, and else what the host offers. Only the host's functions, and other modules, are called: a library
     * has no way back.
     *
     * @param libraries each before those that import from it
     * @throws UnmetImports naming each import that nobody offers, or with another type
     */
    Template link(List<Library> libraries, CompiledModule main);

    @Override
    void close();
}
