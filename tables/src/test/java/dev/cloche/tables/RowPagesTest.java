package dev.cloche.tables;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RowPagesTest {
    private final Random random = new Random(3);

    private byte[] row(int length) {
        byte[] row = new byte[length];
        random.nextBytes(row);
        return row;
    }

    @Test
    void placesOfAnySizeAreUsedAgainAndNeverOverlap() {
        RowPages rows = new RowPages(-1);
        Map<Integer, byte[]> model = new HashMap<>();
        List<Integer> addresses = new ArrayList<>();
        long bytes = 0;
        long most = 0;
        for (int i = 0; i < 60_000; i++) {
            if (random.nextInt(100) < (i / 10_000 % 2 == 0 ? 60 : 40) || addresses.isEmpty()) {
                byte[] row = row(random.nextInt(50) == 0 ? random.nextInt(90_000) : random.nextInt(300));
                int address = rows.place(row, 0, row.length);
                rows.live(address, true);
                assertThat(model.put(address, row)).isNull();
                addresses.add(address);
                bytes += row.length;
                most = Math.max(most, bytes);
            } else {
                int address = addresses.remove(random.nextInt(addresses.size()));
                byte[] row = model.remove(address);
                assertThat(rows.equal(address, row, 0, row.length)).isTrue();
                rows.live(address, false);
                rows.free(address);
                bytes -= row.length;
            }
        }

        int seen = 0;
        for (int address = rows.next(RowPages.NONE); address != RowPages.NONE; address = rows.next(address)) {
            byte[] row = model.get(address);
            assertThat(rows.equal(address, row, 0, row.length)).isTrue();
            seen++;
        }
        assertThat(seen).isEqualTo(model.size());
        assertThat(rows.memory()).isLessThan(most * 2 + 400_000);
    }

    @Test
    void aTableThatIsFilledAndEmptiedAgainAndAgainDoesNotGrow() {
        RowPages rows = new RowPages(-1);
        long after = 0;
        for (int round = 0; round < 20; round++) {
            List<Integer> addresses = new ArrayList<>();
            for (int i = 0; i < 5000; i++) {
                addresses.add(rows.place(row(round * 13 + 5), 0, round * 13 + 5));
            }
            after = Math.max(after, rows.memory() - 5000L * (round * 13 + 5));
            addresses.forEach(rows::free);
        }

        assertThat(rows.memory()).isZero();
        assertThat(after).isLessThan(500_000);
    }

    @Test
    void rowsOfOneSizeLieBare() {
        RowPages rows = new RowPages(8);
        for (int i = 0; i < 100_000; i++) {
            rows.place(row(8), 0, 8);
        }

        assertThat(rows.memory() / 100_000.0).isLessThan(9);
    }

    @Test
    void rowsWithoutBytesHaveAPlaceToo() {
        RowPages rows = new RowPages(0);
        int one = rows.place(new byte[0], 0, 0);
        int other = rows.place(new byte[0], 0, 0);

        assertThat(one).isNotEqualTo(other);
        assertThat(rows.length(one)).isZero();
    }
}
