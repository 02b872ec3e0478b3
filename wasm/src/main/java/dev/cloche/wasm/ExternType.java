package dev.cloche.wasm;

/** What an import or an export is. */
public sealed interface ExternType permits FunctionType, ExternType.Memory, ExternType.Other {
    /** The type as the text format writes it, for messages. */
    String text();

    /**
     * A linear memory.
     *
     * @param minimumPages pages of 64 KiB at the start
     */
    record Memory(long minimumPages) implements ExternType {
        @Override
        public String text() {
            return "(memory " + minimumPages + ")";
        }
    }

    /** A thing that the host neither gives nor takes. */
    enum Other implements ExternType {
        /** A table of references. */
        TABLE,
        /** A global variable. */
        GLOBAL,
        /** A tag of exceptions. */
        TAG;

        @Override
        public String text() {
            return "(" + name().toLowerCase(java.util.Locale.ROOT) + ")";
        }
    }
}
