package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.schema.TableSchema.Algorithm;
import dev.cloche.schema.TableSchema.Index;
import dev.cloche.values.AlgebraicType;
import dev.cloche.values.AlgebraicType.Primitive;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.LittleEndian;
import dev.cloche.values.RowLayout;
import dev.cloche.values.Typespace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OrderedIndexTest {
    private static final RowLayout LAYOUT =
            RowLayout.of(
                    Typespace.EMPTY,
                    new AlgebraicType.Product(
                            List.of(
                                    AlgebraicType.Element.of("number", Primitive.I32),
                                    AlgebraicType.Element.of("name", Primitive.STRING),
                                    AlgebraicType.Element.of("wide", Primitive.I128))));

    private final RowPages rows = new RowPages(-1);
    private final Random random = new Random(11);

    private OrderedIndex index(Integer... columns) {
        IndexKey key = new IndexKey(Typespace.EMPTY, LAYOUT, List.of(columns));
        return new OrderedIndex(new Index(1, "i", List.of(), Algorithm.BTREE, List.of(columns)), key, false, rows);
    }

    private int place(int number) {
        String name = "common beginning ".substring(random.nextInt(17)) + random.nextInt(50);
        byte[] row = new BsatnWriter().writeU32(number).writeString(name).writeU64(random.nextInt(5) - 2).writeU64(random.nextInt(5) - 2).toArray();
        int address = rows.place(row, 0, row.length);
        rows.live(address, true);
        return address;
    }

    private static List<Integer> all(OrderedIndex index) {
        IndexKey.Search everything = index.key().ofValues(new byte[0], 0);
        return list(index.range(everything, false, everything, true));
    }

    private static List<Integer> list(AddressSource source) {
        List<Integer> found = new ArrayList<>();
        for (int address = source.next(); address != RowPages.NONE; address = source.next()) {
            found.add(address);
        }
        return found;
    }

    private int compare(IndexKey key, int a, int b) {
        int order = key.compare(rows.bytes(a), rows.offset(a), rows.bytes(b), rows.offset(b));
        return order != 0 ? order : Integer.compare(a, b);
    }

    @Test
    void anOrderedIndexKeepsThousandsOfRowsInOrderWhateverTheirKeys() {
        for (OrderedIndex index : List.of(index(0), index(1), index(2), index(0, 1), index(1, 2), index(2, 0, 1))) {
            List<Integer> model = new ArrayList<>();
            for (int i = 0; i < 6000; i++) {
                int address = place(random.nextInt(500) - 250);
                assertThat(index.add(address)).isEqualTo(RowPages.NONE);
                model.add(address);
            }
            model.sort((a, b) -> compare(index.key(), a, b));
            assertThat(all(index)).isEqualTo(model);

            Collections.shuffle(model, random);
            while (model.size() > 50) {
                index.remove(model.removeLast());
            }
            model.sort((a, b) -> compare(index.key(), a, b));
            assertThat(all(index)).isEqualTo(model);

            model.forEach(index::remove);
            assertThat(all(index)).isEmpty();
            assertThat(index.memory()).isLessThan(2000);
        }
    }

    @Test
    void pointsAndRangesAreThoseOfASearchFromEndToEnd() {
        OrderedIndex index = index(0, 1);
        List<Integer> model = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            int address = place(random.nextInt(100) - 50);
            index.add(address);
            model.add(address);
        }
        model.sort((a, b) -> compare(index.key(), a, b));

        for (int i = 0; i < 500; i++) {
            int low = random.nextInt(120) - 60;
            int high = random.nextInt(120) - 60;
            boolean withoutLow = random.nextBoolean();
            boolean withHigh = random.nextBoolean();
            IndexKey.Search from = index.key().ofValues(new BsatnWriter().writeU32(low).toArray(), 1);
            IndexKey.Search to = index.key().ofValues(new BsatnWriter().writeU32(high).toArray(), 1);
            List<Integer> expected = model.stream().filter(address -> {
                int number = LittleEndian.getInt(rows.bytes(address), rows.offset(address));
                return (withoutLow ? number > low : number >= low) && (withHigh ? number <= high : number < high);
            }).toList();
            assertThat(list(index.range(from, withoutLow, to, withHigh))).isEqualTo(expected);
        }
        int some = model.get(2500);
        byte[] row = Arrays.copyOfRange(rows.bytes(some), rows.offset(some), rows.offset(some) + rows.length(some));
        assertThat(list(index.point(index.key().ofRow(row, 0)))).contains(some);
    }

    @Test
    void ascendingKeysFillTheLeaves() {
        OrderedIndex index = index(0);
        for (int i = 0; i < 100_000; i++) {
            index.add(place(i));
        }

        assertThat(index.memory() / 100_000.0).isLessThan(14);
    }
}
