package dev.cloche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.IgnoreRules;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyncRulesTest {
    @Test
    void thePlatformsOwnListHoldsAtAnyDepth() {
        IgnoreRules rules = SyncRules.of(List.of());

        for (String path : List.of("node_modules/a", "x/node_modules/a", ".git/HEAD", "dist/i", "build/i", ".venv/x", "a/__pycache__/b", ".env", "x/.env", ".cloche-sync.json")) {
            assertThat(rules.ignores(path)).as(path).isTrue();
        }
        for (String path : List.of("main.py", "distance.py", ".envrc", "a/building", ".gitignore", "x/.cloche-sync.json")) {
            assertThat(rules.ignores(path)).as(path).isFalse();
        }
    }
}
