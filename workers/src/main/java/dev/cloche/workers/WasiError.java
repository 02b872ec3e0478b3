package dev.cloche.workers;

/** An error number of WASI preview 1, as an exception until it becomes a function's result. */
final class WasiError extends RuntimeException {
    static final int ACCES = 2;
    static final int BADF = 8;
    static final int EXIST = 20;
    static final int FAULT = 21;
    static final int FBIG = 22;
    static final int INVAL = 28;
    static final int IO = 29;
    static final int ISDIR = 31;
    static final int LOOP = 32;
    static final int MFILE = 33;
    static final int NAMETOOLONG = 37;
    static final int NOENT = 44;
    static final int NOSYS = 52;
    static final int NOTDIR = 54;
    static final int NOTEMPTY = 55;
    static final int NOTSUP = 58;
    static final int ROFS = 69;
    static final int SPIPE = 70;
    static final int NOTCAPABLE = 76;
    private static final long serialVersionUID = 1L;

    private final int number;

    WasiError(int number) {
        super(null, null, false, false);
        this.number = number;
    }

    int number() {
        return number;
    }
}
