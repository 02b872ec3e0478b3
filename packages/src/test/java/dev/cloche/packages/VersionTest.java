package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionTest {
    /** PEP 440, "Summary of permitted suffixes and relative ordering", widened. */
    private static final List<String> ASCENDING = List.of(
            "0.9", "1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2",
            "1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0+abc.5", "1.0+abc.7", "1.0+5",
            "1.0.post456.dev34", "1.0.post456", "1.0.15", "1.1.dev1", "1.10", "2025.1", "1!0.1", "1!1.0");

    @Test
    void theOrderIsThatOfThePep() {
        List<Version> shuffled = new ArrayList<>(ASCENDING.stream().map(Version::of).toList());
        Collections.shuffle(shuffled, new Random(1));

        Collections.sort(shuffled);

        assertThat(shuffled).map(Version::toString).containsExactlyElementsOf(ASCENDING.stream().map(v -> Version.of(v).toString()).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "v1.0, 1.0", "1.0-1, 1.0.post1", "1.0ALPHA, 1.0a0", "1.0-beta.2, 1.0b2", "1.0c1, 1.0rc1", "1.0.preview3, 1.0rc3",
        "1.0.r4, 1.0.post4", "1.0_rev-2, 1.0.post2", "1.0dev, 1.0.dev0", "0!1.0, 1.0", "1.0+Ubuntu-1_01, 1.0+ubuntu.1.1",
        "01.02.003, 1.2.3"
    })
    void otherSpellingsBecomeTheNormalForm(String written, String normal) {
        assertThat(Version.of(written)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1.", "1..2", "1.0+", "1.0+a..b", "1 0", "1.0a1b2", "!1", "1!", "1.0--1", "1.0.0000000000000000000001", "١.٠"})
    void whatIsNoVersionIsNone(String text) {
        assertThat(Version.parse(text)).isEmpty();
    }

    @Test
    void endingZerosDoNotCount() {
        assertThat(Version.of("1.0")).isEqualTo(Version.of("1.0.0")).hasSameHashCodeAs(Version.of("1.0.0"));
        assertThat(Version.of("1.0")).isNotEqualTo(Version.of("1.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "==1.0, 1.0.0, true", "==1.0, 1.0+local, true", "==1.0+a, 1.0, false", "==1.1.*, 1.1.post1, true", "==1.1.*, 1.1a1, true",
        "==1.*, 2.0, false", "!=1.1.*, 1.2, true", "!=1.1, 1.1.0, false", "~=2.2, 2.9, true", "~=2.2, 3.0, false",
        "~=2.2.post3, 2.3, true", "~=1.4.5a4, 1.4.9, true", "~=1.4.5a4, 1.5, false", "'>=1.0,<2', 1.5, true", "'>=1.0,<2', 2.0a1, false",
        "<2.0rc1, 2.0b1, true", ">1.7, 1.7.post1, false", ">1.7, 1.7.1, true", ">1.7.post1, 1.7.post2, true", ">1.7, 1.7+local, false",
        "===1.0, 1.0, true", "<=1.0, 1.0+local, true", ">=1!0, 2.0, false"
    })
    void specifiersChooseAsThePepSays(String specifier, String version, boolean expected) {
        assertThat(VersionSpecifier.parse(specifier).orElseThrow().contains(Version.of(version))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "=1.0", "~=1", ">=1.*", "==1.0.dev1.*", ">=1.0+local", "==", "==a", "<>1", "==1.0;x"})
    void whatIsNoSpecifierIsNone(String text) {
        assertThat(VersionSpecifier.parse(text)).isEmpty();
    }

    @Test
    void preReleasesAndPinsAreSeen() {
        assertThat(VersionSpecifier.parse(">=2.0b1").orElseThrow().namesPreRelease()).isTrue();
        assertThat(VersionSpecifier.parse("!=2.0b1").orElseThrow().namesPreRelease()).isFalse();
        assertThat(VersionSpecifier.parse("==2.0").orElseThrow().pins()).isTrue();
        assertThat(VersionSpecifier.parse("==2.*").orElseThrow().pins()).isFalse();
    }

    @Test
    void aLongTextIsRefusedQuickly() {
        assertThat(Version.parse("1" + ".1".repeat(50_000))).isEmpty();
        assertThat(Version.parse("1.0+" + "a.".repeat(90) + "!")).isEmpty();
    }
}
