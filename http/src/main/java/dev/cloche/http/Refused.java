package dev.cloche.http;

/** A refusal whose answer is more than its problem: with a header of its own, such as {@code Allow} or {@code Retry-After}. */
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Response response;

    /** A refusal by this answer. */
    public Refused(Response response) {
        super("refused with status " + response.status(), null, false, false);
        this.response = response;
    }

    /** The answer. */
    public Response response() {
        return response;
    }
}
