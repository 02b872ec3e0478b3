package dev.cloche.wasm;

import dev.cloche.kernel.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.Cache;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmModule;

/** Endive, WebAssembly in pure Java: guests become classes of this process. */
final class EndiveEngine implements Engine {
    static final String VERSION = "1.0.0";

    private final Set<EndiveInstance> alive = ConcurrentHashMap.newKeySet();
    private final Ticker ticker = new Ticker(() -> alive.forEach(EndiveInstance::nudge));
    private final Users users = new Users("the engine");
    private final Optional<CodeCache> cache;
    private final int moduleBytes;

    EndiveEngine(EngineSettings settings) {
        this.cache = settings.codeCache().map(folder -> new CodeCache(folder, settings.codeCacheBytes()));
        this.moduleBytes = settings.moduleBytes();
    }

    @Override
    public String name() {
        return "Endive " + VERSION;
    }

    Ticker ticker() {
        return ticker;
    }

    Set<EndiveInstance> alive() {
        return alive;
    }

    Users users() {
        return users;
    }

    @Override
    public CompiledModule compile(byte[] module) {
        if (module.length > moduleBytes) {
            throw new InvalidModule("the module has " + module.length + " bytes, the limit is " + moduleBytes);
        }
        ModuleShape shape = ModuleShape.read(module);
        if (shape.memories().size() > 1) {
            throw new InvalidModule("more than one memory is not run here");
        }
        try {
            WasmModule parsed = Parser.builder().withValidation(true).build().parse(() -> new ByteArrayInputStream(module));
            var compiler = MachineFactoryCompiler.builder(parsed).withInterpreterFallback(InterpreterFallback.SILENT);
            cache.ifPresent(kept -> compiler.withCache(new Classes(kept, Digest.of(module) + ".endive-" + VERSION)));
            return new Module(this, shape, parsed, compiler.compile());
        } catch (RuntimeException | StackOverflowError | AssertionError | LinkageError e) { // whatever the reader meets in bytes that nobody checked
            throw new InvalidModule(e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /** Compiled classes under our own key: Endive's says nothing of its version. */
    private record Classes(CodeCache kept, String key) implements Cache {
        @Override
        public byte @Nullable [] get(String ignored) throws IOException {
            Optional<Path> file = kept.find(key);
            return file.isEmpty() ? null : Files.readAllBytes(file.get());
        }

        @Override
        public void putIfAbsent(String ignored, byte[] classes) {
            kept.put(key, ByteBuffer.wrap(classes));
        }
    }

    @Override
    public HostImports imports(List<HostImport> functions) {
        return new Imports(this, functions);
    }

    @Override
    public void close() {
        if (users.close()) {
            ticker.close();
        }
    }

    /** A module's classes. */
    record Module(EndiveEngine engine, ModuleShape shape, WasmModule parsed, Function<Instance, Machine> machine) implements CompiledModule {
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
            // the collector's business
        }
    }

    /** Our functions by their names. */
    private static final class Imports implements HostImports {
        private final EndiveEngine engine;
        private final Map<List<String>, HostImport> functions = new HashMap<>();
        private final Users users = new Users("the set of imports");

        Imports(EndiveEngine engine, List<HostImport> offered) {
            this.engine = engine;
            for (HostImport one : offered) {
                if (functions.put(List.of(one.module(), one.name()), one) != null) {
                    throw new IllegalArgumentException("two functions are named " + one.module() + "::" + one.name());
                }
            }
            engine.users().add();
        }

        @Override
        public Template link(List<Library> libraries, CompiledModule main) {
            List<Module> modules = new ArrayList<>();
            libraries.forEach(one -> modules.add(ours(one.module())));
            modules.add(ours(main));
            Linkage linkage = Linkage.of(libraries.stream().map(Library::name).toList(), modules.stream().map(Module::shape).toList(), functions);
            return new Linked(modules, linkage, users);
        }

        private Module ours(CompiledModule module) {
            if (module instanceof Module code && code.engine() == engine) {
                return code;
            }
            throw new IllegalArgumentException("the module was compiled by another engine");
        }

        @Override
        public void close() {
            if (users.close()) {
                engine.users().remove();
            }
        }
    }

    /** Modules with their imports. */
    private static final class Linked implements Template {
        private final List<Module> modules;
        private final Linkage linkage;
        private final Users ofImports;
        private final Users users = new Users("the template");

        Linked(List<Module> modules, Linkage linkage, Users ofImports) {
            this.modules = List.copyOf(modules);
            this.linkage = linkage;
            this.ofImports = ofImports;
            ofImports.add();
        }

        @Override
        public dev.cloche.wasm.Instance instantiate(Limits limits, Object context) {
            linkage.refuseAbove(limits);
            users.add();
            try {
                EndiveInstance instance = new EndiveInstance(modules, linkage, limits, context, ofImports);
                try {
                    instance.start(limits);
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
                ofImports.remove();
            }
        }
    }
}
