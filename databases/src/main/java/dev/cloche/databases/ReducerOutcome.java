package dev.cloche.databases;

/** How a reducer call ended. */
public sealed interface ReducerOutcome {
    /** Committed; {@code result} is the BSATN of what it returned, mostly empty. */
    record Committed(byte[] result) implements ReducerOutcome {}

    /** The module refused it with this text; nothing was changed. */
    record Refused(String message) implements ReducerOutcome {}

    /** It could not be run, or broke: unknown name, bad arguments, a trap, out of time; nothing was changed. */
    record Failed(Failure failure, String message) implements ReducerOutcome {}

    /** Why a call could not be run, or broke. */
    enum Failure {
        /** No reducer or procedure has the name. */
        UNKNOWN,
        /** A lifecycle reducer, which only the database itself calls. */
        LIFECYCLE,
        /** The arguments are not of the declared types. */
        ARGUMENTS,
        /** It was ended for running too long. */
        TIME,
        /** It was ended for wanting too much memory. */
        MEMORY,
        /** The module panicked or did what no module may. */
        TRAP,
        /** The database is stopping, or its queue is full. */
        UNAVAILABLE
    }
}
