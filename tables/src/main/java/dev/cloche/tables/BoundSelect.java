package dev.cloche.tables;

import java.util.ArrayList;
import java.util.List;

/**
 * A SELECT whose names are found: relations, what has to hold for their rows, and whose rows it gives.
 *
 * @param relations the first ones as the statement has them, then those of filters
 * @param conditions all of them have to hold
 * @param returned the relation whose rows are given
 */
record BoundSelect(List<Relation> relations, List<Condition> conditions, int returned) {
    /** More relations, with those of filters, are refused. */
    static final int MOST_RELATIONS = 16;

    BoundSelect {
        relations = List.copyOf(relations);
        conditions = List.copyOf(conditions);
    }

    /** A table under a name. */
    record Relation(Table table, String name) {}

    /** This one, where rows of a relation also have to be returned by another select. */
    BoundSelect filtered(int relation, BoundSelect filter) {
        List<Relation> all = new ArrayList<>(relations);
        int[] numbers = new int[filter.relations.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i == filter.returned ? relation : all.size();
            if (i != filter.returned) {
                all.add(filter.relations.get(i));
            }
        }
        List<Condition> both = new ArrayList<>(conditions);
        filter.conditions.forEach(condition -> both.add(condition.moved(numbers)));
        return new BoundSelect(all, both, returned);
    }
}
