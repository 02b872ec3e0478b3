package dev.cloche.schema;

import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Product;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A module's definition, checked and resolved: what its database offers to clients.
 *
 * @param database the tables, without views
 * @param reducers a reducer's place here is its number in the module
 * @param procedures a procedure's place here is its number in the module
 * @param views in the order of the definition
 * @param rowFilters row level security: SQL that says which rows of a table a {@code :sender} may read
 * @param routes HTTP handlers
 */
public record ModuleSchema(
        DatabaseSchema database, List<Reducer> reducers, List<Procedure> procedures, List<View> views, List<String> rowFilters, List<HttpRoute> routes) {
    /** Copies the lists. */
    public ModuleSchema {
        reducers = List.copyOf(reducers);
        procedures = List.copyOf(procedures);
        views = List.copyOf(views);
        rowFilters = List.copyOf(rowFilters);
        routes = List.copyOf(routes);
    }

    /** The reducer with this canonical name. */
    public Optional<Reducer> reducer(String name) {
        return reducers.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The procedure with this canonical name. */
    public Optional<Procedure> procedure(String name) {
        return procedures.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    /** The reducer that runs at this moment in the life of a database or client. */
    public Optional<Reducer> reducer(Lifecycle lifecycle) {
        return reducers.stream().filter(one -> one.lifecycle().equals(Optional.of(lifecycle))).findFirst();
    }

    /** Moments at which the database itself calls a reducer. */
    public enum Lifecycle {
        /** The database was made, or cleared. */
        INIT,
        /** A client connected. */
        CONNECTED,
        /** A client left. */
        DISCONNECTED
    }

    /**
     * A function that runs as one transaction.
     *
     * @param id its number in the module
     * @param name canonical
     * @param parameters what it takes
     * @param lifecycle when the database calls it; clients may not then
     * @param callable whether clients may call it
     * @param ok type of what it returns
     * @param err type of its refusals
     */
    public record Reducer(int id, String name, Product parameters, Optional<Lifecycle> lifecycle, boolean callable, AlgebraicType ok, AlgebraicType err) {}

    /** A function that opens transactions itself and may talk to the outside. */
    public record Procedure(int id, String name, Product parameters, AlgebraicType result, boolean callable) {}

    /**
     * A read-only function whose result clients watch like a table.
     *
     * @param id its number among the views that know the caller, or among those that do not
     * @param tableId an identifier that no table has
     * @param name canonical
     * @param anonymous whether all callers see the same
     * @param result what it returns: an array or option of rows, or a query
     * @param row the type of its rows, resolved
     * @param primaryKey columns that make a row the same row after a change; empty without
     */
    public record View(int id, int tableId, String name, boolean anonymous, AlgebraicType result, Product row, List<Integer> primaryKey) {
        /** Copies the key. */
        public View {
            primaryKey = List.copyOf(primaryKey);
        }
    }

    /**
     * A route of the module's own HTTP.
     *
     * @param handler the number of the function that answers
     * @param name of that function
     * @param method in capitals; empty for any
     * @param path exactly, below the database's {@code /route}; empty for that itself
     */
    public record HttpRoute(int handler, String name, Optional<String> method, String path) {
        /** Most characters of a path. */
        public static final int LONGEST_PATH = 1000;

        static final Pattern PATH = Pattern.compile("(/[a-z0-9_~/-]{0," + (LONGEST_PATH - 1) + "})?");
    }
}
