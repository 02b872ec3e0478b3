package dev.cloche.tables;

import dev.cloche.tables.JoinStep.Access;
import dev.cloche.tables.JoinStep.Bound;
import dev.cloche.tables.JoinStep.Key;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a select: all of them, or what a transaction added and took away.
 *
 * <p>The change of a join of R1 to Rn is, with D for changed rows (deleted ones count -1) and R' for tables after the change, the
 * sum over all non-empty sets S of changed relations of (-1)^(|S|+1) times the join of D in S with R' elsewhere.
 */
final class JoinPlan {
    private final BoundSelect select;
    private final JoinPlanner planner;
    private final Map<Integer, List<JoinStep>> steps = new HashMap<>();

    JoinPlan(BoundSelect select) {
        this.select = select;
        this.planner = new JoinPlanner(select);
    }

    BoundSelect select() {
        return select;
    }

    /** Gets what was found. */
    interface Sink {
        /** A combination of rows that counts so often; false to get no more. */
        boolean found(Tuple tuple, int times);
    }

    /** All combinations of rows. */
    void all(Sink sink) {
        new Run(steps(0), Map.of(), sink).visit(0, 1);
    }

    private List<JoinStep> steps(int changed) {
        return steps.computeIfAbsent(changed, planner::plan);
    }

    /** What these changes, already made, added (positive) and took away (negative). */
    void changes(Map<Integer, Changes.TableChange> changes, Sink sink) {
        int changed = 0;
        int events = 0;
        for (int i = 0; i < select.relations().size(); i++) {
            Table table = select.relations().get(i).table();
            changed |= changes.containsKey(table.schema().id()) ? 1 << i : 0;
            events |= table.kind() == Changes.Kind.EVENT ? 1 << i : 0;
        }
        if (events != 0) {
            if ((changed & events) == events) {
                new Run(steps(events), changes, sink).visit(0, 1);
            }
            return;
        }
        for (int set = changed; set != 0; set = set - 1 & changed) {
            new Run(steps(set), changes, sink).visit(0, Integer.bitCount(set) % 2 == 1 ? 1 : -1);
        }
    }

    private final class Run {
        private final List<JoinStep> order;
        private final Map<Integer, Changes.TableChange> changes;
        private final Sink sink;
        private final Tuple tuple = new Tuple(select.relations().size());
        private final @Nullable Map<ByteKey, IntStack>[] hashes;

        @SuppressWarnings({"unchecked", "rawtypes"})
        Run(List<JoinStep> order, Map<Integer, Changes.TableChange> changes, Sink sink) {
            this.order = order;
            this.changes = changes;
            this.sink = sink;
            this.hashes = (Map<ByteKey, IntStack>[]) new Map[order.size()];
        }

        /** Goes through the rows of one step and all behind it; false to stop. */
        boolean visit(int depth, int times) {
            if (depth == order.size()) {
                return sink.found(tuple, times);
            }
            JoinStep step = order.get(depth);
            Table table = select.relations().get(step.relation()).table();
            return step.changed() ? changed(depth, step, table, times) : stored(depth, step, table, times);
        }

        private boolean stored(int depth, JoinStep step, Table table, int times) {
            AddressSource source =
                    switch (step.access()) {
                        case Access.Scan scan -> AddressSource.all(table.rows());
                        case Access.Index index -> rows(index);
                        case Access.Hash hash -> AddressSource.of(hashed(depth, step, hash, table));
                    };
            for (int address = source.next(); address != RowPages.NONE; address = source.next()) {
                tuple.set(step.relation(), table.rows(), address);
                if (holds(step) && !visit(depth + 1, times)) {
                    return false;
                }
            }
            return true;
        }

        private AddressSource rows(Access.Index access) {
            RowIndex index = access.index();
            if (!(index instanceof OrderedIndex ordered)) {
                return index.point(Key.of(access.parts(), tuple, null).search(index.key()));
            }
            Bound low = access.low();
            Bound high = access.high();
            if (low == null && high == null) {
                return ordered.point(Key.of(access.parts(), tuple, null).search(index.key()));
            }
            return ordered.range(
                    Key.of(access.parts(), tuple, low).search(index.key()),
                    low != null && !low.included(),
                    Key.of(access.parts(), tuple, high).search(index.key()),
                    high == null || high.included());
        }

        private boolean changed(int depth, JoinStep step, Table table, int times) {
            Changes.TableChange change = change(table);
            if (step.access() instanceof Access.Hash hash) {
                IntStack found = hashed(depth, step, hash, table);
                for (int i = 0; i < found.size(); i++) {
                    int row = found.get(i);
                    if (!one(depth, step, row >= 0 ? change.inserted() : change.deleted(), row >= 0 ? row : ~row, row >= 0 ? times : -times)) {
                        return false;
                    }
                }
                return true;
            }
            for (int row = 0; row < change.inserted().count(); row++) {
                if (!one(depth, step, change.inserted(), row, times)) {
                    return false;
                }
            }
            for (int row = 0; row < change.deleted().count(); row++) {
                if (!one(depth, step, change.deleted(), row, -times)) {
                    return false;
                }
            }
            return true;
        }

        private Changes.TableChange change(Table table) {
            Changes.TableChange change = changes.get(table.schema().id());
            if (change == null) {
                throw new IllegalStateException("table " + table.schema().name() + " is not changed");
            }
            return change;
        }

        private boolean one(int depth, JoinStep step, RowList rows, int row, int times) {
            tuple.set(step.relation(), rows, row);
            return !holds(step) || visit(depth + 1, times);
        }

        private boolean holds(JoinStep step) {
            List<Condition> checks = step.checks();
            for (int i = 0; i < checks.size(); i++) {
                if (!checks.get(i).holds(tuple)) {
                    return false;
                }
            }
            return true;
        }

        /** Rows of a step by the key that the rows before it make: addresses, or numbers of changed rows (deleted ones inverted). */
        private IntStack hashed(int depth, JoinStep step, Access.Hash access, Table table) {
            Map<ByteKey, IntStack> known = hashes[depth];
            if (known == null) {
                known = new HashMap<>();
                hashes[depth] = known;
                HashFill fill = new HashFill(known, table, access.columns());
                if (step.changed()) {
                    fill.addChanged(change(table));
                } else {
                    fill.addStored();
                }
            }
            Key key = Key.of(access.parts(), tuple, null);
            return known.getOrDefault(new ByteKey(key.bytes(), 0, key.size()), new IntStack());
        }
    }

    /** Puts rows into a hash table by some of their columns. */
    private record HashFill(Map<ByteKey, IntStack> into, Table table, int[] columns) {
        void addStored() {
            RowPages rows = table.rows();
            for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
                add(rows.bytes(address), rows.offset(address), address);
            }
        }

        void addChanged(Changes.TableChange change) {
            for (int row = 0; row < change.inserted().count(); row++) {
                add(change.inserted().data(), change.inserted().start(row), row);
            }
            for (int row = 0; row < change.deleted().count(); row++) {
                add(change.deleted().data(), change.deleted().start(row), ~row);
            }
        }

        private void add(byte[] row, int at, int value) {
            byte[] key = new byte[16];
            int size = 0;
            for (int column : columns) {
                int from = table.layout().offset(row, at, column);
                int length = table.layout().column(column).skip(row, from) - from;
                if (size + length > key.length) {
                    key = Arrays.copyOf(key, (size + length) * 2);
                }
                System.arraycopy(row, from, key, size, length);
                size += length;
            }
            into.computeIfAbsent(new ByteKey(key, 0, size), one -> new IntStack()).push(value);
        }
    }
}
