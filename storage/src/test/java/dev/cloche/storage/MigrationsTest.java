package dev.cloche.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MigrationsTest {
    @Test
    void applyingTwiceChangesNothing() {
        try (TestDatabase db = TestDatabase.unmigrated()) {
            Migrations migrations = new Migrations(db.pool().dataSource());

            assertThat(migrations.apply()).isPositive();
            assertThat(migrations.apply()).isZero();
            assertThat(migrations.versions()).startsWith("001").doesNotHaveDuplicates().isSorted();
        }
    }
}
