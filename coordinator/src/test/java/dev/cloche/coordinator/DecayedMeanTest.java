package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DecayedMeanTest {
    @Test
    void theFirstValueIsTheMeanAndOldOnesCountLessAndLess() {
        DecayedMean mean = new DecayedMean(10);
        assertThat(mean.value()).isZero();

        mean.note(60);
        assertThat(mean.value()).isEqualTo(60);
        mean.note(20);
        assertThat(mean.value()).isEqualTo(40);
        for (int k = 0; k < 200; k++) {
            mean.note(5);
        }
        assertThat(mean.value()).isEqualTo(5, Offset.offset(0.01));
    }
}
