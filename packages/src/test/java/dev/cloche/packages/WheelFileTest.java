package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WheelFileTest {
    private final TabTags tags = new TabTags(TabEnvironment.PYODIDE);

    @Test
    void allPartsAreRead() {
        WheelFile wheel = WheelFile.parse("Some_Pkg-1.0.post1-2b-py2.py3-none-any.whl").orElseThrow();

        assertThat(wheel.name()).hasToString("some-pkg");
        assertThat(wheel.version()).hasToString("1.0.post1");
        assertThat(wheel.build()).isEqualTo(2);
        assertThat(wheel.tags()).containsExactly("py2-none-any", "py3-none-any");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a.whl", "a-1.whl", "a-1-py3-none.whl", "a-x-py3-none-any.whl", "a-1-py3-none-any.zip", "../a-1-py3-none-any.whl",
        "a-1-py3-none-any.whl/..", "a-1-x-y-py3-none-any.whl", "ä-1-py3-none-any.whl", "-1-py3-none-any.whl", "a%2f-1-py3-none-any.whl",
        "a-1-b1-py3-none-any.whl", "a\n-1-py3-none-any.whl"
    })
    void whatIsNoWheelIsNone(String file) {
        assertThat(WheelFile.parse(file)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl, true", "a-1-cp310-abi3-pyemscripten_2026_0_wasm32.whl, true",
        "a-1-cp314-cp314-pyodide_2026_0_wasm32.whl, true", "a-1-py3-none-any.whl, true", "a-1-py2.py3-none-any.whl, true",
        "a-1-py3-none-pyemscripten_2026_0_wasm32.whl, true", "a-1-cp313-cp313-pyemscripten_2025_0_wasm32.whl, false",
        "a-1-cp314-cp314-pyemscripten_2025_0_wasm32.whl, false", "a-1-cp315-abi3-pyemscripten_2026_0_wasm32.whl, false",
        "a-1-cp314-cp314t-pyemscripten_2026_0_wasm32.whl, false", "a-1-cp314-cp314-manylinux_2_28_x86_64.whl, false",
        "a-1-py2-none-any.whl, false", "a-1-py315-none-any.whl, false", "a-1-cp314-none-any.whl, true"
    })
    void onlyWheelsForTheTabFit(String file, boolean fits) {
        assertThat(tags.rank(WheelFile.parse(file).orElseThrow()).isPresent()).isEqualTo(fits);
    }

    @Test
    void theMostSpecialWheelIsTheBest() {
        OptionalInt special = tags.rank(WheelFile.parse("a-1-cp314-cp314-pyemscripten_2026_0_wasm32.whl").orElseThrow());
        OptionalInt stable = tags.rank(WheelFile.parse("a-1-cp311-abi3-pyemscripten_2026_0_wasm32.whl").orElseThrow());
        OptionalInt pure = tags.rank(WheelFile.parse("a-1-py3-none-any.whl").orElseThrow());

        assertThat(special.getAsInt()).isLessThan(stable.getAsInt());
        assertThat(stable.getAsInt()).isLessThan(pure.getAsInt());
    }

    @Test
    void manyTagsAreRefused() {
        assertThat(WheelFile.parse("a-1-" + "p.".repeat(20) + "p-" + "n.".repeat(20) + "n-any.whl")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"flask-3.1.0.tar.gz, flask, 3.1.0", "zope.interface-5.0.zip, zope-interface, 5.0", "my-old-pkg-1.0-1.tar.gz, my-old-pkg, 1.0.post1"})
    void sourceArchivesTellTheirVersion(String file, String project, String version) {
        assertThat(SourceArchive.parse(file, new ProjectName(project)).orElseThrow().version()).isEqualTo(Version.of(version));
    }
}
