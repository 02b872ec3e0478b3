package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.schema.DatabaseSchema;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random transactions against a list of rows that is searched from end to end. */
final class StoreModelTest {
    private static final int PLAIN = 4096;
    private static final int KEYED = 4097;
    private static final int EVENTS = 4098;
    private static final int HASHED = 1;
    private static final int BY_NUMBER = 2;
    private static final int BY_NUMBER_AND_NAME = 3;
    private static final int BY_NAME = 4;

    private static final DatabaseSchema SCHEMA =
            Schemas.database(
                    Schemas.table(PLAIN, "plain").column("a", Primitive.U32).column("b", Primitive.U32).make(),
                    Schemas.table(KEYED, "keyed")
                            .column("id", Primitive.U16)
                            .column("number", Primitive.I32)
                            .column("name", Primitive.STRING)
                            .primaryKey(0)
                            .unique(1, 2)
                            .index(HASHED, Algorithm.HASH, 0)
                            .index(BY_NUMBER, Algorithm.BTREE, 1)
                            .index(BY_NUMBER_AND_NAME, Algorithm.BTREE, 1, 2)
                            .index(BY_NAME, Algorithm.HASH, 2)
                            .counted(0, 1, 1, 60_000)
                            .make(),
                    Schemas.table(EVENTS, "events").column("a", Primitive.STRING).event().make());

    private record Keyed(int id, int number, String name) {
        byte[] bytes() {
            return new BsatnWriter().writeU16(id).writeU32(number).writeString(name).toArray();
        }
    }

    private final List<Keyed> keyed = new ArrayList<>();
    private final Set<Bytes> plain = new HashSet<>();
    private final Store store = new Store(SCHEMA);
    private final Store replica = new Store(SCHEMA);
    private int sequence = 1;
    private Random random = new Random(0);

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 200; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theStoreDoesWhatTheModelDoes(long seed) {
        random = new Random(seed);

        for (int round = 0; round < 40; round++) {
            transaction(round);
            compare();
        }

        Store copy = new Store(SCHEMA);
        store.snapshot(copy::replay);
        assertThat(rows(copy, PLAIN)).isEqualTo(rows(store, PLAIN));
        assertThat(rows(copy, KEYED)).isEqualTo(rows(store, KEYED));
        assertThat(rows(replica, PLAIN)).isEqualTo(rows(store, PLAIN));
        assertThat(rows(replica, KEYED)).isEqualTo(rows(store, KEYED));
        assertThat(sequences(copy)).isEqualTo(sequences(store)).isEqualTo(sequences(replica)).hasSize(1);
    }

    private static List<Changes.SequenceState> sequences(Store of) {
        List<Changes.SequenceState> states = new ArrayList<>();
        of.snapshot(part -> states.addAll(part.sequences()));
        return states;
    }

    private void transaction(int round) {
        List<Keyed> keyedBefore = List.copyOf(keyed);
        Set<Bytes> plainBefore = Set.copyOf(plain);
        int sequenceBefore = sequence;
        List<Bytes> events = new ArrayList<>();
        Transaction transaction = store.begin();
        int steps = random.nextInt(round % 7 == 0 ? 200 : 20);
        for (int step = 0; step < steps; step++) {
            step(transaction, events);
        }
        if (random.nextInt(4) == 0) {
            transaction.rollback();
            keyed.clear();
            keyed.addAll(keyedBefore);
            plain.clear();
            plain.addAll(plainBefore);
            sequence = sequenceBefore;
        } else {
            Changes changes = transaction.commit();
            check(changes, PLAIN, plainBefore, plain);
            check(changes, KEYED, bytes(keyedBefore), bytes(keyed));
            assertThat(told(changes, EVENTS, true)).isEqualTo(new HashSet<>(events));
            assertThat(told(changes, EVENTS, false)).isEmpty();
            assertThat(changes.sequences()).hasSize(sequence == sequenceBefore ? 0 : 1);
            replica.replay(ChangesForm.read(ChangesForm.write(changes)));
        }
        assertThat(store.rowCount(EVENTS)).isZero();
    }

    private static Set<Bytes> bytes(List<Keyed> rows) {
        Set<Bytes> set = new HashSet<>();
        rows.forEach(row -> set.add(Bytes.copyOf(row.bytes())));
        return set;
    }

    private static void check(Changes changes, int table, Set<Bytes> before, Set<Bytes> after) {
        Set<Bytes> added = new HashSet<>(after);
        added.removeAll(before);
        Set<Bytes> removed = new HashSet<>(before);
        removed.removeAll(after);
        assertThat(told(changes, table, true)).isEqualTo(added);
        assertThat(told(changes, table, false)).isEqualTo(removed);
    }

    private static Set<Bytes> told(Changes changes, int table, boolean inserted) {
        Set<Bytes> set = new HashSet<>();
        for (Changes.TableChange change : changes.tables()) {
            RowList rows = inserted ? change.inserted() : change.deleted();
            for (int i = 0; change.table() == table && i < rows.count(); i++) {
                assertThat(set.add(Bytes.copyOf(rows.row(i)))).isTrue();
            }
        }
        return set;
    }

    private void step(Transaction transaction, List<Bytes> events) {
        switch (random.nextInt(14)) {
            case 0, 1, 2 -> insertPlain(transaction);
            case 3, 4, 5, 6 -> insertKeyed(transaction);
            case 7, 8 -> updateKeyed(transaction);
            case 9 -> deleteKeyed(transaction);
            case 10 -> deletePlain(transaction);
            case 11 -> deleteRange(transaction);
            case 12 -> readWhileChanging(transaction);
            default -> {
                byte[] event = new BsatnWriter().writeString("event " + random.nextInt(5)).toArray();
                transaction.insert(EVENTS, event);
                events.add(Bytes.copyOf(event));
                if (random.nextInt(60) == 0) {
                    assertThat(transaction.clear(PLAIN)).isEqualTo(plain.size());
                    plain.clear();
                }
            }
        }
    }

    private byte[] plainRow() {
        return new BsatnWriter().writeU32(random.nextInt(12)).writeU32(random.nextInt(12)).toArray();
    }

    private void insertPlain(Transaction transaction) {
        byte[] row = plainRow();
        transaction.insert(PLAIN, row);
        plain.add(Bytes.copyOf(row));
        assertThat(transaction.rowCount(PLAIN)).isEqualTo(plain.size());
    }

    private void deletePlain(Transaction transaction) {
        byte[] one = plainRow();
        byte[] two = plainRow();
        int expected = (plain.remove(Bytes.copyOf(one)) ? 1 : 0) + (plain.remove(Bytes.copyOf(two)) ? 1 : 0);
        assertThat(transaction.deleteEqual(PLAIN, new BsatnWriter().writeU32(2).writeRaw(one).writeRaw(two).toArray())).isEqualTo(expected);
    }

    private Keyed keyedRow() {
        String name = "n".repeat(random.nextInt(3) * random.nextInt(30)) + random.nextInt(6);
        return new Keyed(random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(150), random.nextInt(40) - 20, name);
    }

    private boolean clash(Keyed row, int except) {
        return keyed.stream().anyMatch(one -> one.id != except && (one.id == row.id || one.number == row.number && one.name.equals(row.name)));
    }

    private void insertKeyed(Transaction transaction) {
        Keyed row = keyedRow();
        byte[] bytes = row.bytes();
        MemorySegment memory = MemorySegment.ofArray(bytes);
        Keyed wanted = row.id == 0 ? new Keyed(sequence, row.number, row.name) : row;
        if (row.id == 0) {
            sequence++;
        }
        if (!keyed.contains(wanted) && clash(wanted, -1)) {
            refused(StoreException.Reason.UNIQUE_EXISTS, () -> transaction.insert(KEYED, memory, 0, bytes.length));
            return;
        }
        int written = transaction.insert(KEYED, memory, 0, bytes.length);
        assertThat(written).isEqualTo(row.id == 0 ? 2 : 0);
        if (written > 0) {
            assertThat(bytes[0] & 0xff | (bytes[1] & 0xff) << 8).isEqualTo(wanted.id);
        }
        if (!keyed.contains(wanted)) {
            keyed.add(wanted);
        }
    }

    private void updateKeyed(Transaction transaction) {
        Keyed row = keyedRow();
        if (row.id == 0) {
            return;
        }
        if (keyed.stream().noneMatch(one -> one.id == row.id)) {
            refused(StoreException.Reason.NO_SUCH_ROW, () -> transaction.update(KEYED, HASHED, row.bytes()));
        } else if (clash(row, row.id)) {
            refused(StoreException.Reason.UNIQUE_EXISTS, () -> transaction.update(KEYED, HASHED, row.bytes()));
        } else {
            transaction.update(KEYED, HASHED, row.bytes());
            keyed.removeIf(one -> one.id == row.id);
            keyed.add(row);
        }
    }

    private static void refused(StoreException.Reason reason, Runnable change) {
        try {
            change.run();
        } catch (StoreException e) {
            assertThat(e.reason()).isEqualTo(reason);
            return;
        }
        throw new AssertionError("expected " + reason);
    }

    private void deleteKeyed(Transaction transaction) {
        int id = 1 + random.nextInt(150);
        int number = random.nextInt(40) - 20;
        if (random.nextBoolean()) {
            boolean there = keyed.removeIf(one -> one.id == id);
            assertThat(transaction.deletePoint(HASHED, new BsatnWriter().writeU16(id).toArray())).isEqualTo(there ? 1 : 0);
        } else {
            int before = keyed.size();
            keyed.removeIf(one -> one.number == number);
            assertThat(transaction.deletePoint(BY_NUMBER, new BsatnWriter().writeU32(number).toArray())).isEqualTo(before - keyed.size());
        }
    }

    private record Bound(int tag, int value) {
        byte[] bytes() {
            BsatnWriter writer = new BsatnWriter().writeU8(tag);
            return tag == 2 ? writer.toArray() : writer.writeU32(value).toArray();
        }

        boolean above(int number) {
            return tag == 2 || (tag == 0 ? number <= value : number < value);
        }

        boolean below(int number) {
            return tag == 2 || (tag == 0 ? number >= value : number > value);
        }
    }

    private Bound bound() {
        return new Bound(random.nextInt(3), random.nextInt(44) - 22);
    }

    private void deleteRange(Transaction transaction) {
        Bound start = bound();
        Bound end = start.tag == 2 ? new Bound(0, -10) : bound();
        if (random.nextInt(3) > 0) {
            return;
        }
        int before = keyed.size();
        keyed.removeIf(one -> start.below(one.number) && end.above(one.number));
        IndexRange range = new IndexRange(new byte[0], 0, start.bytes(), end.bytes());
        assertThat(transaction.deleteRange(random.nextBoolean() ? BY_NUMBER : BY_NUMBER_AND_NAME, range)).isEqualTo(before - keyed.size());
    }

    private void readWhileChanging(Transaction transaction) {
        Set<Bytes> expected = bytes(keyed);
        RowCursor cursor = transaction.scan(KEYED);
        Set<Bytes> seen = new HashSet<>();
        int from = random.nextInt(5);
        for (int i = 0; i < from && cursor.next(); i++) {
            seen.add(Bytes.copyOf(cursor.row()));
        }
        for (int i = 0; i < 6; i++) {
            insertKeyed(transaction);
            updateKeyed(transaction);
            deleteKeyed(transaction);
        }
        while (cursor.next()) {
            seen.add(Bytes.copyOf(cursor.row()));
        }
        assertThat(seen).isEqualTo(expected);
    }

    private static Set<Bytes> rows(Store of, int table) {
        Set<Bytes> set = new HashSet<>();
        try (RowCursor cursor = of.scan(table)) {
            while (cursor.next()) {
                assertThat(set.add(Bytes.copyOf(cursor.row()))).isTrue();
            }
        }
        return set;
    }

    private void compare() {
        assertThat(rows(store, PLAIN)).isEqualTo(plain);
        assertThat(rows(store, KEYED)).isEqualTo(bytes(keyed));
        assertThat(store.rowCount(KEYED)).isEqualTo(keyed.size());
        Bound start = bound();
        Bound end = bound();
        List<Keyed> expected = new ArrayList<>(keyed);
        expected.removeIf(one -> !start.below(one.number) || !end.above(one.number));
        expected.sort(Comparator.comparingInt(Keyed::number).thenComparing(Keyed::name));
        RowList found = store.scanRange(BY_NUMBER_AND_NAME, new IndexRange(new byte[0], 0, start.bytes(), end.bytes())).rest();
        assertThat(found.count()).isEqualTo(expected.size());
        for (int i = 0; i < found.count(); i++) {
            assertThat(found.row(i)).isEqualTo(expected.get(i).bytes());
        }
        prefix();
        String name = keyedRow().name;
        RowList byName = store.scanPoint(BY_NAME, new BsatnWriter().writeString(name).toArray()).rest();
        assertThat(byName.count()).isEqualTo((int) keyed.stream().filter(one -> one.name.equals(name)).count());
    }

    private void prefix() {
        int number = random.nextInt(40) - 20;
        String least = keyedRow().name;
        IndexRange range =
                new IndexRange(
                        new BsatnWriter().writeU32(number).toArray(), 1, new BsatnWriter().writeU8(1).writeString(least).toArray(), new byte[] {2});
        int expected = (int) keyed.stream().filter(one -> one.number == number && one.name.compareTo(least) > 0).count();
        assertThat(store.scanRange(BY_NUMBER_AND_NAME, range).rest().count()).isEqualTo(expected);
    }
}
