package dev.cloche.workers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MachineLoadTest {
    @Test
    void aProcessorThatIsBusyForASecondIsSeen() {
        MachineLoad machine = new MachineLoad();
        machine.now();
        long end = System.nanoTime() + Duration.ofMillis(1100).toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }

        double load = machine.now();
        assertThat(load).isBetween(0.5 / Runtime.getRuntime().availableProcessors(), 1.0);
        assertThat(machine.now()).as("within the same second").isEqualTo(load);
    }
}
