package dev.cloche.modules;

import static dev.cloche.modules.GuestMemory.bytes;
import static dev.cloche.modules.GuestMemory.length;
import static dev.cloche.modules.GuestMemory.pointer;
import static dev.cloche.modules.GuestMemory.putInt;
import static dev.cloche.modules.GuestMemory.shortened;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import dev.cloche.wasm.Frame;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.OptionalInt;

/** The host functions that pass bytes, write the log and tell who and where the guest is. */
final class ByteFunctions {
    private static final int PANIC = 101;
    private static final int TRACE = 4;
    private static final int LONGEST_LINE = 64 << 10;
    private static final int LONGEST_NAME = 1 << 10;

    private ByteFunctions() {}

    static void read(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        int handle = frame.i32(0);
        ByteSource source = state.source(handle);
        if (source == null) {
            frame.result(Errno.NO_SUCH_BYTES);
            return;
        }
        int count = Math.min(length(frame, 2), source.left());
        MemorySegment.copy(source.content, source.position, frame.memory(), JAVA_BYTE, pointer(frame, 1), count);
        source.position += count;
        putInt(frame, 2, count);
        boolean more = source.left() > 0;
        if (!more) {
            state.dropSource(handle);
        }
        frame.result(more ? Errno.OK : Errno.END);
    }

    static void remaining(Frame frame) {
        ByteSource source = frame.context(GuestState.class).source(frame.i32(0));
        if (source == null) {
            frame.result(Errno.NO_SUCH_BYTES);
            return;
        }
        putInt(frame, 1, source.left());
        frame.result(Errno.OK);
    }

    static void write(Frame frame) {
        ByteSink sink = frame.context(GuestState.class).sink(frame.i32(0));
        if (sink == null) {
            frame.result(Errno.NO_SUCH_BYTES);
            return;
        }
        int wanted = length(frame, 2);
        sink.write(frame.memory(), pointer(frame, 1), wanted);
        putInt(frame, 2, wanted);
        frame.result(Errno.OK);
    }

    static void log(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        int level = frame.i32(0) & 0xFF;
        int line = frame.i32(5);
        state.log.line(new ModuleLog.Line(
                level == PANIC ? PANIC : Math.min(level, TRACE),
                optionalText(frame, 1), optionalText(frame, 3), line <= 0 ? OptionalInt.empty() : OptionalInt.of(line), state.function(), shortened(frame, 6, LONGEST_LINE)));
    }

    private static Optional<String> optionalText(Frame frame, int argument) {
        return frame.i32(argument) == 0 ? Optional.empty() : Optional.of(shortened(frame, argument, LONGEST_NAME)).filter(text -> !text.isEmpty());
    }

    static void timerStart(Frame frame) {
        frame.result(frame.context(GuestState.class).open(new GuestState.Timer(shortened(frame, 0, LONGEST_NAME), System.nanoTime())));
    }

    static void timerEnd(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        GuestState.Timer timer = state.endTimer(frame.i32(0));
        if (timer == null) {
            frame.result(Errno.NO_SUCH_TIMER);
            return;
        }
        long micros = (System.nanoTime() - timer.start()) / 1_000;
        state.log.line(new ModuleLog.Line(2, Optional.empty(), Optional.empty(), OptionalInt.empty(), state.function(), "Timing span \"" + timer.name() + "\": " + micros + " us"));
        frame.result(Errno.OK);
    }

    static void identity(Frame frame) {
        Identity self = frame.context(GuestState.class).database;
        long at = pointer(frame, 0);
        MemorySegment memory = frame.memory();
        memory.set(JAVA_LONG_UNALIGNED, at, self.word0());
        memory.set(JAVA_LONG_UNALIGNED, at + 8, self.word1());
        memory.set(JAVA_LONG_UNALIGNED, at + 16, self.word2());
        memory.set(JAVA_LONG_UNALIGNED, at + 24, self.word3());
    }

    static void claims(Frame frame) {
        GuestState state = frame.context(GuestState.class);
        long at = pointer(frame, 0);
        MemorySegment memory = frame.memory();
        ConnectionId connection = new ConnectionId(memory.get(JAVA_LONG_UNALIGNED, at), memory.get(JAVA_LONG_UNALIGNED, at + 8));
        putInt(frame, 1, state.outside.claims(connection).map(state::open).orElse(0));
        frame.result(Errno.OK);
    }

    static void scheduleSoon(Frame frame) {
        frame.context(GuestState.class).outside.schedule(shortened(frame, 0, LONGEST_NAME), frame.i32(3) == 0 ? new byte[0] : bytes(frame, 2));
    }
}
