package dev.cloche.tables;

import dev.cloche.tables.JoinStep.Access;
import dev.cloche.tables.JoinStep.Bound;
import dev.cloche.tables.JoinStep.Part;
import dev.cloche.values.Layout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Chooses the order of relations and the way to their rows: of each possible start the rest greedily, then the cheapest. */
final class JoinPlanner {
    private static final double SCAN = 1e4;
    private static final double HASH = 3e3;
    private static final double CHANGED = 5;

    private final BoundSelect select;

    JoinPlanner(BoundSelect select) {
        this.select = select;
    }

    private record Choice(int relation, Access access, double cost) {}

    private record Order(List<JoinStep> steps, double cost) {}

    /** The steps where the relations of these bits go through changed rows. */
    List<JoinStep> plan(int changed) {
        Order best = null;
        for (int start = 0; start < select.relations().size(); start++) {
            if (changed == 0 || (changed & 1 << start) != 0) {
                Order order = from(start, changed);
                best = best == null || order.cost < best.cost ? order : best;
            }
        }
        if (best == null) {
            throw new IllegalArgumentException("no relation has these bits: " + changed);
        }
        return best.steps;
    }

    private Order from(int start, int changed) {
        List<JoinStep> steps = new ArrayList<>();
        int bound = 0;
        double cost = 0;
        Choice choice = choose(start, 0, changed);
        while (true) {
            bound |= 1 << choice.relation;
            cost += choice.cost;
            steps.add(new JoinStep(choice.relation, (changed & 1 << choice.relation) != 0, choice.access, checks(choice.relation, bound)));
            Choice next = null;
            for (int relation = 0; relation < select.relations().size(); relation++) {
                if ((bound & 1 << relation) == 0) {
                    Choice candidate = choose(relation, bound, changed);
                    next = next == null || candidate.cost < next.cost ? candidate : next;
                }
            }
            if (next == null) {
                return new Order(steps, cost);
            }
            choice = next;
        }
    }

    private List<Condition> checks(int relation, int bound) {
        return select.conditions().stream()
                .filter(one -> (one.relations() & 1 << relation) != 0 && (one.relations() & ~bound) == 0)
                .toList();
    }

    private Choice choose(int relation, int bound, int changed) {
        boolean isChanged = (changed & 1 << relation) != 0;
        Access hash = hash(relation, bound);
        if (isChanged) {
            return hash == null ? new Choice(relation, new Access.Scan(), bound == 0 ? CHANGED : HASH) : new Choice(relation, hash, CHANGED);
        }
        Choice best = hash == null ? new Choice(relation, new Access.Scan(), bound == 0 ? SCAN : SCAN * 10) : new Choice(relation, hash, HASH);
        for (RowIndex index : select.relations().get(relation).table().indexes()) {
            Choice choice = index(relation, index, bound);
            if (choice != null && choice.cost < best.cost) {
                best = choice;
            }
        }
        return best;
    }

    /** By all columns that equal something known; only worth it if that changes from row to row. */
    private @Nullable Access hash(int relation, int bound) {
        List<Part> parts = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        int count = select.relations().get(relation).table().layout().columns();
        for (int column = 0; column < count; column++) {
            Part part = equal(relation, column, bound);
            // equal floats may differ in their bytes
            if (part instanceof Part.Column && select.relations().get(relation).table().layout().column(column).bytesDecide()) {
                parts.add(part);
                columns.add(column);
            }
        }
        return parts.isEmpty() ? null : new Access.Hash(parts, columns.stream().mapToInt(Integer::intValue).toArray());
    }

    private @Nullable Choice index(int relation, RowIndex index, int bound) {
        IndexKey key = index.key();
        List<Part> parts = new ArrayList<>();
        Part part = equal(relation, key.column(0), bound);
        while (part != null) {
            parts.add(part);
            part = parts.size() < key.columns() ? equal(relation, key.column(parts.size()), bound) : null;
        }
        boolean whole = parts.size() == key.columns();
        if (!whole && !(index instanceof OrderedIndex)) {
            return null;
        }
        Bound low = whole ? null : bound(relation, key.column(parts.size()), true);
        Bound high = whole ? null : bound(relation, key.column(parts.size()), false);
        if (parts.isEmpty() && low == null && high == null) {
            return null;
        }
        double cost = whole && index.unique() ? 1 : 1e3 / Math.pow(10, 2 * parts.size() + (low == null ? 0 : 0.5) + (high == null ? 0 : 0.5));
        return new Choice(relation, new Access.Index(index, parts, low, high), Math.max(1, cost));
    }

    /** What a column has to equal, if that is known when these relations have rows. */
    private @Nullable Part equal(int relation, int column, int bound) {
        Part found = null;
        for (Condition condition : select.conditions()) {
            if (condition instanceof Condition.WithValue(Condition.Column own, Condition.Operator operator, byte[] value)
                    && operator == Condition.Operator.EQUAL
                    && own.relation() == relation
                    && own.number() == column) {
                return new Part.Value(value);
            }
            if (condition instanceof Condition.WithColumn(Condition.Column left, Condition.Operator operator, Condition.Column right)
                    && operator == Condition.Operator.EQUAL) {
                if (left.relation() == relation && left.number() == column && (bound & 1 << right.relation()) != 0) {
                    found = new Part.Column(right);
                } else if (right.relation() == relation && right.number() == column && (bound & 1 << left.relation()) != 0) {
                    found = new Part.Column(left);
                }
            }
        }
        return found;
    }

    /** The narrowest bound of a column on one side. */
    private @Nullable Bound bound(int relation, int column, boolean low) {
        Layout layout = select.relations().get(relation).table().layout().column(column);
        Bound best = null;
        for (Condition condition : select.conditions()) {
            if (condition instanceof Condition.WithValue(Condition.Column own, Condition.Operator operator, byte[] value)
                    && own.relation() == relation
                    && own.number() == column
                    && isBound(operator, low)) {
                boolean included = operator == Condition.Operator.AT_LEAST || operator == Condition.Operator.AT_MOST;
                int order = best == null ? 0 : layout.compare(value, 0, best.value(), 0);
                boolean narrower = best == null || (low ? order > 0 : order < 0) || order == 0 && !included;
                best = narrower ? new Bound(value, included) : best;
            }
        }
        return best;
    }

    private static boolean isBound(Condition.Operator operator, boolean low) {
        return low
                ? operator == Condition.Operator.GREATER || operator == Condition.Operator.AT_LEAST
                : operator == Condition.Operator.LESS || operator == Condition.Operator.AT_MOST;
    }
}
