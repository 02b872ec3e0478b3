package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The list that functions which split and join write and read: u32 LE count, then for each u32 LE length and the bytes. */
final class PartList {
    private static final int MOST = 1024;

    private PartList() {}

    static byte[] write(List<byte[]> parts) {
        long size = 4L + parts.stream().mapToLong(part -> 4L + part.length).sum();
        if (size > TaskQueue.LARGEST) {
            throw Problem.field("parts", "maxLength", "The outputs of the parts have " + size + " bytes together; the function that joins may get " + TaskQueue.LARGEST + ".");
        }
        ByteBuffer list = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN).putInt(parts.size());
        parts.forEach(part -> list.putInt(part.length).put(part));
        return list.array();
    }

    /** Reads what a function wrote; a list that is none is a problem. */
    static List<byte[]> read(byte[] bytes) {
        ByteBuffer list = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long count = list.remaining() < 4 ? -1 : Integer.toUnsignedLong(list.getInt());
        if (count < 1 || count > MOST) {
            throw broken("it has 1 to " + MOST + " parts");
        }
        List<byte[]> parts = new ArrayList<>();
        for (long k = 0; k < count; k++) {
            long length = list.remaining() < 4 ? Long.MAX_VALUE : Integer.toUnsignedLong(list.getInt());
            if (length > list.remaining()) {
                throw broken("part " + k + " is longer than what is there");
            }
            byte[] part = new byte[(int) length];
            list.get(part);
            parts.add(part);
        }
        if (list.hasRemaining()) {
            throw broken("something follows its last part");
        }
        return parts;
    }

    private static Problem broken(String rule) {
        return Problem.field("parts", "list", "The function that splits gave no list of parts: " + rule + ".");
    }
}
