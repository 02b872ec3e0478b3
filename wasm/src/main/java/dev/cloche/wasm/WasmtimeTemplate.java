package dev.cloche.wasm;

import static dev.cloche.wasm.WasmtimeLibrary.invoke;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Modules with their imports, in wasmtime's form. */
final class WasmtimeTemplate implements Template {
    private final WasmtimeEngine engine;
    private final Linkage linkage;
    private final List<Unit> units = new ArrayList<>();
    private final Users ofImports;
    private final Users users = new Users("the template");
    private final Arena arena = Arena.ofShared();

    /** How one module becomes an instance. */
    private sealed interface Unit {
        /** {@code wasmtime_instance_pre_t}: all imports come from the host, and are resolved. */
        record Ready(long template) implements Unit {}

        /** Some come from libraries, which are other instances in each store. */
        record Linked(long code, List<From> imports) implements Unit {}
    }

    /** Where an import is found: in an earlier part, or else in the linker; with its names for C. */
    private record From(int part, long linker, long module, long moduleLength, long name, long nameLength) {
        void fill(WasmtimeEngine engine, WasmtimeInstance instance, long out) {
            boolean there = part >= 0
                    ? instance.part(part).find(name, nameLength, out)
                    : (invoke(engine.linkerGet, linker, instance.store(), module, moduleLength, name, nameLength, out) & 0xff) != 0;
            if (!there) {
                throw new IllegalStateException("wasmtime does not know an import any more");
            }
        }
    }

    /** To be filled by {@link #add}, in the linkage's order. */
    WasmtimeTemplate(WasmtimeEngine engine, Linkage linkage, Users ofImports) {
        this.engine = engine;
        this.linkage = linkage;
        this.ofImports = ofImports;
        ofImports.add();
    }

    /** Adds the next module. */
    void add(WasmtimeModule module, long linker) {
        module.users().add();
        try (Arena scratch = Arena.ofConfined()) {
            Linkage.Unit unit = linkage.units().get(units.size());
            if (unit.fromHostOnly()) {
                MemorySegment out = scratch.allocate(JAVA_LONG);
                long error = invoke(engine.library.symbol("wasmtime_linker_instantiate_pre"), linker, module.code(), out.address());
                if (error != 0) {
                    throw new InvalidModule(engine.library.takeError(error));
                }
                units.add(new Unit.Ready(out.get(JAVA_LONG, 0)));
            } else {
                List<From> imports = unit.sources().stream().map(source -> from(source, linker)).toList();
                units.add(new Unit.Linked(invoke(engine.library.symbol("wasmtime_module_clone"), module.code()), imports));
            }
        } finally {
            module.users().remove();
        }
    }

    private From from(Linkage.Source source, long linker) {
        return switch (source) {
            case Linkage.Source.Earlier earlier -> {
                MemorySegment name = WasmtimeLibrary.text(arena, earlier.export().name());
                yield new From(earlier.unit(), 0, 0, 0, name.address(), name.byteSize());
            }
            case Linkage.Source.Host host -> {
                MemorySegment module = WasmtimeLibrary.text(arena, host.function().module());
                MemorySegment name = WasmtimeLibrary.text(arena, host.function().name());
                yield new From(-1, linker, module.address(), module.byteSize(), name.address(), name.byteSize());
            }
        };
    }

    /** Makes one part of an instance, the earlier ones being made; gives a {@code wasmtime_error_t} or 0. */
    long make(int index, WasmtimeInstance instance, long out, long trap) {
        return switch (units.get(index)) {
            case Unit.Ready ready -> invoke(engine.library.symbol("wasmtime_instance_pre_instantiate"), ready.template(), instance.store(), out, trap);
            case Unit.Linked linked -> {
                try (Arena scratch = Arena.ofConfined()) {
                    int count = linked.imports().size();
                    MemorySegment imports = scratch.allocate((long) WasmtimeLibrary.EXTERN * count, 8);
                    for (int i = 0; i < count; i++) {
                        linked.imports().get(i).fill(engine, instance, imports.address() + (long) WasmtimeLibrary.EXTERN * i);
                    }
                    yield invoke(engine.library.symbol("wasmtime_instance_new"), instance.store(), linked.code(), imports.address(), count, out, trap);
                }
            }
        };
    }

    @Override
    public Instance instantiate(Limits limits, Object context) {
        linkage.refuseAbove(limits);
        users.add();
        try {
            WasmtimeInstance instance = new WasmtimeInstance(engine, linkage, limits, context, ofImports);
            try {
                instance.start(this);
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
            for (Unit unit : units) {
                switch (unit) {
                    case Unit.Ready ready -> invoke(engine.library.symbol("wasmtime_instance_pre_delete"), ready.template());
                    case Unit.Linked linked -> invoke(engine.library.symbol("wasmtime_module_delete"), linked.code());
                }
            }
            arena.close();
            ofImports.remove();
        }
    }
}
