package dev.cloche.modules;

/** A file that is no usable module; the message says what is wrong with it, with the place in the user's source where known. */
public final class ModuleRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** For this reason. */
    public ModuleRefused(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Why a module is refused. */
    public enum Reason {
        /** It is no WebAssembly, or a damaged one. */
        NOT_WEBASSEMBLY,
        /** It wants functions that this host does not have. */
        IMPORTS,
        /** It lacks a function or memory, or one has another signature. */
        EXPORTS,
        /** It broke while it was started. */
        START,
        /** Its own start refused: a mistake in a user's Python source, with its traceback. */
        SOURCE,
        /** There is no memory for it now. */
        MEMORY,
        /** What it says about its tables and functions breaks a rule. */
        DEFINITION
    }
}
