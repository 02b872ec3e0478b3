package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.invoke;

/** A module with its imports, in wasmtime's form. */
final class WasmtimeTemplate implements Template {
    private final WasmtimeEngine engine;
    private final long template;
    private final ModuleShape shape;
    private final Users ofImports;
    private final Users users = new Users("the template");

    WasmtimeTemplate(WasmtimeEngine engine, long template, ModuleShape shape, Users ofImports) {
        this.engine = engine;
        this.template = template;
        this.shape = shape;
        this.ofImports = ofImports;
    }

    @Override
    public Instance instantiate(Limits limits, Object context) {
        shape.refuseAbove(limits);
        users.add();
        try {
            WasmtimeInstance instance = new WasmtimeInstance(engine, shape, limits, context, ofImports);
            try {
                instance.start(template);
            } catch (Throwable failed) {
                instance.close();
                throw failed;
            }
            return instance;
        } finally {
            users.remove();
        }
    }

    @Override
    public void close() {
        if (users.close()) {
            invoke(engine.library.symbol("wasmtime_instance_pre_delete"), template);
            ofImports.remove();
        }
    }
}
