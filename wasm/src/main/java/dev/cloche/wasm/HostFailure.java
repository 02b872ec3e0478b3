package dev.cloche.wasm;

import java.util.Objects;

/**
 * A call that ended because a host function threw; {@link #getCause} is what it threw. The guest was left in the middle,
 * so its instance is of no use any more.
 */
public final class HostFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what the host function threw. */
    public HostFailure(Throwable cause) {
        super("a host function failed", cause, false, false);
    }

    /** What the host function threw. */
    @Override
    public synchronized Throwable getCause() {
        return Objects.requireNonNull(super.getCause());
    }
}
