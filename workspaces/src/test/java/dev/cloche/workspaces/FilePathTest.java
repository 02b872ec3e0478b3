package dev.cloche.workspaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FilePathTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "", "/", "/etc/passwd", "//x", ".", "..", "../x", "a/../b", "a/./b", "a/..", "./a", "a//b", "a/", "a\\b", "..\\x", "C:\\x",
        "a\u0000b", "a\nb", "a\u007fb", "a\u0085b", "\ud800", "a\udc00", "x\u202etxt.exe", "a\u2066b", "a\u2028b"
    })
    void tricksAreRefusedWithTheFieldAndTheRule(String text) {
        assertThatThrownBy(() -> new FilePath(text)).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.fields().getFirst().field()).isEqualTo("path");
            assertThat(problem.fields().getFirst().rule()).isNotEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a b", "...", "..a", "a..", ".env", "a/.b/c", "ä/ö/ü.txt", "日本語.py", "👩‍🚀.txt", "%2e%2e", "~", "a:b", "-rf"})
    void ordinaryAndOddNamesAreFine(String text) {
        assertThat(new FilePath(text).value()).isEqualTo(text);
    }

    @Test
    void lengthsCountBytes() {
        assertThat(new FilePath("é".repeat(127) + "x").value()).hasSize(128);
        assertThatThrownBy(() -> new FilePath("é".repeat(128))).isInstanceOf(Problem.class);
        String folder = "d".repeat(255) + "/";
        assertThat(new FilePath(folder.repeat(3) + "x".repeat(255)).value()).hasSize(1023);
        assertThatThrownBy(() -> new FilePath(folder.repeat(4) + "x")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new FilePath("\u0300".repeat(1_000_000))).isInstanceOf(Problem.class);
    }

    @Test
    void oneNameHasOneSpelling() {
        assertThat(new FilePath("\u00e9.txt").value()).isEqualTo("\u00e9.txt");
        assertThatThrownBy(() -> new FilePath("e\u0301.txt")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> new FilePath("\u212b")).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @CsvSource({"README.md, readme.MD", "straße, STRASSE", "Σίσυφος, ΣΊΣΥΦΟΣ", "É.txt, é.TXT", "Ａ, ａ", "ﬁx, FIX"})
    void namesThatClashWithoutCaseFoldAlike(String one, String other) {
        assertThat(new FilePath(one).folded()).isEqualTo(new FilePath(other).folded());
    }

    @Test
    void differentNamesDoNotFoldAlike() {
        assertThat(new FilePath("a/b").folded()).isNotEqualTo(new FilePath("ab").folded());
        assertThat(new FilePath("a").folded()).isNotEqualTo(new FilePath("ä").folded());
    }

    @Test
    void aPathKnowsItsFolders() {
        FilePath path = new FilePath("a/b/c.txt");

        assertThat(path.name()).isEqualTo("c.txt");
        assertThat(path.parent()).contains(new FilePath("a/b"));
        assertThat(path.ancestors()).containsExactly(new FilePath("a"), new FilePath("a/b"));
        assertThat(path.isBelow(new FilePath("a"))).isTrue();
        assertThat(new FilePath("ab").isBelow(new FilePath("a"))).isFalse();
        assertThat(path.moved(new FilePath("a/b"), new FilePath("x"))).isEqualTo(new FilePath("x/c.txt"));
    }
}
