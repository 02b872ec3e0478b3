package dev.cloche.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What instances of both engines share: who runs it, until when, and who told it to stop. */
abstract class GuestInstance implements Instance {
    private static final VarHandle RUNNER;
    private static final VarHandle RUN;
    private static final VarHandle DEADLINE;
    private static final Thread NOBODY_ANY_MORE = Thread.ofPlatform().unstarted(() -> { });

    static {
        try {
            RUNNER = MethodHandles.lookup().findVarHandle(GuestInstance.class, "runner", Thread.class);
            RUN = MethodHandles.lookup().findVarHandle(GuestInstance.class, "run", long.class);
            DEADLINE = MethodHandles.lookup().findVarHandle(GuestInstance.class, "deadline", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Object context;
    private final Ticker ticker;
    private final long timeout;
    /** The thread that runs it. Whoever puts itself here owns all plain fields below. */
    private volatile @Nullable Thread runner;
    /** The number of the outermost call. */
    private volatile long run;
    private volatile long deadline;
    private volatile long interrupted = -1;
    /** Whether its memories were above their limit when that was looked at; one that was so stays lost. */
    private boolean above;
    /** What a host function threw, while the guest is unwound. */
    private @Nullable Throwable failure;

    GuestInstance(Object context, Ticker ticker, Limits limits) {
        this.context = Objects.requireNonNull(context);
        this.ticker = ticker;
        this.timeout = Ticker.ticks(limits.timeout());
    }

    @Override
    public final Object context() {
        return context;
    }

    /** The time-out of its limits, in ticks. */
    final long timeout() {
        return timeout;
    }

    /** Claims the instance for this thread; true if that is the outermost call. */
    final boolean claim(GuestThread thread, long ticks) {
        if (runner == thread) {
            return false;
        }
        if (thread.depth >= GuestThread.NESTED) {
            throw new Trap(Trap.Kind.STACK_OVERFLOW, "more than " + GuestThread.NESTED + " instances call one another");
        }
        Thread before = (Thread) RUNNER.compareAndExchange(this, (Thread) null, (Thread) thread);
        if (before != null) {
            throw new IllegalStateException(before == NOBODY_ANY_MORE ? "the instance is closed" : "the instance is run by " + before.getName());
        }
        RUN.setOpaque(this, run + 1);
        DEADLINE.setOpaque(this, ticker.now() + ticks);
        thread.depth++;
        return true;
    }

    final void release(GuestThread thread) {
        thread.depth--;
        RUNNER.setRelease(this, (Thread) null);
    }

    /** Refuses the use by a thread while another runs it, and all use once it is closed. */
    final void refuseOthers() {
        Thread now = runner;
        if (now != null && now != Thread.currentThread()) {
            throw new IllegalStateException(now == NOBODY_ANY_MORE ? "the instance is closed" : "the instance is run by " + now.getName());
        }
    }

    @Override
    public final void interrupt() {
        long number = run;
        if (runner != null && runner != NOBODY_ANY_MORE) {
            interrupted = number;
            nudge();
        }
    }

    @Override
    public final boolean ending() {
        return interrupted == run || ticker.now() >= deadline || above;
    }

    /** Why it is ending, for people. */
    final Trap ended() {
        if (above) {
            return new Trap(Trap.Kind.OUT_OF_MEMORY, "its memories together are larger than their limit");
        }
        return new Trap(Trap.Kind.INTERRUPTED, interrupted == run ? "interrupted" : "ran longer than its time-out");
    }

    /** Whether its memories together are above their limit. */
    abstract boolean aboveMemory();

    /** As {@link #ending}, after a tick: looks at the memory too. Its own thread only. */
    final boolean endingNow() {
        above = aboveMemory();
        return ending();
    }

    /** Makes a running guest look at {@link #ending}. */
    abstract void nudge();

    /** Keeps what a host function threw. */
    final void failed(Throwable thrown) {
        failure = thrown;
    }

    final boolean hasFailed() {
        return failure != null;
    }

    /** What to throw where the host had called: what was thrown by an inner call goes through as it is. */
    final RuntimeException takeFailure() {
        Throwable thrown = Objects.requireNonNull(failure);
        failure = null;
        return switch (thrown) {
            case Trap trap -> trap;
            case HostFailure inner -> inner;
            default -> new HostFailure(thrown);
        };
    }

    /** The thread that runs it, if one does. */
    final @Nullable Thread runner() {
        return runner == NOBODY_ANY_MORE ? null : runner;
    }

    @Override
    public final void close() {
        Thread before = (Thread) RUNNER.compareAndExchange(this, (Thread) null, NOBODY_ANY_MORE);
        if (before == NOBODY_ANY_MORE) {
            return;
        }
        if (before != null) {
            throw new IllegalStateException("the instance is run by " + before.getName());
        }
        free();
    }

    /** Frees what it holds; called once, when nobody runs it. */
    abstract void free();
}
