package dev.cloche.modules;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cloche.wasm.Instance;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * What the start of an instance has changed in its memory, so that others begin where that one stood. Good for guests whose
 * state between two calls is in their memory alone, as that of the Python interpreter. Any thread.
 */
final class StartedMemory {
    private static final int PAGE = 65_536;
    /** What is looked at as a whole; the machine copies a page of this size when it is first written. */
    private static final int PIECE = 4096;

    private final long size;
    private final List<Run> runs;

    private record Run(long from, byte[] content) {}

    private StartedMemory(long size, List<Run> runs) {
        this.size = size;
        this.runs = runs;
    }

    /** The difference between an instance that was only made and one that was started. */
    static StartedMemory between(MemorySegment made, MemorySegment started) {
        List<Run> runs = new ArrayList<>();
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        long size = started.byteSize();
        for (long at = 0; at < size; at += PIECE) {
            if (isSame(made, started, at)) {
                end(runs, run, at);
            } else {
                run.writeBytes(started.asSlice(at, PIECE).toArray(JAVA_BYTE));
            }
        }
        end(runs, run, size);
        return new StartedMemory(size, List.copyOf(runs));
    }

    private static boolean isSame(MemorySegment made, MemorySegment started, long at) {
        return at < made.byteSize() && MemorySegment.mismatch(made, at, at + PIECE, started, at, at + PIECE) < 0;
    }

    private static void end(List<Run> runs, ByteArrayOutputStream run, long at) {
        if (run.size() > 0) {
            runs.add(new Run(at - run.size(), run.toByteArray()));
            run.reset();
        }
    }

    /** Puts an instance that was only made where the started one stood; false if its limits do not allow that much memory. */
    boolean into(Instance instance) {
        long more = (size - instance.memory().byteSize()) / PAGE;
        if (more > 0 && !instance.growMemory((int) more)) {
            return false;
        }
        MemorySegment memory = instance.memory();
        for (Run run : runs) {
            MemorySegment.copy(run.content(), 0, memory, JAVA_BYTE, run.from(), run.content().length);
        }
        return true;
    }
}
