package dev.cloche.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class IgnoreRulesTest {
    @Test
    void linesMeanWhatTheyMeanInGit() {
        IgnoreRules rules = IgnoreRules.parse("# comment\r\n\n*.log\n!keep.log\n/top\ndocs/*.pdf\ncache/\na/**/z\n?.tmp\nlib/**\n**/deep/x\n");

        for (String path : List.of("x.log", "a/b/x.log", "top", "docs/a.pdf", "cache/x", "q/cache/x", "a/z", "a/b/c/z", "x.tmp", "lib/a/b", "deep/x", "a/deep/x")) {
            assertThat(rules.ignores(path)).as(path).isTrue();
        }
        for (String path : List.of("keep.log", "a/keep.log", "a/top", "docs/sub/a.pdf", "cache", "xy.tmp", "comment", "a/xz", "q/lib/a", "lib", "deeper/x", "x(log", "xlog")) {
            assertThat(rules.ignores(path)).as(path).isFalse();
        }
        assertThat(rules.ignoresFolder("cache")).isTrue();
    }

    @Test
    void aPatternMadeToTakeLongDoesNot() {
        IgnoreRules rules = new IgnoreRules(List.of("*a".repeat(99) + "b", "**/".repeat(60) + "x"));

        assertThat(rules.ignores("a".repeat(255) + "/" + "a".repeat(255))).isFalse();
    }

    @Test
    void tooManyRulesAndTooLongLinesAreRefusedByName() {
        assertThatThrownBy(() -> new IgnoreRules(Collections.nCopies(201, "x"))).isInstanceOf(Problem.class).hasMessageContaining("200");
        assertThatThrownBy(() -> new IgnoreRules(List.of("x".repeat(201)))).isInstanceOf(Problem.class).hasMessageContaining("200");
        assertThat(new IgnoreRules(Collections.nCopies(500, "# only words")).ignores("x")).isFalse();
    }
}
