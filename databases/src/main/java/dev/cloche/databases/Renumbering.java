package dev.cloche.databases;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.tables.Changes;
import dev.cloche.tables.Store;
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
    static Store of(Store from, DatabaseSchema to) {
        Map<Integer, Integer> numbers = new HashMap<>();
        for (TableSchema table : from.schema().tables()) {
            to.table(table.name()).ifPresent(same -> numbers.put(table.id(), same.id()));
        }
        Store store = new Store(to);
        from.snapshot(part -> store.replay(renumbered(part, numbers)));
        return store;
    }

    private static Changes renumbered(Changes part, Map<Integer, Integer> numbers) {
        List<Changes.TableChange> tables = part.tables().stream().filter(table -> numbers.containsKey(table.table()))
                .map(table -> new Changes.TableChange(numbers.get(table.table()), table.kind(), table.inserted(), table.deleted()))
                .toList();
        List<Changes.SequenceState> sequences = part.sequences().stream().filter(state -> numbers.containsKey(state.table()))
                .map(state -> new Changes.SequenceState(numbers.get(state.table()), state.column(), state.next()))
                .toList();
        return new Changes(tables, sequences);
    }
}
