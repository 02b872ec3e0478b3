package dev.cloche.modules;

import dev.cloche.tables.Store;
import dev.cloche.tables.Transaction;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import dev.cloche.wasm.Call;
import dev.cloche.wasm.HostFailure;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.Trap;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A running module. Of one {@link dev.cloche.wasm.GuestThread} at a time; any thread may {@link #interrupt} it. After a call
 * that ended as {@link CallEnd.Broken} it is of no use any more: close it and start another.
 */
public final class ModuleInstance implements AutoCloseable {
    /** A view's answer begins with a header (facts, specification E): its rows, or SQL. */
    private static final int WITH_HEADER = 2;

    private static final int START_FACTOR = 10;
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final int LONGEST_REFUSAL = 64 << 10;

    private final Instance instance;
    private final GuestState state;
    private final Exports exports;
    private final Duration timeout;
    private final Call reducer;
    private final long made = System.nanoTime();
    private byte @Nullable [] definition;

    ModuleInstance(Instance instance, GuestState state, Exports exports, Duration timeout) {
        this.instance = instance;
        this.state = state;
        this.exports = exports;
        this.timeout = timeout;
        reducer = instance.call(Exports.REDUCER);
    }

    /** Runs what has to run once. */
    void begin() {
        for (String start : exports.starts()) {
            switch (run(start, new byte[0], null, null, false, () -> instance.call(start).run(leftToStart()))) {
                case CallEnd.Broken(CallEnd.Cause cause, String detail) ->
                        throw new ModuleRefused(ModuleRefused.Reason.START, "wasm trap while calling \"" + start + "\": " + detail);
                case CallEnd.Done done -> { }
                case CallEnd.Refused refused -> { }
            }
        }
        if (exports.has(Exports.SETUP)) {
            setUp(leftToStart());
        }
    }

    /** What is left of the time for all of the start. */
    private Duration leftToStart() {
        Duration left = timeout.multipliedBy(START_FACTOR).minusNanos(System.nanoTime() - made);
        return left.compareTo(LEAST) > 0 ? left : LEAST;
    }

    /** As {@link #begin}, for code that finds its own functions only after it was asked for its definition. */
    void beginAndDescribe() {
        begin();
        definition = described();
    }

    private void setUp(Duration limit) {
        Call call = instance.call(Exports.SETUP).i32(0, GuestState.RESULT);
        switch (answered(Exports.SETUP, new byte[0], null, null, false, call, limit)) {
            case CallEnd.Broken(CallEnd.Cause cause, String detail) ->
                    throw new ModuleRefused(ModuleRefused.Reason.START, "wasm trap while calling \"" + Exports.SETUP + "\": " + detail);
            case CallEnd.Refused(String message) -> throw new ModuleRefused(ModuleRefused.Reason.SOURCE, message);
            case CallEnd.Done done -> { }
        }
    }

    /**
     * The module's definition: BSATN of a {@code RawModuleDef}.
     *
     * @throws ModuleRefused if it breaks
     */
    public byte[] describe() {
        return definition == null ? described() : definition;
    }

    private byte[] described() {
        Call call = instance.call(Exports.DESCRIBE).i32(0, GuestState.RESULT);
        return switch (run(Exports.DESCRIBE, new byte[0], null, null, false, () -> call.run(leftToStart()))) {
            case CallEnd.Done(byte[] value) -> value;
            case CallEnd.Refused(String message) -> throw new ModuleRefused(ModuleRefused.Reason.START, message);
            case CallEnd.Broken(CallEnd.Cause cause, String detail) ->
                    throw new ModuleRefused(ModuleRefused.Reason.START, "wasm trap while calling \"" + Exports.DESCRIBE + "\": " + detail);
        };
    }

    /** Runs a reducer in an open transaction, which the caller commits or rolls back afterwards. */
    public CallEnd reducer(int id, String name, Caller caller, byte[] arguments, Store store, Transaction transaction) {
        state.begin(name, arguments, store, transaction, false);
        Call call = set(reducer, id, caller);
        return answered(call);
    }

    /** Runs a procedure, which takes transactions by itself. */
    public CallEnd procedure(int id, String name, Caller caller, byte[] arguments, Duration limit) {
        Call call = instance.call(Exports.PROCEDURE);
        state.begin(name, arguments, null, null, true);
        return finished(() -> set(call, id, caller).run(limit), call);
    }

    private Call set(Call call, int id, Caller caller) {
        Identity sender = caller.sender();
        ConnectionId connection = caller.connection();
        return call.i32(0, id)
                .i64(1, sender.word0()).i64(2, sender.word1()).i64(3, sender.word2()).i64(4, sender.word3())
                .i64(5, connection.word0()).i64(6, connection.word1())
                .i64(7, caller.timestamp()).i32(8, state.argumentsHandle()).i32(9, GuestState.RESULT);
    }

    /** Runs a view over the tables as they are, which it cannot change; the rows, or SQL whose rows they are. */
    public ViewEnd view(int id, String name, Identity sender, Store store) {
        Call call = instance.call(Exports.VIEW).i32(0, id)
                .i64(1, sender.word0()).i64(2, sender.word1()).i64(3, sender.word2()).i64(4, sender.word3())
                .i32(5, 0).i32(6, GuestState.RESULT);
        return viewed(name, store, call);
    }

    /** As {@link #view}, for one that does not know who asks. */
    public ViewEnd anonymousView(int id, String name, Store store) {
        return viewed(name, store, instance.call(Exports.ANONYMOUS_VIEW).i32(0, id).i32(1, 0).i32(2, GuestState.RESULT));
    }

    private ViewEnd viewed(String name, Store store, Call call) {
        return switch (run(name, new byte[0], store, null, false, () -> call.run(timeout))) {
            case CallEnd.Done(byte[] value) -> switch (call.i32()) {
                case 0 -> new ViewEnd.Rows(value);
                case WITH_HEADER -> ViewEnd.ofHeader(value);
                default -> new ViewEnd.Failed(new CallEnd.Refused(text(value)));
            };
            case CallEnd.Refused refused -> new ViewEnd.Failed(refused);
            case CallEnd.Broken broken -> new ViewEnd.Failed(broken);
        };
    }

    /** Lets an HTTP handler answer a request, with transactions that it takes by itself. */
    public HandlerEnd handler(int id, String name, long timestamp, HttpRequestHead request, byte[] body, Duration limit) {
        if (!exports.has(Exports.HANDLER)) {
            return new HandlerEnd(new CallEnd.Broken(CallEnd.Cause.TRAP, "the module has routes, but no " + Exports.HANDLER), new byte[0]);
        }
        Call call = instance.call(Exports.HANDLER);
        state.begin(name, request.encode(), null, null, true);
        state.openAt(GuestState.BODY, body);
        CallEnd end = finished(() -> call.i32(0, id).i64(1, timestamp)
                .i32(2, state.argumentsHandle()).i32(3, body.length == 0 ? 0 : GuestState.BODY)
                .i32(4, GuestState.RESULT).i32(5, GuestState.RESULT_BODY).run(limit), call);
        return new HandlerEnd(end, state.resultBody());
    }

    /** How an HTTP handler ended, with the BSATN of a {@link HttpResponseHead} as its value, and the body that it wrote. */
    public record HandlerEnd(CallEnd end, byte[] body) {}

    private CallEnd answered(String name, byte[] arguments, @Nullable Store store, @Nullable Transaction transaction, boolean procedure, Call call, Duration limit) {
        state.begin(name, arguments, store, transaction, procedure);
        return finished(() -> call.run(limit), call);
    }

    private CallEnd answered(Call call) {
        return finished(call::run, call);
    }

    /** Runs a call whose number says whether it succeeded. */
    private CallEnd finished(Runnable work, Call call) {
        CallEnd end = guarded(work);
        if (end instanceof CallEnd.Done(byte[] value) && call.i32() != 0) {
            return new CallEnd.Refused(text(value));
        }
        return end;
    }

    /** What a module says of its refusal; the end of a very long text is left out. */
    private static String text(byte[] value) {
        return value.length <= LONGEST_REFUSAL
                ? new String(value, StandardCharsets.UTF_8)
                : new String(value, 0, LONGEST_REFUSAL, StandardCharsets.UTF_8) + " … (" + (value.length - LONGEST_REFUSAL) + " more bytes)";
    }

    private CallEnd run(String name, byte[] arguments, @Nullable Store store, @Nullable Transaction transaction, boolean procedure, Runnable work) {
        state.begin(name, arguments, store, transaction, procedure);
        return guarded(work);
    }

    private CallEnd guarded(Runnable work) {
        try {
            work.run();
            return new CallEnd.Done(state.result());
        } catch (Trap trap) {
            return new CallEnd.Broken(cause(trap), String.valueOf(trap.getMessage()));
        } catch (HostFailure failure) {
            return ofFailure(failure);
        } finally {
            state.end();
        }
    }

    /** What a guest did wrong ends its call; a mistake of ours is not hidden as one of the guest's. */
    private static CallEnd ofFailure(HostFailure failure) {
        Throwable cause = failure.getCause();
        if (cause instanceof OutOfRoom) {
            return new CallEnd.Broken(CallEnd.Cause.MEMORY, String.valueOf(cause.getMessage()));
        }
        if (cause instanceof GuestFault || cause instanceof IndexOutOfBoundsException) {
            return new CallEnd.Broken(CallEnd.Cause.TRAP, String.valueOf(cause.getMessage()));
        }
        throw failure;
    }

    private static CallEnd.Cause cause(Trap trap) {
        return switch (trap.kind()) {
            case INTERRUPTED -> CallEnd.Cause.TIME;
            case STACK_OVERFLOW -> CallEnd.Cause.STACK;
            case OUT_OF_MEMORY -> CallEnd.Cause.MEMORY;
            case OUT_OF_BOUNDS, UNREACHABLE, ARITHMETIC, BAD_CALL, OTHER -> CallEnd.Cause.TRAP;
        };
    }

    /** The identifiers of the tables that the last view read. */
    public Set<Integer> lastReads() {
        return state.lastReads();
    }

    /** Bytes of memory that it has now. */
    public long memory() {
        return instance.memory().byteSize();
    }

    /** Whether the call that runs is to end: host functions that take long ask. */
    public boolean ending() {
        return instance.ending();
    }

    /** Ends the call that runs, as one that took too long. Any thread. */
    public void interrupt() {
        instance.interrupt();
    }

    @Override
    public void close() {
        instance.close();
    }
}
