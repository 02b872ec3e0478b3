package dev.cloche.modules;

import static dev.cloche.wasm.ValueType.I32;
import static dev.cloche.wasm.ValueType.I64;

import dev.cloche.wasm.CompiledModule;
import dev.cloche.wasm.Export;
import dev.cloche.wasm.ExternType;
import dev.cloche.wasm.FunctionType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a module offers, checked (facts, specification E, section 6.1).
 *
 * @param starts functions to be called before anything else, in this order
 * @param names of all functions that it exports
 */
record Exports(List<String> starts, Set<String> names) {
    static final String SETUP = "__setup__";
    static final String DESCRIBE = "__describe_module__";
    static final String REDUCER = "__call_reducer__";
    static final String PROCEDURE = "__call_procedure__";
    static final String VIEW = "__call_view__";
    static final String ANONYMOUS_VIEW = "__call_view_anon__";
    static final String HANDLER = "__call_http_handler__";
    private static final String BEFORE = "__preinit__";
    private static final String INITIALIZE = "_initialize";

    private static final FunctionType NOTHING = FunctionType.of();
    private static final FunctionType CALL = FunctionType.of(I32, I64, I64, I64, I64, I64, I64, I64, I32, I32).returning(I32);
    private static final Map<String, FunctionType> KNOWN = Map.of(
            SETUP, FunctionType.of(I32).returning(I32),
            DESCRIBE, FunctionType.of(I32),
            REDUCER, CALL,
            PROCEDURE, CALL,
            VIEW, FunctionType.of(I32, I64, I64, I64, I64, I32, I32).returning(I32),
            ANONYMOUS_VIEW, FunctionType.of(I32, I32, I32).returning(I32),
            HANDLER, FunctionType.of(I32, I64, I32, I32, I32, I32).returning(I32),
            INITIALIZE, NOTHING);

    Exports {
        starts = List.copyOf(starts);
        names = Set.copyOf(names);
    }

    boolean has(String name) {
        return names.contains(name);
    }

    static Exports of(CompiledModule module) {
        if (module.exports().stream().noneMatch(one -> one.name().equals("memory") && one.type() instanceof ExternType.Memory)) {
            throw refused("there should be a memory export called \"memory\" but it does not exist");
        }
        Map<String, FunctionType> functions = module.exports().stream()
                .filter(one -> one.type() instanceof FunctionType)
                .collect(Collectors.toMap(Export::name, one -> (FunctionType) one.type()));
        for (String needed : List.of(DESCRIBE, REDUCER)) {
            if (!functions.containsKey(needed)) {
                throw refused("there should be a function called \"" + needed + "\" but it does not exist");
            }
        }
        functions.forEach((name, type) -> {
            FunctionType expected = name.startsWith(BEFORE) ? NOTHING : KNOWN.getOrDefault(name, type);
            if (!expected.equals(type)) {
                throw refused("bad signature for \"" + name + "\"; expected " + expected.text() + " got " + type.text());
            }
        });
        List<String> before = functions.keySet().stream().filter(name -> name.startsWith(BEFORE)).sorted().toList();
        List<String> starts = functions.containsKey(INITIALIZE)
                ? Stream.concat(Stream.of(INITIALIZE), before.stream()).toList()
                : before;
        return new Exports(starts, functions.keySet());
    }

    private static ModuleRefused refused(String message) {
        return new ModuleRefused(ModuleRefused.Reason.EXPORTS, message);
    }
}
