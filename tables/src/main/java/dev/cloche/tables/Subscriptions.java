package dev.cloche.tables;

import java.util.List;
import java.util.OptionalInt;

/** The queries that clients of one {@link Store} watch, each compiled and evaluated once. Of the store's thread. */
public final class Subscriptions {
    /** Over these tables. {@code filters} are the statements of row-level security of the module. */
    public Subscriptions(Store store, List<String> filters, Views views) {}

    /** Where rows of views are. */
    @FunctionalInterface
    public interface Views {
        /** There are none. */
        Views NONE = (name, caller) -> OptionalInt.empty();

        /** The table made by {@link Store#addView} that holds the view with this name as this caller sees it, if there is such a view. */
        OptionalInt table(String name, SqlCaller caller);
    }

    /**
     * Compiles a query or finds it compiled. It is evaluated from {@link #watch} on.
     *
     * @throws SqlException with the text for the client, without the ending {@code , executing: ...}
     */
    public Query query(String text, SqlCaller caller) {
        throw new UnsupportedOperationException();
    }

    /** Has one more subscriber. */
    public void watch(Query query) {
        throw new UnsupportedOperationException();
    }

    /** Has one subscriber less; without any it is forgotten. */
    public void unwatch(Query query) {
        throw new UnsupportedOperationException();
    }

    /** What these changes mean for the watched queries; to be asked after the commit and before the next transaction. */
    public List<Query.Change> evaluate(Changes changes) {
        throw new UnsupportedOperationException();
    }
}
