package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RememberedTest {
    private final AtomicLong changes = new AtomicLong();
    private final ManualClock clock = new ManualClock();
    private final Remembered<String, Integer> remembered = new Remembered<>(changes::get, clock);
    private final AtomicInteger looked = new AtomicInteger();

    private Optional<Integer> find() {
        return remembered.find("key", () -> Optional.of(looked.incrementAndGet()));
    }

    @Test
    void whatWasJustLookedUpIsNotLookedUpAgain() {
        assertThat(find()).contains(1);
        assertThat(find()).contains(1);
    }

    @Test
    void itIsForgottenWithAnyChangeAndAfterASecond() {
        find();
        changes.incrementAndGet();
        assertThat(find()).contains(2);
        clock.pass(Duration.ofSeconds(1));
        assertThat(find()).contains(3);
    }

    @Test
    void whatWasReadWhileSomethingChangedDoesNotCount() {
        remembered.find("key", () -> {
            changes.incrementAndGet();
            return Optional.of(7);
        });

        assertThat(find()).contains(1);
    }

    @Test
    void whatWasNotFoundIsLookedUpAgain() {
        assertThat(remembered.find("key", Optional::empty)).isEmpty();
        assertThat(find()).contains(1);
    }
}
