package dev.cloche.databases;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema;
import dev.cloche.tables.Changes;
import dev.cloche.tables.RowCursor;
import dev.cloche.tables.RowList;
import dev.cloche.tables.Store;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.Bytes;
import dev.cloche.values.RowLayout;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;

/** The rows of scheduled tables, by the time at which they are due. Of the database's thread. Times are microseconds since 1970. */
final class Appointments {
    private final Map<Integer, Scheduled> tables = new HashMap<>();
    private final Map<Key, Appointment> known = new HashMap<>();
    private final PriorityQueue<Appointment> queue = new PriorityQueue<>(Comparator.comparingLong(Appointment::due));

    /** A table whose rows are appointments. */
    private record Scheduled(TableSchema table, RowLayout layout, TableSchema.Schedule schedule) {}

    private record Key(int table, Bytes row) {}

    /**
     * One row that is due at a time.
     *
     * @param function to be called with the row
     * @param interval microseconds between calls; 0 for a single one
     */
    record Appointment(int table, byte[] row, String function, long due, long interval) {}

    /** Those of the tables as they are; intervals start now. */
    Appointments(DatabaseSchema schema, Store store, long now) {
        for (TableSchema table : schema.tables()) {
            table.schedule().ifPresent(schedule -> tables.put(table.id(),
                    new Scheduled(table, RowLayout.of(schema.typespace(), schema.typespace().types().get(table.typeRef())), schedule)));
        }
        for (int id : tables.keySet()) {
            try (RowCursor rows = store.scan(id)) {
                while (rows.next()) {
                    add(id, rows.row(), now);
                }
            }
        }
    }

    /** Follows what a transaction changed. */
    void follow(Changes changes, long now) {
        if (tables.isEmpty()) {
            return;
        }
        for (Changes.TableChange change : changes.tables()) {
            if (!tables.containsKey(change.table())) {
                continue;
            }
            RowList gone = change.deleted();
            for (int row = 0; row < gone.count(); row++) {
                remove(new Key(change.table(), Bytes.copyOf(gone.row(row))));
            }
            RowList come = change.inserted();
            for (int row = 0; row < come.count(); row++) {
                add(change.table(), come.row(row), now);
            }
        }
    }

    private void add(int table, byte[] row, long now) {
        Scheduled scheduled = Objects.requireNonNull(tables.get(table));
        BsatnReader reader = new BsatnReader(row);
        reader.position(scheduled.layout().offset(row, 0, scheduled.schedule().column()));
        boolean interval = reader.readTag(2, "ScheduleAt") == 0;
        long micros = reader.readI64();
        long due = interval ? saturated(now, Math.max(1, micros)) : micros;
        put(new Appointment(table, row, scheduled.schedule().function(), due, interval ? Math.max(1, micros) : 0));
    }

    private static long saturated(long now, long interval) {
        long sum = now + interval;
        return sum < now ? Long.MAX_VALUE : sum;
    }

    private void put(Appointment one) {
        remove(new Key(one.table(), Bytes.copyOf(one.row())));
        known.put(new Key(one.table(), Bytes.copyOf(one.row())), one);
        queue.add(one);
    }

    private void remove(Key key) {
        Appointment one = known.remove(key);
        if (one != null) {
            queue.remove(one);
        }
    }

    /** When the next one is due; {@code Long.MAX_VALUE} if there is none. */
    long next() {
        Appointment first = queue.peek();
        return first == null ? Long.MAX_VALUE : first.due();
    }

    /** Takes the next one that is due; one with an interval is put back for its next time. */
    Optional<Appointment> due(long now) {
        Appointment first = queue.peek();
        if (first == null || first.due() > now) {
            return Optional.empty();
        }
        queue.poll();
        Key key = new Key(first.table(), Bytes.copyOf(first.row()));
        known.remove(key);
        if (first.interval() > 0) {
            put(new Appointment(first.table(), first.row(), first.function(), Math.max(saturated(first.due(), first.interval()), now + 1), first.interval()));
        }
        return Optional.of(first);
    }
}
