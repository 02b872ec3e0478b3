package dev.cloche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoreRulesTest {
    @Test
    void thePlatformsOwnListHoldsAtAnyDepth() {
        IgnoreRules rules = new IgnoreRules(List.of());

        for (String path : List.of("node_modules/a", "x/node_modules/a", ".git/HEAD", "dist/i", "build/i", ".venv/x", "a/__pycache__/b", ".env", "x/.env", ".cloche-sync.json")) {
            assertThat(rules.ignores(path)).as(path).isTrue();
        }
        for (String path : List.of("main.py", "distance.py", ".envrc", "a/building", ".gitignore", "x/.cloche-sync.json")) {
            assertThat(rules.ignores(path)).as(path).isFalse();
        }
    }

    @Test
    void linesMeanWhatTheyMeanInGit() {
        IgnoreRules rules = new IgnoreRules(List.of("# comment", "", "*.log", "!keep.log", "/top", "docs/*.pdf", "cache/", "a/**/z", "?.tmp"));

        for (String path : List.of("x.log", "a/b/x.log", "top", "docs/a.pdf", "cache/x", "q/cache/x", "a/z", "a/b/c/z", "x.tmp")) {
            assertThat(rules.ignores(path)).as(path).isTrue();
        }
        for (String path : List.of("keep.log", "a/keep.log", "a/top", "docs/sub/a.pdf", "cache", "xy.tmp", "comment")) {
            assertThat(rules.ignores(path)).as(path).isFalse();
        }
    }
}
