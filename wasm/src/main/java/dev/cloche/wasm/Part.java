package dev.cloche.wasm;

import java.lang.foreign.MemorySegment;

/** One module of an instance: what it exports. The rules of {@link Instance} hold. */
public interface Part {
    /**
     * Prepares calls of an exported function.
     *
     * @throws IllegalArgumentException if there is no such function, or its values cannot cross
     */
    Call call(String export);

    /**
     * The memory exported as {@code memory}, as large as it is now; see {@link Frame#memory}. A module that exports
     * none has an empty one. Of no use after the instance is closed: access then throws {@link IllegalStateException}.
     */
    MemorySegment memory();

    /** Enlarges the memory by this many pages of 64 KiB, filled with zeros; false if the limits forbid it. */
    boolean growMemory(int pages);
}
