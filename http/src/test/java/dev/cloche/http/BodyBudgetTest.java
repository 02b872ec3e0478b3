package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import org.junit.jupiter.api.Test;

class BodyBudgetTest {
    private static final long MIB = 1024 * 1024;
    private final BodyBudget budget = new BodyBudget(10 * MIB, 20);

    @Test
    void largeBodiesWaitForEachOther() {
        BodyBudget.Lease first = budget.take(8 * MIB);
        assertThatThrownBy(() -> budget.take(8 * MIB)).isInstanceOf(Problem.class);
        first.close();

        budget.take(8 * MIB).close();
    }

    @Test
    void smallBodiesAreNotHeldUp() {
        budget.take(10 * MIB);

        budget.take(1000).close();
    }

    @Test
    void oneBodyAboveTheBudgetMayStillCome() {
        BodyBudget.Lease lease = budget.take(64 * MIB);

        assertThat(lease).isNotNull();
        lease.close();
    }
}
