package dev.cloche.wasm;

/** The functions that the host offers. Any thread may use it. Close it after all templates and instances that use it. */
public interface HostImports extends AutoCloseable {
    /**
     * Resolves a module's imports once, for any number of instances.
     *
     * @throws UnmetImports naming each import that is not offered, or with another signature
     */
    Template link(CompiledModule module);

    @Override
    void close();
}
