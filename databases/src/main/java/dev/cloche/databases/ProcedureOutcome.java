package dev.cloche.databases;

/** How a procedure call ended. */
public sealed interface ProcedureOutcome {
    /** It returned this BSATN of its declared type. */
    record Returned(byte[] value) implements ProcedureOutcome {}

    /** It could not be run, or broke. */
    record Failed(ReducerOutcome.Failure failure, String message) implements ProcedureOutcome {}
}
