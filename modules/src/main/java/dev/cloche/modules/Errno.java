package dev.cloche.modules;

/** Error numbers that host functions give to a guest (facts, specification E, section 6.1). */
final class Errno {
    static final int OK = 0;
    static final int NOT_IN_TRANSACTION = 2;
    static final int NO_SUCH_TABLE = 4;
    static final int NO_SUCH_INDEX = 5;
    static final int NO_SUCH_ITER = 6;
    static final int NO_SUCH_TIMER = 7;
    static final int NO_SUCH_BYTES = 8;
    static final int BUFFER_TOO_SMALL = 11;
    static final int WOULD_BLOCK_TRANSACTION = 17;
    static final int TRANSACTION_NOT_ANONYMOUS = 18;
    static final int TRANSACTION_IS_READ_ONLY = 19;
    static final int TRANSACTION_IS_MUTABLE = 20;
    static final int HTTP_ERROR = 21;
    /** Not an error: a source or a cursor has no more. */
    static final int END = -1;

    private Errno() {}
}
