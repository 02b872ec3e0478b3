package dev.cloche.wasm;

/**
 * What a guest calls in us. Whatever it throws ends the guest's call and arrives, unchanged, as the cause of a
 * {@link HostFailure} where the host had called.
 */
@FunctionalInterface
public interface HostFunction {
    /** Reads the arguments from the frame, then sets the result there. The frame is of no use after the return. */
    void call(Frame frame);
}
