package dev.cloche.modules;

/** How a call into a module ended. */
public sealed interface CallEnd {
    /** It did what it was asked to; {@code value} is what it wrote as its result, mostly empty. */
    record Done(byte[] value) implements CallEnd {}

    /** It refused, with this text. */
    record Refused(String message) implements CallEnd {}

    /** It was ended; the instance is of no use any more. {@code detail} is for the log, never for clients. */
    record Broken(Cause cause, String detail) implements CallEnd {}

    /** Why a call was ended. */
    enum Cause {
        /** It ran longer than allowed. */
        TIME,
        /** It wanted more rows, or a larger answer, than there is room for; the detail is for whoever called. */
        MEMORY,
        /** It called itself too deeply. */
        STACK,
        /** Anything else that no module may do: a panic, a forged pointer. */
        TRAP
    }
}
