package dev.cloche.workers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.wasm.Call;
import dev.cloche.wasm.HostFailure;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.LimitExceeded;
import dev.cloche.wasm.Trap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One instance of a worker, and what the host's functions know of it. For one thread at a time. */
final class Guest implements PluginMemory, AutoCloseable {
    private static final int STDERR = 64 * 1024;
    private static final int LONGEST_ERROR = 65_536;

    private final WorkerCode code;
    private final Variables variables;
    private final Wasi wasi;
    private final LogBudget log;
    private OutboundHttp.Answer answer = OutboundHttp.Answer.NONE;
    private long usedAt;
    private @Nullable Kernel kernel;
    private volatile @Nullable Instance instance;

    Guest(WorkerCode code) {
        this(code, new Variables(code.manifest().memory().maxVarBytes()));
    }

    private Guest(WorkerCode code, Variables variables) {
        this.code = code;
        this.variables = variables;
        this.log = new LogBudget(code.settings().log());
        this.wasi = new Wasi(new WasiFiles(code.folders()));
    }

    /** What came of a call, and whether the guest can be used again. */
    record End(CallOutcome outcome, boolean usable) {
        static End lost(Failure kind, String message) {
            return new End(CallOutcome.Failed.of(kind, message), false);
        }
    }

    Map<String, String> config() {
        return code.config();
    }

    Variables variables() {
        return variables;
    }

    Wasi wasi() {
        return wasi;
    }

    Kernel kernel() {
        if (kernel == null) {
            throw new Refused("the host's memory cannot be used before the module is made");
        }
        return kernel;
    }

    OutboundHttp.Answer answer() {
        return answer;
    }

    void answer(OutboundHttp.Answer latest) {
        answer = latest;
    }

    OutboundHttp.Answer http(OutboundHttp.Request request, BooleanSupplier ending) {
        return code.http().send(request, code.rules(), ending);
    }

    void log(WorkerSettings.WorkerLog.Level level, String text) {
        log.log(level, text);
    }

    @Override
    public byte[] read(long offset) {
        return kernel().read(offset);
    }

    @Override
    public long write(byte[] bytes) {
        return kernel().write(bytes);
    }

    @Override
    public void free(long offset) {
        kernel().free(offset);
    }

    /** When it was put back into the pool. */
    long usedAt() {
        return usedAt;
    }

    void usedAt(long nanoTime) {
        usedAt = nanoTime;
    }

    /** Whether it has grown so much that another call may find no room: then a new one is cheaper than a failure. */
    boolean outgrown() {
        return nearlyFull();
    }

    /** Forgets what belongs to one session. */
    void forget() {
        variables.clear();
        answer = OutboundHttp.Answer.NONE;
    }

    /** Ends the call that runs now, if one does. Any thread. */
    void interrupt() {
        Instance running = instance;
        if (running != null) {
            running.interrupt();
        }
    }

    /** Calls a function; on a guest thread. */
    End call(String function, byte[] input, Duration timeout) {
        log.refill();
        return code.isCommand(function) ? runCommand(function, input, timeout) : callExport(function, input, timeout);
    }

    private End callExport(String function, byte[] input, Duration timeout) {
        if (!code.callable(function)) {
            return new End(CallOutcome.Failed.of(Failure.UNKNOWN_FUNCTION, "Function not found: " + function), true);
        }
        Wasi.Lines out = new Wasi.Lines(line -> log(WorkerSettings.WorkerLog.Level.INFO, line));
        Wasi.Lines errors = new Wasi.Lines(line -> log(WorkerSettings.WorkerLog.Level.WARN, line));
        wasi.begin(List.of(), new byte[0], out, errors);
        try {
            Instance ready = ready();
            if (!kernel().begin(input)) {
                return End.lost(Failure.OUT_OF_MEMORY, "no room for an input of " + input.length + " bytes");
            }
            Call call = ready.call(function);
            long started = System.nanoTime();
            try {
                call.run(timeout);
            } catch (HostFailure failure) {
                if (failure.getCause() instanceof WasiExit exit && exit.code() == 0) {
                    return ended(call, 0, System.nanoTime() - started, false);
                }
                return failed(failure, timeout);
            }
            return ended(call, call.type().results().isEmpty() ? 0 : call.i32(), System.nanoTime() - started, !function.equals("_start"));
        } catch (Trap | HostFailure | LimitExceeded end) {
            return failed(end, timeout);
        } finally {
            out.flush();
            errors.flush();
        }
    }

    /** The function returned, or the guest ended itself well. */
    private End ended(Call call, int result, long nanos, boolean usable) {
        Kernel.End end = kernel().end();
        if (end.errorLength() > 0) {
            return new End(said(error(end)), usable);
        }
        if (result != 0) {
            return new End(CallOutcome.Failed.of(Failure.FAILED, "Returned non-zero exit code: " + result), usable);
        }
        if (end.outputLength() > code.largestOutput()) {
            return End.lost(Failure.FAILED, "the output has more than " + code.largestOutput() + " bytes");
        }
        return new End(new CallOutcome.Answer(kernel().bytes(end.output(), end.outputLength()), nanos), usable);
    }

    private String error(Kernel.End end) {
        return new String(kernel().bytes(end.error(), Math.min(end.errorLength(), LONGEST_ERROR)), StandardCharsets.UTF_8);
    }

    /** An error that a worker set: one that names a field says that the input is wrong. */
    static CallOutcome.Failed said(String text) {
        if (text.startsWith("{")) {
            try {
                JsonNode json = Json.tree(text.getBytes(StandardCharsets.UTF_8));
                if (json.path("message").isTextual() && (json.path("field").isTextual() || json.path("rule").isTextual())) {
                    return new CallOutcome.Failed(Failure.BAD_INPUT, json.get("message").textValue(),
                            Optional.ofNullable(json.path("field").textValue()), Optional.ofNullable(json.path("rule").textValue()));
                }
            } catch (Problem e) {
                return CallOutcome.Failed.of(Failure.FAILED, text);
            }
        }
        return CallOutcome.Failed.of(Failure.FAILED, text);
    }

    /** The guest was ended; an error that it had set before says more than the way it went. */
    private End failed(RuntimeException end, Duration timeout) {
        if (!(end instanceof Trap trap && trap.kind() == Trap.Kind.INTERRUPTED) && kernel != null && instance != null) {
            try {
                Kernel.End left = kernel.end();
                if (left.errorLength() > 0) {
                    return new End(said(error(left)), false);
                }
                if (end instanceof Trap && (left.refused() || nearlyFull())) {
                    return End.lost(Failure.OUT_OF_MEMORY, "out of memory: it was ended after its memory had come near the limit of " + code.limits().memoryBytes() + " bytes");
                }
            } catch (Trap | IllegalStateException gone) {
                return lost(end, timeout);
            }
        }
        return lost(end, timeout);
    }

    private static End lost(RuntimeException end, Duration timeout) {
        return switch (end) {
            case Trap trap -> switch (trap.kind()) {
                case INTERRUPTED -> End.lost(Failure.TIMED_OUT, "timeout: it ran longer than " + timeout.toMillis() + " ms");
                case OUT_OF_MEMORY -> End.lost(Failure.OUT_OF_MEMORY, "out of memory: " + trap.getMessage());
                case STACK_OVERFLOW -> End.lost(Failure.TRAPPED, "call stack exhausted");
                case OUT_OF_BOUNDS, UNREACHABLE, ARITHMETIC, BAD_CALL, OTHER -> End.lost(Failure.TRAPPED, String.valueOf(trap.getMessage()));
            };
            case LimitExceeded limit -> End.lost(Failure.OUT_OF_MEMORY, String.valueOf(limit.getMessage()));
            case HostFailure failure -> switch (failure.getCause()) {
                case WasiExit exit -> End.lost(Failure.FAILED, "exit code " + exit.code());
                case Refused refused when refused.text().startsWith("out of memory") -> End.lost(Failure.OUT_OF_MEMORY, refused.text());
                case Refused refused -> End.lost(Failure.TRAPPED, refused.text());
                case Trap trap -> lost(trap, timeout);
                default -> End.lost(Failure.TRAPPED, "a function of the host failed: " + failure.getCause());
            };
            default -> throw end;
        };
    }

    /** A guest that grows by doubling is refused when it has half of what it may have. */
    private boolean nearlyFull() {
        return instance != null && kernel != null && (instance.memory().byteSize() + kernel.size()) * 2 >= code.limits().memoryBytes();
    }

    /** A command is made anew for each call: its memory cannot be used twice. */
    private End runCommand(String function, byte[] input, Duration timeout) {
        Wasi.Kept output = new Wasi.Kept(code.largestOutput(), true);
        Wasi.Kept errors = new Wasi.Kept(STDERR, false);
        wasi.begin(List.of(code.manifest().name(), function), input, output, errors);
        long started = System.nanoTime();
        try {
            Instance ready = ready();
            started = System.nanoTime();
            ready.call("_start").run(timeout);
            return new End(new CallOutcome.Answer(output.bytes(), System.nanoTime() - started), false);
        } catch (HostFailure failure) {
            if (failure.getCause() instanceof WasiExit exit) {
                String said = errors.text().strip();
                return new End(exit.code() == 0 ? new CallOutcome.Answer(output.bytes(), System.nanoTime() - started)
                        : said(said.isEmpty() ? "exit code " + exit.code() : said), false);
            }
            return failed(failure, timeout);
        } catch (Trap | LimitExceeded end) {
            return failed(end, timeout);
        }
    }

    /** A guest for what this one leaves: its variables. */
    Guest successor() {
        return new Guest(code, variables);
    }

    /** The instance, made and initialised if that has not been done. */
    private Instance ready() {
        Instance made = instance;
        if (made == null) {
            made = code.instantiate(this);
            instance = made;
            kernel = new Kernel(made.part(Kernel.MODULE));
            code.initialise(made);
        }
        return made;
    }

    @Override
    public void close() {
        wasi.close();
        if (instance != null) {
            instance.close();
            instance = null;
        }
    }
}
