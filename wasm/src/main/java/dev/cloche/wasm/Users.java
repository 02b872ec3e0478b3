package dev.cloche.wasm;

/** Counts what still uses native code of ours, so that it is not freed under their feet. */
final class Users {
    private final String of;
    private int count;
    private boolean closed;

    Users(String of) {
        this.of = of;
    }

    synchronized void add() {
        if (closed) {
            throw new IllegalStateException(of + " is closed");
        }
        count++;
    }

    synchronized void remove() {
        count--;
    }

    /** Closes; false if that was done before. */
    synchronized boolean close() {
        if (count > 0) {
            throw new IllegalStateException(of + " is still used by " + count);
        }
        boolean first = !closed;
        closed = true;
        return first;
    }
}
