package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.schema.TableSchema;
import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.tables.StoreException.Reason;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.AlgebraicType.Sum;
import dev.cloche.values.AlgebraicType.Variant;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class StoreTest {
    private static byte[] u8(int value) {
        return new byte[] {(byte) value};
    }

    private static byte[] pair(int a, int b) {
        return new BsatnWriter().writeU32(a).writeU32(b).toArray();
    }

    private static void refused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void aSequenceWrapsAndRowsThatAreThereChangeNothing() {
        Store store = new Store(Schemas.database(Schemas.table(4096, "c").column("n", Primitive.U8).counted(0, 1, 0, 255).make()));
        Transaction transaction = store.begin();
        for (int i = 0; i < 300; i++) {
            transaction.insert(4096, u8(0));
        }

        assertThat(transaction.rowCount(4096)).isEqualTo(256);
        assertThat(transaction.commit().tables().getFirst().inserted().count()).isEqualTo(256);
    }

    @Test
    void aNumberThatTheColumnCannotHoldIsRefused() {
        Store store = new Store(Schemas.database(Schemas.table(4096, "c").column("n", Primitive.U8).counted(0, 254, 1, 1000).make()));
        Transaction transaction = store.begin();
        transaction.insert(4096, u8(0));
        transaction.insert(4096, u8(0));

        refused(Reason.SEQUENCE_OVERFLOW, () -> transaction.insert(4096, u8(0)));
        assertThat(transaction.rowCount(4096)).isEqualTo(2);
    }

    @Test
    void sequencesCountBeyond64Bits() {
        TableSchema.Sequence wide =
                new TableSchema.Sequence(
                        "s", 0, BigInteger.TWO.pow(63).subtract(BigInteger.TWO), BigInteger.ONE,
                        BigInteger.TWO.pow(127), BigInteger.ONE);
        SequenceCounter counter = new SequenceCounter(wide, "t.c", Primitive.U128);
        byte[] row = new byte[16];
        for (int i = 0; i < 4; i++) {
            counter.write(row, 0);
        }

        assertThat(LittleEndian.getLong(row, 0)).isEqualTo(Long.MIN_VALUE + 1);
        assertThat(LittleEndian.getLong(row, 8)).isZero();
    }

    @Test
    void whatIsWrongIsRefusedWithItsReason() {
        Store store =
                new Store(
                        Schemas.database(
                                Schemas.table(4096, "t").column("a", Primitive.U32).column("b", Primitive.U32).primaryKey(0)
                                        .index(1, Algorithm.BTREE, 0).index(2, Algorithm.HASH, 1).make()));
        Transaction transaction = store.begin();
        transaction.insert(4096, pair(1, 1));

        refused(Reason.NO_SUCH_TABLE, () -> transaction.insert(4097, pair(1, 1)));
        refused(Reason.NO_SUCH_INDEX, () -> transaction.scanPoint(9, new byte[4]));
        refused(Reason.BSATN, () -> transaction.insert(4096, new byte[7]));
        refused(Reason.BSATN, () -> transaction.insert(4096, new byte[9]));
        refused(Reason.BSATN, () -> transaction.scanPoint(1, new byte[5]));
        refused(Reason.BSATN, () -> transaction.deleteEqual(4096, new BsatnWriter().writeU32(0xffff_ffff).toArray()));
        refused(Reason.UNIQUE_EXISTS, () -> transaction.insert(4096, pair(1, 2)));
        refused(Reason.INDEX_NOT_UNIQUE, () -> transaction.update(4096, 2, pair(1, 2)));
        refused(Reason.NO_SUCH_ROW, () -> transaction.update(4096, 1, pair(3, 2)));
        refused(Reason.WRONG_INDEX_ALGORITHM, () -> transaction.scanRange(2, new IndexRange(new byte[0], 0, u8(2), u8(2))));
        refused(Reason.BSATN, () -> transaction.scanRange(1, new IndexRange(new byte[0], 0, u8(3), u8(2))));
        refused(Reason.BSATN, () -> transaction.scanRange(1, new IndexRange(new byte[0], -1, u8(2), u8(2))));
        assertThat(transaction.commit().tables().getFirst().inserted().row(0)).isEqualTo(pair(1, 1));
        assertThatThrownBy(() -> transaction.insert(4096, pair(5, 5))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> {
            store.begin();
            store.begin();
        }).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRowThatIsDeletedAndInsertedAgainIsNoChange() {
        Store store = new Store(Schemas.database(Schemas.table(4096, "t").column("a", Primitive.U32).column("b", Primitive.U32).make()));
        Transaction first = store.begin();
        first.insert(4096, pair(1, 2));
        first.commit();

        Transaction second = store.begin();
        second.delete(4096, pair(1, 2));
        second.insert(4096, pair(1, 2));

        assertThat(second.commit().nothingToLog()).isTrue();
        assertThat(store.rowCount(4096)).isEqualTo(1);
    }

    @Test
    void cursorsFillABufferWithWholeRows() {
        Store store = new Store(Schemas.database(Schemas.table(4096, "t").column("s", Primitive.STRING).make()));
        Transaction transaction = store.begin();
        for (int i = 0; i < 10; i++) {
            transaction.insert(4096, new BsatnWriter().writeString("x".repeat(i)).toArray());
        }
        RowCursor cursor = transaction.scan(4096);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(20);
            int rows = 0;
            while (cursor.nextLength() >= 0) {
                int written = cursor.copyTo(buffer, 0, 20);
                assertThat(written).isBetween(4, 20);
                rows++;
            }
            assertThat(rows).isBetween(5, 9);
            RowCursor narrow = transaction.scan(4096);
            assertThat(narrow.copyTo(buffer, 0, 3)).isZero();
            assertThat(narrow.nextLength()).isEqualTo(4);
        }
    }

    @Test
    void aMigrationKeepsRowsAndAddsColumnsWithDefaults() {
        Sum before = new Sum(List.of(Variant.of("a", AlgebraicType.Product.UNIT)));
        Sum after = new Sum(List.of(Variant.of("a", AlgebraicType.Product.UNIT), Variant.of("b", Primitive.U8)));
        Store store =
                new Store(
                        Schemas.database(
                                Schemas.table(4096, "t").column("id", Primitive.U32).column("kind", before).primaryKey(0).counted(0, 1, 1, 100).make(),
                                Schemas.table(4097, "old").column("x", Primitive.U8).make()));
        Transaction transaction = store.begin();
        transaction.insert(4096, new byte[5]);
        transaction.insert(4096, new byte[5]);
        transaction.commit();

        store.migrate(
                Schemas.database(
                        Schemas.table(4096, "t").column("id", Primitive.U32).column("kind", after).column("level", Primitive.U8, u8(7))
                                .primaryKey(0).index(1, Algorithm.BTREE, 2).counted(0, 1, 1, 100).make(),
                        Schemas.table(4098, "new").column("x", Primitive.U8).make()));

        assertThat(store.scanPoint(1, u8(7)).rest().count()).isEqualTo(2);
        assertThat(store.tableId("old")).isEmpty();
        assertThat(store.rowCount(4098)).isZero();
        Transaction next = store.begin();
        assertThat(next.insert(4096, new byte[] {0, 0, 0, 0, 1, 9, 3})[0]).isEqualTo((byte) 3);
        next.commit();
    }

    @Test
    void aMigrationThatRowsDoNotBearChangesNothing() {
        Store store = new Store(Schemas.database(Schemas.table(4096, "t").column("a", Primitive.U32).column("b", Primitive.U32).make()));
        Transaction transaction = store.begin();
        transaction.insert(4096, pair(1, 1));
        transaction.insert(4096, pair(1, 2));
        transaction.commit();

        refused(
                Reason.UNIQUE_EXISTS,
                () -> store.migrate(
                        Schemas.database(Schemas.table(4096, "t").column("a", Primitive.U32).column("b", Primitive.U32).unique(0).make())));
        refused(
                Reason.BSATN,
                () -> store.migrate(
                        Schemas.database(
                                Schemas.table(4096, "t").column("a", Primitive.U32).column("b", Primitive.U32).column("c", Primitive.U8).make())));
        refused(Reason.BSATN, () -> store.migrate(Schemas.database(Schemas.table(4096, "t").column("a", Primitive.U32).make())));
        store.migrate(
                Schemas.database(
                        Schemas.table(4096, "t").column("a", Primitive.U32).column("b", Primitive.U32).unique(0, 1).index(1, Algorithm.BTREE, 1).make()));

        assertThat(store.rowCount(4096)).isEqualTo(2);
        assertThat(store.scanPoint(1, new byte[] {2, 0, 0, 0}).rest().row(0)).isEqualTo(pair(1, 2));
    }

    @Test
    void damagedChangesAreRefused() {
        byte[] form = ChangesForm.write(new Changes(List.of(new Changes.TableChange(4096, Changes.Kind.STORED, RowList.EMPTY, RowList.EMPTY)), List.of()));
        for (int i = 0; i < form.length; i++) {
            byte[] damaged = form.clone();
            damaged[i] = (byte) 0x7f;
            try {
                ChangesForm.read(damaged);
            } catch (RuntimeException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
