package dev.cloche.wasm;

/** A guest that was ended in the middle of a call; its instance is of no use any more, the process goes on. */
public final class Trap extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** An end of this kind; {@code message} says where, as far as the engine knows. */
    public Trap(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** Why the guest was ended. */
    public Kind kind() {
        return kind;
    }

    /** Why a guest is ended. */
    public enum Kind {
        /** It ran longer than allowed, or was told to stop. */
        INTERRUPTED,
        /** It called itself too deeply. */
        STACK_OVERFLOW,
        /** It read or wrote outside its memory or table. */
        OUT_OF_BOUNDS,
        /** It reached an instruction that ends it: a panic, an abort. */
        UNREACHABLE,
        /** A division by zero, or a number that does not fit. */
        ARITHMETIC,
        /** It called a function through a pointer that is null or of another type. */
        BAD_CALL,
        /** The memories of its parts together grew beyond the limit. */
        OUT_OF_MEMORY,
        /** Anything else that the engine ends a guest for. */
        OTHER
    }
}
