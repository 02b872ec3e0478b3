package dev.cloche.wasm;

import java.time.Duration;

/**
 * What one instance may use.
 *
 * @param memoryBytes largest linear memory; growth beyond it fails inside the guest as WebAssembly defines (-1). Where parts
 *     have a memory each, it holds for their sum: on Endive in the same way, on wasmtime the guest is ended after at most a tick
 * @param tableElements largest table, in elements
 * @param timeout longest time of one call from outside, host functions included
 */
public record Limits(long memoryBytes, long tableElements, Duration timeout) {
    /** 256 MiB, 100,000 elements, 5 seconds. */
    public static final Limits DEFAULT = new Limits(256L << 20, 100_000, Duration.ofSeconds(5));

    /** Limits of these sizes. */
    public Limits {
        if (memoryBytes < 0 || memoryBytes > 4L << 30) {
            throw new IllegalArgumentException("memoryBytes must be between 0 and 4 GiB, is " + memoryBytes);
        }
        if (tableElements < 0 || tableElements > 10_000_000) {
            throw new IllegalArgumentException("tableElements must be between 0 and 10,000,000, is " + tableElements);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, is " + timeout);
        }
    }
}
