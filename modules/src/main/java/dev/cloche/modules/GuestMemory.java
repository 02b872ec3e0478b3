package dev.cloche.modules;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.cloche.wasm.Frame;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A guest's pointers: read and written only after a check. Pointer 0 is refused, as by the original; a pointer beyond the
 * memory ends the call ({@link IndexOutOfBoundsException}, {@link GuestFault}), never the process.
 */
final class GuestMemory {
    private static final int LARGEST = 64 << 20;

    private GuestMemory() {}

    static long pointer(Frame frame, int argument) {
        long at = frame.u32(argument);
        if (at == 0) {
            throw new GuestFault("null pointer passed to a spacetime function");
        }
        return at;
    }

    /** The bytes at pointer {@code argument} with the length in the next one. */
    static byte[] bytes(Frame frame, int argument) {
        long at = pointer(frame, argument);
        long length = frame.u32(argument + 1);
        if (length > LARGEST) {
            throw new GuestFault("a guest passed " + length + " bytes; at most " + LARGEST + " are taken at once");
        }
        byte[] content = new byte[(int) length];
        MemorySegment.copy(frame.memory(), JAVA_BYTE, at, content, 0, content.length);
        return content;
    }

    /** The text at pointer {@code argument} with the length in the next one. */
    static String text(Frame frame, int argument) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(frame, argument))).toString();
        } catch (CharacterCodingException e) {
            throw new GuestFault("a guest passed text that is not UTF-8");
        }
    }

    /** As {@link #text}, without what is beyond so many bytes. */
    static String shortened(Frame frame, int argument, int most) {
        long length = frame.u32(argument + 1);
        if (length <= most) {
            return text(frame, argument);
        }
        byte[] content = new byte[most];
        MemorySegment.copy(frame.memory().asSlice(pointer(frame, argument), length), JAVA_BYTE, 0, content, 0, most);
        return new String(content, StandardCharsets.UTF_8) + " … (" + (length - most) + " more bytes)";
    }

    static int length(Frame frame, int argument) {
        long length = Integer.toUnsignedLong(frame.memory().get(JAVA_INT_UNALIGNED, pointer(frame, argument)));
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    static void putInt(Frame frame, int argument, int value) {
        frame.memory().set(JAVA_INT_UNALIGNED, pointer(frame, argument), value);
    }

    static void putLong(Frame frame, int argument, long value) {
        frame.memory().set(JAVA_LONG_UNALIGNED, pointer(frame, argument), value);
    }
}
