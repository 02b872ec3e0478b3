package dev.cloche.tables;

/** A change or a question that the rules of the tables refuse; nothing was changed by it. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** A refusal for this reason; the message names table, column and rule. Without a stack: modules provoke it in loops. */
    public StoreException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }

    /** Why a change or a question is refused; the numbers are those of the module ABI (facts, specification E). */
    public enum Reason {
        /** The row or key is not a value of its type. */
        BSATN(3),
        /** There is no table with this name or identifier. */
        NO_SUCH_TABLE(4),
        /** There is no index with this name or identifier. */
        NO_SUCH_INDEX(5),
        /** There is no room for more. */
        NO_SPACE(9),
        /** The index cannot answer such a question. */
        WRONG_INDEX_ALGORITHM(10),
        /** A row with the same value in unique columns exists. */
        UNIQUE_EXISTS(12),
        /** The index is not unique, so that no row can be replaced by it. */
        INDEX_NOT_UNIQUE(14),
        /** There is no such row. */
        NO_SUCH_ROW(15),
        /** The sequence has no number left. */
        SEQUENCE_OVERFLOW(16);

        private final int number;

        Reason(int number) {
            this.number = number;
        }

        /** The error number that a module gets. */
        public int number() {
            return number;
        }
    }
}
