package dev.cloche.protocol;

import java.util.EnumMap;
import java.util.Map;

/** A frame that does not change any more, compressed at most once for all who get it. Used by several threads. */
final class Frame {
    private final byte[] plain;
    private final Map<FrameCompression, byte[]> compressed = new EnumMap<>(FrameCompression.class);

    /** A frame whose first byte says that it is not compressed, or text. */
    Frame(byte[] plain) {
        this.plain = plain;
    }

    /** The bytes as they are; not to be changed. */
    byte[] plain() {
        return plain;
    }

    /** The bytes compressed like this; not to be changed. */
    synchronized byte[] compressed(FrameCompression how) {
        return compressed.computeIfAbsent(how, by -> by == FrameCompression.NONE ? plain : by.apply(plain, plain.length));
    }
}
