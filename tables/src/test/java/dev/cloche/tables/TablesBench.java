package dev.cloche.tables;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import dev.cloche.values.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Measures the store: started by {@code ./cloche bench tables}. */
final class TablesBench {
    private static final int MANY = 2_000_000;
    private static final int BATCH = 200_000;
    private static final int ACCOUNTS = 100_000;
    private static final DatabaseSchema PLAIN =
            Schemas.database(Schemas.table(4096, "plain").column("a", Primitive.U32).column("b", Primitive.U32).make());
    private static final DatabaseSchema KEYED =
            Schemas.database(
                    Schemas.table(4096, "keyed")
                            .column("id", Primitive.U64)
                            .column("owner", Primitive.U32)
                            .primaryKey(0)
                            .index(1, Algorithm.BTREE, 0)
                            .index(2, Algorithm.BTREE, 1)
                            .counted(0, 1, 1, Long.MAX_VALUE)
                            .make());

    private static boolean missed;

    private TablesBench() {}

    public static void main(String[] arguments) throws SQLException {
        for (int warm = 0; warm < 2; warm++) {
            inserts(PLAIN, 8, 400_000);
            inserts(KEYED, 12, 400_000);
            transfers(30_000);
        }
        growth("insert, no index", PLAIN, 8, -0.9);
        growth("insert, key and ordered index of random numbers", KEYED, 12, 0);
        memory();
        load("load of 1 million rows, no index", PLAIN, 8);
        load("load of 1 million rows, key and ordered index", KEYED, 12);
        subscribers();
        againstSqlite();
        if (missed) {
            System.exit(1);
        }
    }

    /** Says a figure and its ratio to another; {@code wanted} is the most, or at least its opposite if negative, or nothing if 0. */
    private static void say(String name, double measured, double against, double wanted, String unit) {
        double ratio = measured / against;
        boolean met = wanted >= 0 ? wanted == 0 || ratio <= wanted : ratio >= -wanted;
        String rule = wanted == 0 ? "" : String.format(Locale.ROOT, ", wanted at %s %s: %s", wanted > 0 ? "most" : "least", Math.abs(wanted), met ? "met" : "MISSED");
        System.out.println(String.format(Locale.ROOT, "%s: ratio %.2f (%.0f%s against %.0f%s)%s", name, ratio, measured, unit, against, unit, rule));
        missed |= !met;
    }

    /** Inserts per second, each a transaction of its own; a row per insert in a memory like a guest's. */
    private static double run(Store store, int size, int first, int count) {
        MemorySegment memory = MemorySegment.ofArray(new byte[64]);
        byte[] row = new byte[size];
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Arrays.fill(row, (byte) 0);
            LittleEndian.putInt(row, size - 4, (first + i) * 7919);
            if (size == 8) {
                LittleEndian.putInt(row, 0, first + i);
            }
            MemorySegment.copy(row, 0, memory, ValueLayout.JAVA_BYTE, 0, size);
            Transaction transaction = store.begin();
            transaction.insert(4096, memory, 0, size);
            transaction.commit();
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static Store inserts(DatabaseSchema schema, int size, int count) {
        Store store = new Store(schema);
        run(store, size, 0, count);
        return store;
    }

    private static void growth(String name, DatabaseSchema schema, int size, double wanted) {
        List<Double> fresh = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            fresh.add(run(new Store(schema), size, 0, BATCH));
        }
        Store store = inserts(schema, size, MANY);
        List<Double> large = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            large.add(run(store, size, MANY + i * BATCH, BATCH));
        }
        say(name + ": with 2 million rows", median(large), median(fresh), wanted, "/s");
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static void memory() {
        for (DatabaseSchema schema : List.of(PLAIN, KEYED)) {
            long before = used();
            Store store = inserts(schema, schema == PLAIN ? 8 : 12, MANY);
            double heap = (used() - before) / (double) MANY;
            double counted = store.memory() / (double) MANY;
            String name = schema == PLAIN ? "two integers" : "with key and ordered index";
            say("bytes a row, " + name, Math.max(heap, counted), 100, 1, " B");
            System.out.println(String.format(Locale.ROOT, "  (heap %.1f, as the store counts %.1f)", heap, counted));
        }
    }

    private static void load(String name, DatabaseSchema schema, int size) {
        List<byte[]> parts = new ArrayList<>();
        inserts(schema, size, 1_000_000).snapshot(part -> parts.add(ChangesForm.write(part)));
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Store store = new Store(schema);
            long start = System.nanoTime();
            parts.forEach(part -> store.replay(ChangesForm.read(part)));
            times.add((System.nanoTime() - start) / 1e6);
            if (store.rowCount(4096) != 1_000_000) {
                throw new IllegalStateException("rows are missing");
            }
        }
        say(name, median(times), 1000, 1, " ms");
    }

    private static void subscribers() {
        Store store = inserts(KEYED, 12, 100_000);
        Subscriptions subscriptions = new Subscriptions(store, List.of(), Subscriptions.Views.NONE);
        SqlCaller caller = new SqlCaller(Identity.ZERO, false);
        for (int i = 0; i < 1000; i++) {
            subscriptions.watch(subscriptions.query("SELECT * FROM keyed", caller));
            subscriptions.watch(subscriptions.query("SELECT * FROM keyed WHERE owner = " + i, caller));
        }
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            int told = 0;
            for (int i = 0; i < 20_000; i++) {
                Transaction transaction = store.begin();
                transaction.insert(4096, new BsatnWriter().writeU64(0).writeU32(i % 2000).toArray());
                told += subscriptions.evaluate(transaction.commit()).size();
            }
            double micros = (System.nanoTime() - start) / 1e3 / 20_000;
            if (told != 30_000) {
                throw new IllegalStateException("told " + told);
            }
            if (round == 2) {
                say("insert and evaluation, 1000 subscribers of one query and 1000 of queries of their own", micros, 100_000, 1, " us");
            }
        }
        for (int i = 1000; i < 2000; i++) {
            subscriptions.watch(subscriptions.query("SELECT * FROM keyed WHERE owner <> " + i, caller));
        }
        long start = System.nanoTime();
        for (int i = 0; i < 500; i++) {
            Transaction transaction = store.begin();
            transaction.insert(4096, new BsatnWriter().writeU64(0).writeU32(i).toArray());
            subscriptions.evaluate(transaction.commit());
        }
        say("the same with 1000 more queries that each have to be tried", (System.nanoTime() - start) / 1e3 / 500, 100_000, 1, " us");
    }

    private static final DatabaseSchema BANK =
            Schemas.database(
                    Schemas.table(4096, "account").column("id", Primitive.U32).column("balance", Primitive.I64).primaryKey(0)
                            .index(1, Algorithm.BTREE, 0).make());

    /** Transfers per second: two rows read and changed in one transaction. */
    private static double transfers(int count) {
        Store store = new Store(BANK);
        Transaction fill = store.begin();
        for (int i = 0; i < ACCOUNTS; i++) {
            fill.insert(4096, new BsatnWriter().writeU32(i).writeU64(1_000_000).toArray());
        }
        fill.commit();
        Random random = new Random(1);
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            Transaction transaction = store.begin();
            move(transaction, random.nextInt(ACCOUNTS), -1);
            move(transaction, random.nextInt(ACCOUNTS), 1);
            transaction.commit();
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static void move(Transaction transaction, int account, long amount) {
        byte[] key = new byte[4];
        LittleEndian.putInt(key, 0, account);
        try (RowCursor cursor = transaction.scanPoint(1, key)) {
            cursor.next();
            byte[] row = cursor.row();
            LittleEndian.putLong(row, 4, LittleEndian.getLong(row, 4) + amount);
            transaction.update(4096, 1, row);
        }
    }

    private static void againstSqlite() throws SQLException {
        List<Double> own = new ArrayList<>();
        List<Double> ownInserts = new ArrayList<>();
        List<Double> sqlite = new ArrayList<>();
        List<Double> sqliteInserts = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            connection.createStatement().execute("CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER)");
            connection.createStatement().execute("CREATE TABLE plain (a INTEGER, b INTEGER)");
            connection.setAutoCommit(false);
            try (PreparedStatement fill = connection.prepareStatement("INSERT INTO account VALUES (?, 1000000)")) {
                for (int i = 0; i < ACCOUNTS; i++) {
                    fill.setInt(1, i);
                    fill.executeUpdate();
                }
            }
            connection.commit();
            for (int round = 0; round < 5; round++) {
                own.add(transfers(100_000));
                sqlite.add(sqliteTransfers(connection, 30_000));
                ownInserts.add(run(new Store(PLAIN), 8, 0, BATCH));
                sqliteInserts.add(sqliteInserts(connection, 30_000));
            }
        }
        say("transfer between accounts, against SQLite in memory", median(own), median(sqlite), -3, "/s");
        say("insert, against SQLite in memory", median(ownInserts), median(sqliteInserts), -3, "/s");
    }

    private static double sqliteTransfers(Connection connection, int count) throws SQLException {
        Random random = new Random(1);
        try (PreparedStatement read = connection.prepareStatement("SELECT balance FROM account WHERE id = ?");
                PreparedStatement write = connection.prepareStatement("UPDATE account SET balance = ? WHERE id = ?")) {
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                for (int amount = -1; amount <= 1; amount += 2) {
                    int account = random.nextInt(ACCOUNTS);
                    read.setInt(1, account);
                    long balance;
                    try (var rows = read.executeQuery()) {
                        rows.next();
                        balance = rows.getLong(1);
                    }
                    write.setLong(1, balance + amount);
                    write.setInt(2, account);
                    write.executeUpdate();
                }
                connection.commit();
            }
            return count * 1e9 / (System.nanoTime() - start);
        }
    }

    private static double sqliteInserts(Connection connection, int count) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO plain VALUES (?, ?)")) {
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                insert.setInt(1, i);
                insert.setInt(2, i * 7919);
                insert.executeUpdate();
                connection.commit();
            }
            return count * 1e9 / (System.nanoTime() - start);
        }
    }
}
