package dev.cloche.values;

/**
 * A value that is not of the wanted type; the message says where, as in {@code args[1].name: expected U8, got 300}.
 *
 * <p>It has no stack trace: what is wrong is in the value.
 */
public final class ValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private String path = "";

    /** A broken rule, such as {@code expected U8, got 300}. */
    public ValueException(String rule) {
        super(null, null, false, false);
        this.rule = rule;
    }

    /** Where the bad part is, such as {@code args[1].name}. */
    public String path() {
        return path.startsWith(".") ? path.substring(1) : path;
    }

    /** The broken rule. */
    public String rule() {
        return rule;
    }

    @Override
    public String getMessage() {
        return path.isEmpty() ? rule : path() + ": " + rule;
    }

    /** The same exception, seen from the value around; long paths lose their middle. */
    ValueException inside(String part) {
        if (path.length() < 200) {
            path = part + path;
        } else if (!path.startsWith("...")) {
            path = "..." + path;
        }
        return this;
    }
}
