package dev.cloche.wasm;

import java.util.List;

/** A compiled module: code without state. Any thread may use it. */
public interface CompiledModule extends AutoCloseable {
    /** What it wants, in the module's order. */
    List<Import> imports();

    /** What it offers, in the module's order. */
    List<Export> exports();

    /** Gives up its code; templates and instances that were made from it go on. */
    @Override
    void close();
}
