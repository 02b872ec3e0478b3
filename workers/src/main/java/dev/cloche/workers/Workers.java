package dev.cloche.workers;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.outbound.Lookup;
import dev.cloche.wasm.CompiledModule;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.HostImport;
import dev.cloche.wasm.HostImports;
import dev.cloche.wasm.InvalidModule;
import dev.cloche.wasm.Library;
import dev.cloche.wasm.Template;
import dev.cloche.wasm.UnmetImports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Opens workers on one engine, which is the caller's to close, after this. Any thread. */
public final class Workers implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofSeconds(60);

    private final Engine engine;
    private final HostImports functions;
    private final CompiledModule kernel;
    private final Thread sweeper;
    private final OutboundHttp http;
    private final Set<LoadedWorker> open = ConcurrentHashMap.newKeySet();

    /** On this engine. */
    public Workers(Engine engine) {
        this(engine, new Lookup());
    }

    /** The same, asking for addresses elsewhere. */
    Workers(Engine engine, Lookup lookup) {
        this.engine = engine;
        this.http = new OutboundHttp(lookup);
        this.functions = engine.imports(offered(List.of()));
        this.kernel = engine.compile(Kernel.module());
        this.sweeper = Thread.ofVirtual().name("workers-sweeper").start(this::sweep);
    }

    private static List<HostImport> offered(List<HostImport> more) {
        List<HostImport> all = new ArrayList<>(ExtismFunctions.all());
        all.addAll(WasiFunctions.all());
        all.addAll(more);
        return all;
    }

    /** The engine's name and version. */
    public String engine() {
        return engine.name();
    }

    /** Whether builds with vectors are run. */
    public boolean simd() {
        return engine.name().startsWith("wasmtime");
    }

    /**
     * Compiles a worker, or takes its code from the cache. Its threads and guests are made when they are needed.
     *
     * @throws Problem that names the field, if a module is no module, imports what is not offered, or wants what is not granted
     */
    public Worker open(WorkerBundle bundle, WorkerSettings settings) {
        List<CompiledModule> modules = new ArrayList<>();
        // each set of functions has a stub for each that C can call, so all workers share one
        HostImports offered = settings.functions().isEmpty() ? functions : engine.imports(offered(settings.functions()));
        Runnable freed = settings.functions().isEmpty() ? () -> { } : offered::close;
        try {
            List<WorkerManifest.Module> named = bundle.manifest().modules();
            for (int i = 0; i < named.size(); i++) {
                modules.add(compiled(bundle, i));
            }
            List<Library> libraries = new ArrayList<>(List.of(new Library(Kernel.MODULE, kernel)));
            for (int i = 0; i < named.size() - 1; i++) {
                libraries.add(new Library(named.get(i).name(), modules.get(i)));
            }
            return loaded(bundle.digest(), bundle.manifest(), settings, modules.getLast(), linked(offered, libraries, modules.getLast()), freed);
        } catch (RuntimeException failed) {
            freed.run();
            throw failed;
        } finally {
            modules.forEach(CompiledModule::close);
        }
    }

    private CompiledModule compiled(WorkerBundle bundle, int index) {
        try {
            return engine.compile(bundle.code(bundle.manifest().modules().get(index), simd()));
        } catch (InvalidModule e) {
            throw Problem.field("wasm[" + index + "]", "module", "The module cannot be run: " + e.getMessage());
        }
    }

    private static Template linked(HostImports offered, List<Library> libraries, CompiledModule main) {
        try {
            return offered.link(libraries, main);
        } catch (UnmetImports e) {
            throw Problem.field("wasm", "imports", "The worker imports what is not offered here: " + e.getMessage());
        } catch (InvalidModule | IllegalArgumentException e) {
            throw Problem.field("wasm", "module", "The modules cannot be linked: " + e.getMessage());
        }
    }

    private Worker loaded(Digest digest, WorkerManifest manifest, WorkerSettings settings, CompiledModule main, Template template, Runnable freed) {
        try {
            WorkerCode code = new WorkerCode(manifest, settings, main, template, http);
            LoadedWorker[] self = new LoadedWorker[1];
            self[0] = new LoadedWorker(digest, code, () -> {
                open.remove(self[0]);
                freed.run();
            });
            open.add(self[0]);
            return self[0];
        } catch (RuntimeException failed) {
            template.close();
            throw failed;
        }
    }

    /** Closes guests that nobody has used for a while: each holds memory of its own. */
    private void sweep() {
        try {
            while (true) {
                Thread.sleep(SWEEP);
                long before = System.nanoTime() - IDLE.toNanos();
                open.forEach(worker -> worker.closeIdle(before));
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closes all workers that are still open, then what they share. */
    @Override
    public void close() {
        sweeper.interrupt();
        open.forEach(LoadedWorker::close);
        http.close();
        kernel.close();
        functions.close();
    }
}
