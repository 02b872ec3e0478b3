package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.TableInstance;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasm.types.Table;
import run.endive.wasm.types.TableLimits;
import run.endive.wasm.types.ValType;

/** An instance of Endive's. A guest is ended by interrupting its thread, but never while the host's own code runs. */
final class EndiveInstance extends GuestInstance {
    private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);

    private final EndiveEngine.Module module;
    private final Users ofImports;
    private final Object lock = new Object();
    /** How many host functions are open above the innermost call into the guest; guarded by the lock. */
    private int inHost;
    /** Whether the thread's interrupt is ours; guarded by the lock. */
    private boolean nudged;
    private run.endive.runtime.@Nullable Instance instance;
    private @Nullable EndiveMemory memory;

    EndiveInstance(EndiveEngine.Module module, Limits limits, Object context, Users ofImports) {
        super(context, module.engine().ticker(), limits);
        this.module = module;
        this.ofImports = ofImports;
        ofImports.add();
        module.engine().alive().add(this);
    }

    void start(List<HostImport> functions, Limits limits) {
        run(timeout(), () -> {
            run.endive.runtime.Instance made = run.endive.runtime.Instance.builder(module.parsed())
                    .withMachineFactory(module.machine())
                    .withImportValues(ImportValues.builder().withFunctions(functions.stream().<run.endive.runtime.ImportFunction>map(this::offered).toList()).build())
                    .withMemoryFactory(wanted -> {
                        memory = new EndiveMemory(wanted, limits.memoryBytes());
                        return memory;
                    })
                    .withTableFactory((table, content) -> new TableInstance(capped(table, limits.tableElements()), content))
                    .withStart(false) // it would run an export named _start as well
                    .build();
            instance = made;
            module.parsed().startSection().ifPresent(start -> made.getMachine().call((int) start.startIndex(), new long[0]));
            return new long[0];
        });
        if (module.shape().exports().stream().noneMatch(export -> export.name().equals("memory") && export.type() instanceof ExternType.Memory)) {
            memory = null;
        }
    }

    /** A table of its own for each instance: Endive keeps the size in the module's description. */
    private static Table capped(Table table, long most) {
        TableLimits limits = new TableLimits(table.limits().min(), Math.min(table.limits().max(), most));
        return new Table(table.elementType(), limits, table.initialize());
    }

    private HostFunction offered(HostImport one) {
        return new HostFunction(one.module(), one.name(),
                run.endive.wasm.types.FunctionType.of(types(one.type().parameters()), types(one.type().results())),
                (caller, arguments) -> enter(one, arguments));
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

    private long[] enter(HostImport one, long[] arguments) {
        EndiveFrame frame = new EndiveFrame(this, arguments, one.type().results().size());
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
    public Call call(String export) {
        FunctionType type = module.shape().function(export);
        refuseOthers();
        return new EndiveCall(this, type, Objects.requireNonNull(instance).export(export));
    }

    @Override
    public MemorySegment memory() {
        refuseOthers();
        return memory == null ? NONE : memory.segment();
    }

    @Override
    public boolean growMemory(int pages) {
        refuseOthers();
        return memory != null && memory.grow(pages) >= 0;
    }

    @Override
    void free() {
        module.engine().alive().remove(this);
        memory = null;
        instance = null;
        ofImports.remove();
    }
}
