package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.invoke;

import java.util.List;

/** Code of wasmtime's; alive from its making to its closing. */
final class WasmtimeModule implements CompiledModule {
    private final WasmtimeEngine engine;
    private final long code;
    private final ModuleShape shape;
    private final Users users = new Users("the module");

    WasmtimeModule(WasmtimeEngine engine, long code, ModuleShape shape) {
        this.engine = engine;
        this.code = code;
        this.shape = shape;
        engine.users().add();
    }

    WasmtimeEngine engine() {
        return engine;
    }

    /** Only between {@code users().add()} and {@code remove()}. */
    long code() {
        return code;
    }

    ModuleShape shape() {
        return shape;
    }

    Users users() {
        return users;
    }

    @Override
    public List<Import> imports() {
        return shape.imports();
    }

    @Override
    public List<Export> exports() {
        return shape.exports();
    }

    @Override
    public void close() {
        if (users.close()) {
            invoke(engine.library.symbol("wasmtime_module_delete"), code);
            engine.users().remove();
        }
    }
}
