package dev.cloche.tables;

/** A statement that is refused; nothing was changed by it. */
public final class SqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int position;

    /**
     * A refusal.
     *
     * @param message what is wrong and what would be right
     * @param position the character of the statement, from 0, where it was noticed; -1 if there is no such place
     */
    public SqlException(String message, int position) {
        super(message, null, false, false);
        this.position = position;
    }

    /** The character of the statement, from 0, where it was noticed; -1 if there is no such place. */
    public int position() {
        return position;
    }
}
