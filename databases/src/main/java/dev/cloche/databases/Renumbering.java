package dev.cloche.databases;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.tables.Changes;
import dev.cloche.tables.Store;
import dev.cloche.tables.StoreLimits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The same tables under the numbers of another schema. A database's numbers follow from its module alone, so that its log can be
 * read without knowing the modules before.
 */
final class Renumbering {
    private Renumbering() {}

    /** A store of this schema with the rows of tables of the same names. */
    static Store of(Store from, DatabaseSchema to, StoreLimits limits) {
        Map<Integer, Integer> numbers = new HashMap<>();
        for (TableSchema table : from.schema().tables()) {
            to.table(table.name()).ifPresent(same -> numbers.put(table.id(), same.id()));
        }
        Store store = new Store(to, limits);
        try {
            from.snapshot(part -> store.replay(renumbered(part, numbers)));
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static Changes renumbered(Changes part, Map<Integer, Integer> numbers) {
        List<Changes.TableChange> tables = new ArrayList<>();
        for (Changes.TableChange table : part.tables()) {
            Integer number = numbers.get(table.table());
            if (number != null) {
                tables.add(new Changes.TableChange(number, table.kind(), table.inserted(), table.deleted()));
            }
        }
        List<Changes.SequenceState> sequences = new ArrayList<>();
        for (Changes.SequenceState state : part.sequences()) {
            Integer number = numbers.get(state.table());
            if (number != null) {
                sequences.add(new Changes.SequenceState(number, state.column(), state.next()));
            }
        }
        return new Changes(tables, sequences);
    }
}
