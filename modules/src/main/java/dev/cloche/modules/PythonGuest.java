package dev.cloche.modules;

import dev.cloche.values.Identity;
import dev.cloche.wasm.GuestThread;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs Python modules: the interpreter is compiled once, started once and then copied, so that a user's module is no new
 * WebAssembly but text that a copy reads. Any thread may use it.
 *
 * <p>The guest says in its data where the text goes, see {@link PythonModulePacker}; the form of the text is {@link PythonSource}.
 */
public final class PythonGuest implements AutoCloseable {
    private final ModuleHost host;
    private final Supplier<byte[]> file;
    private final CompletableFuture<Module> started = new CompletableFuture<>();
    private @Nullable PythonModulePacker packer;

    /**
     * Over an interpreter that is read and started when a module first asks for it: a server without Python modules spends no
     * memory on it. The first module waits, for seconds where the interpreter's code is not in the engine's cache yet.
     */
    public PythonGuest(ModuleHost host, Supplier<byte[]> file) {
        this.host = host;
        this.file = file;
    }

    /** Starts the interpreter in the background if it is not started yet, so that the next module need not wait. */
    public void start() {
        packer();
    }

    private synchronized PythonModulePacker packer() {
        PythonModulePacker now = packer;
        if (now == null) {
            byte[] guest = file.get();
            now = new PythonModulePacker(guest);
            packer = now;
            GuestThread thread = new GuestThread("python-guest", () -> prepare(guest));
            thread.setDaemon(true);
            thread.start();
        }
        return now;
    }

    private void prepare(byte[] guest) {
        try {
            started.complete(host.load(host.startedOnce(guest)));
        } catch (RuntimeException | Error e) {
            started.completeExceptionally(e);
        }
    }

    /**
     * A module from Python source; nothing of it runs yet.
     *
     * @throws ModuleRefused if it is too large
     */
    public Module load(PythonSource source) {
        return interpreter().with(packer().encoded(source));
    }

    /**
     * The source of a module that was packed on this very interpreter: it need not be compiled, {@link #load} runs it. Empty
     * for any other, however alike: packing the source again must give the same bytes.
     */
    public Optional<PythonSource> sourceOf(byte[] module) {
        try {
            return PythonModulePacker.source(module).filter(source -> Arrays.equals(packer().pack(source), module));
        } catch (ModuleRefused notOurs) {
            return Optional.empty();
        }
    }

    /** The module of the public ABI with these files, for any host. */
    public byte[] pack(PythonSource source) {
        return packer().pack(source);
    }

    private Module interpreter() {
        start();
        try {
            return started.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Gives the interpreter up; waits until it is ready if it is not yet. */
    @Override
    public synchronized void close() {
        if (packer == null) {
            return;
        }
        started.handle((module, failure) -> {
            if (module != null) {
                module.close();
            }
            return true;
        }).join();
    }

    /** What the interpreter works on while it is started: it has no database yet. */
    static GuestState stateNowhere() {
        return new GuestState(Identity.ZERO, line -> { }, Outside.NOTHING);
    }
}
