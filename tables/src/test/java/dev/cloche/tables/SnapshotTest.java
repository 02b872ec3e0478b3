package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that are made while transactions go on show what was there when they were begun, and nothing else. */
final class SnapshotTest {
    private static final int FIXED = 4096;
    private static final int TEXTS = 4097;
    private static final DatabaseSchema SCHEMA =
            Schemas.database(
                    Schemas.table(FIXED, "fixed").column("id", Primitive.U32).column("n", Primitive.U32).primaryKey(0).unique(0).counted(0, 1, 1, 1_000_000_000).make(),
                    Schemas.table(TEXTS, "texts").column("text", Primitive.STRING).make());

    private final Store store = new Store(SCHEMA);
    private Random random = new Random(0);
    private int next = 1;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aSnapshotShowsTheRowsAsTheyWereWhenItWasBegun(long seed) {
        random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            transaction(3_000);
        }
        for (int snapshot = 0; snapshot < 4; snapshot++) {
            Set<Bytes> fixed = rows(store, FIXED);
            Set<Bytes> texts = rows(store, TEXTS);
            Store copy = new Store(SCHEMA);
            Snapshot making = store.beginSnapshot(copy::replay);

            do {
                transaction(random.nextInt(10) == 0 ? 4_000 : 20);
            } while (making.step(random.nextInt(3) == 0 ? 100_000 : 0));

            assertThat(rows(copy, FIXED)).isEqualTo(fixed);
            assertThat(rows(copy, TEXTS)).isEqualTo(texts);
            store.snapshot(changes -> { });
        }
    }

    @Test
    void whatIsGivenUpLeavesTheNextOneWhole() {
        transaction(5_000);
        Snapshot first = store.beginSnapshot(changes -> { });
        first.step(0);
        first.cancel();
        transaction(500);

        Store copy = new Store(SCHEMA);
        store.snapshot(copy::replay);

        assertThat(rows(copy, FIXED)).isEqualTo(rows(store, FIXED));
        assertThat(rows(copy, TEXTS)).isEqualTo(rows(store, TEXTS));
    }

    /** Inserts, deletes, replaces and sometimes empties; is sometimes rolled back. */
    private void transaction(int changes) {
        Transaction transaction = store.begin();
        for (int i = 0; i < changes; i++) {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> transaction.insert(FIXED, row(next++));
                case 3 -> transaction.delete(TEXTS, text(random.nextInt(next)));
                case 4, 5 -> transaction.insert(TEXTS, text(next++));
                default -> deleteOne(transaction);
            }
        }
        if (random.nextInt(40) == 0) {
            transaction.clear(TEXTS);
        }
        if (random.nextInt(5) == 0) {
            transaction.rollback();
        } else {
            transaction.commit();
        }
    }

    private void deleteOne(Transaction transaction) {
        int id = random.nextInt(next);
        for (int n = 0; n < 3; n++) {
            transaction.delete(FIXED, new BsatnWriter().writeU32(id).writeU32(n).toArray());
        }
    }

    private byte[] row(int id) {
        return new BsatnWriter().writeU32(id).writeU32(random.nextInt(3)).toArray();
    }

    private static byte[] text(int number) {
        return new BsatnWriter().writeString("t".repeat(number % 300) + number).toArray();
    }

    private static Set<Bytes> rows(Store of, int table) {
        Set<Bytes> rows = new HashSet<>();
        try (RowCursor cursor = of.scan(table)) {
            while (cursor.next()) {
                rows.add(Bytes.copyOf(cursor.row()));
            }
        }
        return rows;
    }

    @Test
    void storesTakeNoMoreThanThePoolHasAndGiveItBack() {
        MemoryPool pool = new MemoryPool(4 << 20);
        List<Store> stores = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stores.add(new Store(SCHEMA, new StoreLimits(pool, 3 << 20, 100 << 20)));
        }

        List<String> refusals = stores.stream().map(this::filled).toList();

        assertThat(refusals.get(0)).contains("The database is full: its tables may take 3145728 bytes");
        assertThat(refusals.get(1)).contains("The memory for the tables of all databases is used up: they may take 4194304 bytes together");
        assertThat(refusals.get(2)).contains("The memory for the tables of all databases is used up");
        assertThat(pool.taken()).isLessThanOrEqualTo(pool.limit());
        Transaction empty = stores.getFirst().begin();
        empty.clear(TEXTS);
        empty.commit();
        assertThat(filled(stores.get(2))).contains("used up");
        assertThat(stores.get(2).memory()).isGreaterThan(1 << 20);
        stores.forEach(Store::close);
        assertThat(pool.taken()).isZero();
    }

    /** Fills a store in transactions until it is refused, which rolls back; why. */
    private String filled(Store one) {
        while (true) {
            Transaction transaction = one.begin();
            try {
                for (int i = 0; i < 20; i++) {
                    transaction.insert(TEXTS, text(next++));
                }
            } catch (StoreException refused) {
                transaction.rollback();
                assertThat(refused.reason()).isEqualTo(StoreException.Reason.NO_SPACE);
                return String.valueOf(refused.getMessage());
            }
            transaction.commit();
        }
    }

    @Test
    void aTransactionThatIsTooLargeIsRefusedAndItsMemoryComesBack() {
        MemoryPool pool = new MemoryPool(100 << 20);
        Store one = new Store(SCHEMA, new StoreLimits(pool, 90 << 20, 1 << 20));
        long before = one.memory();
        Transaction transaction = one.begin();
        String refusal = "";
        for (int i = 1; refusal.isEmpty(); i++) {
            try {
                transaction.insert(FIXED, row(i));
            } catch (StoreException refused) {
                refusal = String.valueOf(refused.getMessage());
            }
        }
        transaction.rollback();

        assertThat(refusal).contains("One transaction may insert and delete 1048576 bytes");
        assertThat(one.memory()).isLessThan(before + (1 << 20));
        assertThat(pool.taken()).isLessThan(2 << 20);
    }
}
