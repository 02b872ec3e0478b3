package dev.cloche.cli;

/** How the command ends; scripts rely on the numbers, so they never change. */
enum ExitStatus {
    /** Done. */
    OK(0),
    /** Failed for a reason that has no number of its own; the line on standard error names it. */
    FAILED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** No server runs here, or it cannot be reached. */
    UNREACHABLE(3),
    /** Not signed in, or not allowed (HTTP 401, 403). */
    REFUSED(4),
    /** No such thing (404, 410). */
    NOT_FOUND(5),
    /** Changed in the meantime, or there already (409, 412). */
    CONFLICT(6),
    /** The server does not accept what was sent (400, 413, 415, 422, 501). */
    INVALID(7);

    private final int code;

    ExitStatus(int code) {
        this.code = code;
    }

    /** The process's exit code. */
    int code() {
        return code;
    }

    /** What an answer with this HTTP status means for the command. */
    static ExitStatus of(int httpStatus) {
        return switch (httpStatus) {
            case 401, 403 -> REFUSED;
            case 404, 410 -> NOT_FOUND;
            case 409, 412 -> CONFLICT;
            case 400, 413, 415, 422, 501 -> INVALID;
            default -> FAILED;
        };
    }
}
