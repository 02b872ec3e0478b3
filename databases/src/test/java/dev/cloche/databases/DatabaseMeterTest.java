package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DatabaseMeterTest {
    private final AtomicLong micros = new AtomicLong(TimeUnit.SECONDS.toMicros(1_000));
    private final DatabaseMeter meter = new DatabaseMeter(micros::get);

    @Test
    void aPercentileIsTheTrueOneOrUpToAQuarterMore() {
        for (long took = 1; took < 100_000_000; took = took * 3 + 1) {
            DatabaseMeter fresh = new DatabaseMeter(micros::get);
            fresh.called(TimeUnit.MICROSECONDS.toNanos(took), true);
            assertThat(fresh.seconds().getFirst().median()).isBetween(took, took + took / 4);
        }
    }

    @Test
    void theMedianIsOfHalfAndTheSlowestOfAlmostAll() {
        for (int i = 0; i < 98; i++) {
            meter.called(2_000, true);
        }
        meter.called(3_000_000, false);
        meter.called(3_000_000, true);

        DatabaseMeter.Second second = meter.seconds().getFirst();

        assertThat(second.calls()).isEqualTo(100);
        assertThat(second.failed()).isEqualTo(1);
        assertThat(second.median()).isEqualTo(2);
        assertThat(second.slowest()).isBetween(3_000L, 3_750L);
    }

    @Test
    void secondsWithoutCallsAreLeftOutAndOldOnesAreForgotten() {
        meter.called(1_000, true);
        micros.addAndGet(TimeUnit.SECONDS.toMicros(2));
        meter.called(1_000, true);
        assertThat(meter.seconds()).extracting(DatabaseMeter.Second::at).containsExactly(1_000L, 1_002L);

        micros.addAndGet(TimeUnit.SECONDS.toMicros(DatabaseMeter.SECONDS - 1));
        assertThat(meter.seconds()).extracting(DatabaseMeter.Second::at).containsExactly(1_002L);
    }
}
