package dev.cloche.kernel;

/** The reasons for which the platform refuses or fails, each with the HTTP status that carries it (RFC 9110). */
public enum ErrorCode {
    INVALID_REQUEST(400, "Invalid request"),
    INVALID_FIELD(400, "Invalid field"),
    UNAUTHENTICATED(401, "Sign in first"),
    FORBIDDEN(403, "Not allowed"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "Method not allowed"),
    CONFLICT(409, "Conflict"),
    GONE(410, "Gone"),
    REVISION_MISMATCH(412, "Changed in the meantime"),
    TOO_LARGE(413, "Too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "Unsupported media type"),
    MISDIRECTED(421, "Wrong host"),
    UNRESOLVABLE(422, "Cannot be resolved"),
    RATE_LIMITED(429, "Too many requests"),
    INTERNAL(500, "Internal error"),
    NOT_AVAILABLE(501, "Not available on this server"),
    UPSTREAM(502, "Upstream failed"),
    UNAVAILABLE(503, "Temporarily unavailable"),
    TIMED_OUT(504, "Took too long");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status code. */
    public int status() {
        return status;
    }

    /** A short text for people, the same for each occurrence. */
    public String title() {
        return title;
    }
}
