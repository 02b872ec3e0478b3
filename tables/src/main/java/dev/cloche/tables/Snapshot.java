package dev.cloche.tables;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * All rows of a store as they were when it was begun, copied page by page while transactions go on. Of the store's thread, between
 * transactions.
 */
public final class Snapshot {
    private static final int PART = 256 << 10;

    private final Consumer<Changes> parts;
    private final Runnable ended;
    private final List<Copy> tables = new ArrayList<>();
    private int table;
    private int page;
    private boolean over;

    /** Rows of one table that are not given away yet. */
    private final class Copy implements RowPages.RowSink {
        private final Table of;
        private RowListBuilder rows = new RowListBuilder();

        Copy(Table of) {
            this.of = of;
        }

        @Override
        public void row(byte[] bytes, int offset, int length) {
            rows.add(bytes, offset, length);
            if (rows.size() >= PART) {
                give();
            }
        }

        void give() {
            if (rows.count() > 0) {
                RowList full = rows.build();
                rows = new RowListBuilder();
                parts.accept(new Changes(List.of(new Changes.TableChange(of.schema().id(), Changes.Kind.STORED, full, RowList.EMPTY)), List.of()));
            }
        }
    }

    Snapshot(Collection<Table> all, Consumer<Changes> parts, Runnable ended) {
        this.parts = parts;
        this.ended = ended;
        List<Changes.SequenceState> sequences = new ArrayList<>();
        for (Table one : all) {
            if (one.kind() == Changes.Kind.STORED) {
                Copy copy = new Copy(one);
                one.rows().beginCopy(copy);
                tables.add(copy);
                one.sequences().forEach(counter -> sequences.add(new Changes.SequenceState(one.schema().id(), counter.columnNumber(), counter.next())));
            }
        }
        if (!sequences.isEmpty()) {
            parts.accept(new Changes(List.of(), sequences));
        }
    }

    /**
     * Copies for about so many nanoseconds.
     *
     * @return whether there is more to do
     */
    public boolean step(long nanos) {
        long start = System.nanoTime();
        while (!over) {
            if (table == tables.size()) {
                end();
            } else if (tables.get(table).of.rows().copyPage(page)) {
                page++;
            } else {
                tables.get(table).give();
                tables.get(table).of.rows().endCopy();
                table++;
                page = 0;
            }
            if (System.nanoTime() - start >= nanos) {
                break;
            }
        }
        return !over;
    }

    /** Gives it up; what was given so far is of no use. */
    public void cancel() {
        if (!over) {
            tables.forEach(one -> one.of.rows().endCopy());
            end();
        }
    }

    private void end() {
        over = true;
        ended.run();
    }
}
