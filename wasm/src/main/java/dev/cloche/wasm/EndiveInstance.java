package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.types.ValType;

/** An instance of Endive's. A guest is ended by interrupting its thread, but never while the host's own code runs. */
final class EndiveInstance extends GuestInstance {
    private final EndiveEngine engine;
    private final Linkage linkage;
    private final Users ofImports;
    private final Object lock = new Object();
    /** How many host functions are open above the innermost call into the guest; guarded by the lock. */
    private int inHost;
    /** Whether the thread's interrupt is ours; guarded by the lock. */
    private boolean nudged;
    private final List<EndivePart> parts = new ArrayList<>();

    EndiveInstance(List<EndiveEngine.Module> modules, Linkage linkage, Limits limits, Object context, Users ofImports) {
        super(context, modules.getLast().engine().ticker(), limits);
        this.engine = modules.getLast().engine();
        this.linkage = linkage;
        this.ofImports = ofImports;
        modules.forEach(module -> parts.add(new EndivePart(this, module)));
        ofImports.add();
        engine.alive().add(this);
    }

    void start(Limits limits) {
        EndiveMemory.Budget budget = new EndiveMemory.Budget(limits.memoryBytes());
        run(timeout(), () -> {
            for (int i = 0; i < parts.size(); i++) {
                parts.get(i).start(imports(linkage.units().get(i)), limits, budget);
            }
            return new long[0];
        });
    }

    private ImportValues imports(Linkage.Unit unit) {
        ImportValues.Builder imports = ImportValues.builder();
        for (int i = 0; i < unit.sources().size(); i++) {
            Import wanted = unit.shape().imports().get(i);
            switch (unit.sources().get(i)) {
                case Linkage.Source.Host host -> imports.addFunction(offered(host.function()));
                case Linkage.Source.Earlier earlier -> parts.get(earlier.unit()).offer(wanted, imports);
            }
        }
        return imports.build();
    }

    private HostFunction offered(HostImport one) {
        return new HostFunction(one.module(), one.name(),
                run.endive.wasm.types.FunctionType.of(types(one.type().parameters()), types(one.type().results())),
                (caller, arguments) -> enter(one, caller, arguments));
    }

    private static List<ValType> types(List<ValueType> types) {
        return types.stream().map(type -> switch (type) {
            case I32 -> ValType.I32;
            case I64 -> ValType.I64;
            case F32 -> ValType.F32;
            case F64 -> ValType.F64;
            case V128, REFERENCE -> throw new IllegalArgumentException(type.text());
        }).toList();
    }

    private long[] enter(HostImport one, run.endive.runtime.Instance caller, long[] arguments) {
        EndiveFrame frame = new EndiveFrame(this, caller, arguments, one.type().results().size());
        synchronized (lock) {
            inHost++;
            calm();
        }
        try {
            one.function().call(frame);
            return frame.results();
        } catch (StackOverflowError e) {
            failed(new Trap(Trap.Kind.STACK_OVERFLOW, "call stack exhausted"));
            throw new Unwound();
        } catch (Throwable thrown) {
            failed(thrown);
            throw new Unwound();
        } finally {
            frame.shut();
            synchronized (lock) {
                inHost--;
                nudge();
            }
        }
    }

    /** Carries nothing: what was thrown is kept in the instance. */
    private static final class Unwound extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unwound() {
            super(null, null, false, false);
        }
    }

    long[] run(long ticks, Supplier<long[]> guest) {
        GuestThread thread = GuestThread.here();
        boolean outer = claim(thread, ticks);
        GuestInstance before = thread.current;
        thread.current = this;
        int hosts;
        synchronized (lock) {
            hosts = inHost;
            inHost = 0;
            nudge(); // an outer call may be over its time already
        }
        try {
            long[] results = guest.get();
            return results == null ? new long[0] : results;
        } catch (RuntimeException | StackOverflowError | AssertionError e) {
            throw hasFailed() ? takeFailure() : translated(e);
        } finally {
            thread.current = before;
            synchronized (lock) {
                inHost = hosts;
                calm();
                if (outer) {
                    release(thread);
                }
            }
        }
    }

    private RuntimeException translated(Throwable thrown) {
        if (thrown instanceof LimitExceeded limit) {
            return limit;
        }
        if (thrown instanceof WasmInterruptedException) {
            return ended();
        }
        if (thrown instanceof StackOverflowError || thrown.getCause() instanceof StackOverflowError) {
            return new Trap(Trap.Kind.STACK_OVERFLOW, "call stack exhausted");
        }
        String message = Objects.requireNonNullElse(thrown.getMessage(), thrown.toString());
        return new Trap(kind(message.toLowerCase(Locale.ROOT)), message);
    }

    /** The messages are those of the specification's test suite, which Endive runs. */
    private static Trap.Kind kind(String message) {
        if (message.contains("out of bounds") || message.contains("undefined element")) {
            return Trap.Kind.OUT_OF_BOUNDS;
        }
        if (message.contains("unreachable")) {
            return Trap.Kind.UNREACHABLE;
        }
        if (message.contains("divide by zero") || message.contains("integer overflow") || message.contains("conversion to integer")) {
            return Trap.Kind.ARITHMETIC;
        }
        if (message.contains("uninitialized element") || message.contains("indirect call") || message.contains("null function")) {
            return Trap.Kind.BAD_CALL;
        }
        return message.contains("stack exhausted") ? Trap.Kind.STACK_OVERFLOW : Trap.Kind.OTHER;
    }

    @Override
    void nudge() {
        synchronized (lock) {
            Thread thread = runner();
            if (thread != null && inHost == 0 && !nudged && ending()) {
                nudged = true;
                thread.interrupt();
            }
        }
    }

    /** Takes our own interrupt of this thread back; with the lock held. */
    private void calm() {
        if (nudged) {
            nudged = false;
            Thread.interrupted();
        }
    }

    @Override
    public Part part(String library) {
        for (int i = 0; i < parts.size() - 1; i++) {
            if (linkage.units().get(i).name().equals(library)) {
                return parts.get(i);
            }
        }
        throw new IllegalArgumentException("no library is named " + library);
    }

    @Override
    public Call call(String export) {
        return parts.getLast().call(export);
    }

    @Override
    public MemorySegment memory() {
        return parts.getLast().memory();
    }

    @Override
    public boolean growMemory(int pages) {
        return parts.getLast().growMemory(pages);
    }

    /** The memory that the calling part exports. */
    MemorySegment memoryOf(run.endive.runtime.Instance caller) {
        for (EndivePart part : parts) {
            if (part.is(caller)) {
                return part.memory();
            }
        }
        return EndivePart.NONE;
    }

    /** Growth is counted as it happens. */
    @Override
    boolean aboveMemory() {
        return false;
    }

    @Override
    void free() {
        engine.alive().remove(this);
        parts.forEach(EndivePart::free);
        ofImports.remove();
    }
}
