package dev.cloche.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptLimitTest {
    private final ManualClock clock = new ManualClock();
    private final AttemptLimit limit = new AttemptLimit(clock, 2, Duration.ofMinutes(5));

    @Test
    void theWindowSlides() {
        assertThat(limit.attempt("a")).isEmpty();
        clock.pass(Duration.ofMinutes(3));
        assertThat(limit.attempt("a")).isEmpty();
        assertThat(limit.attempt("a")).contains(Duration.ofMinutes(2));
        assertThat(limit.attempt("b")).isEmpty();
        clock.pass(Duration.ofMinutes(2));
        assertThat(limit.attempt("a")).isEmpty();
        assertThat(limit.attempt("a")).contains(Duration.ofMinutes(3));
    }

    @Test
    void aForgivenAttemptDoesNotCount() {
        for (int i = 0; i < 5; i++) {
            assertThat(limit.attempt("a")).isEmpty();
            limit.forgive("a");
        }
    }

    @Test
    void aFloodOfKeysIsForgottenNotKept() {
        for (int i = 0; i < 20_000; i++) {
            limit.attempt("key" + i);
        }

        assertThat(limit.attempt("key0")).isEmpty();
    }
}
