package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CatchUpTest {
    @Test
    void allWhoAskDuringARunShareTheNextOne() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger runs = new AtomicInteger();
        CatchUp work = new CatchUp(() -> {
            runs.incrementAndGet();
            begun.countDown();
            awaitOf(goOn);
        });
        Thread first = Thread.ofVirtual().start(work::run);
        begun.await();

        List<Thread> others = IntStream.range(0, 50).mapToObj(k -> Thread.ofVirtual().start(work::run)).toList();
        while (work.asked() < 51) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        first.join();
        for (Thread other : others) {
            other.join();
        }

        assertThat(runs).hasValue(2);
    }

    private static void awaitOf(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoeverAsksReturnsAfterTheWorkHasSeenWhatTheyDid() throws Exception {
        AtomicLong changes = new AtomicLong();
        AtomicLong seen = new AtomicLong();
        CatchUp work = new CatchUp(() -> seen.set(changes.get()));
        AtomicInteger late = new AtomicInteger();
        List<Thread> threads = IntStream.range(0, 8).mapToObj(k -> Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 2000; i++) {
                long own = changes.incrementAndGet();
                work.run();
                if (seen.get() < own) {
                    late.incrementAndGet();
                }
            }
        })).toList();
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(late).hasValue(0);
        assertThat(seen).hasValue(16_000);
    }

    @Test
    void aRunThatFailsServesNobody() {
        AtomicInteger runs = new AtomicInteger();
        CatchUp work = new CatchUp(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("away");
            }
        });

        assertThatThrownBy(work::run).hasMessage("away");
        work.run();

        assertThat(runs).hasValue(2);
    }
}
