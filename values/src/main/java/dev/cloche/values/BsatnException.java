package dev.cloche.values;

/**
 * Bytes that are no value of their type; the message says where, in what, and which rule is broken, as in
 * {@code byte 17 (position.name): String needs 5 bytes, there are 3}.
 *
 * <p>It has no stack trace: what is wrong is in the bytes, and hostile bytes must be cheap to refuse.
 */
public final class BsatnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;
    private final String rule;
    private String path = "";

    /**
     * A broken rule.
     *
     * @param position in bytes from the start of the array
     * @param rule begins with the type's name
     */
    public BsatnException(int position, String rule) {
        super(null, null, false, false);
        this.position = position;
        this.rule = rule;
    }

    /** Where the bad part begins, in bytes from the start of the array. */
    public int position() {
        return position;
    }

    /** The broken rule; begins with the name of the type. */
    public String rule() {
        return rule;
    }

    /** The field, such as {@code position.name} or {@code tags[3]}; empty if the value has no fields. */
    public String path() {
        return path.startsWith(".") ? path.substring(1) : path;
    }

    @Override
    public String getMessage() {
        return "byte " + position + (path.isEmpty() ? "" : " (" + path() + ")") + ": " + rule;
    }

    /** The same exception, seen from the value around; long paths lose their middle. */
    BsatnException inside(String part) {
        if (path.length() < 200) {
            path = part + path;
        } else if (!path.startsWith("...")) {
            path = "..." + path;
        }
        return this;
    }
}
