package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Flask | flask", "ruamel.yaml>=0.17 | ruamel-yaml>=0.17", "fastapi[Standard, all]>=0.1,<1 | fastapi[all,standard]>=0.1,<1",
        "requests (>=2.8.1) | requests>=2.8.1", "a[] | a", "x ==1.* ; python_version<'4' | x==1.*", "name<=1 | name<=1"
    })
    void requirementsAreRead(String text, String expected) throws Exception {
        assertThat(Requirement.parse(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "-x", "a b", "a>=", "a[", "a[b", "a;", "a; python_version", "a; python_version < ", "a; foo == '1'", "a; python_version == '1",
        "a (>=1", "a>=1 extra", "../etc/passwd", "a\u0000", "п", "-r requirements.txt", "a; (python_version<'3'"
    })
    void whatIsNoRequirementIsRefused(String text) {
        assertThatThrownBy(() -> Requirement.parse(text)).isInstanceOf(Requirement.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x @ https://example.org/x.whl", "x@file:///etc/passwd", "x[a] @ git+ssh://host/x"})
    void urlsAreRefusedWithTheReason(String text) {
        assertThatThrownBy(() -> Requirement.parse(text)).isInstanceOf(Requirement.Refused.class).hasMessageContaining("by URL");
    }

    @Test
    void deepNestingIsRefused() {
        String text = "x; " + "(".repeat(5_000) + "os_name=='posix'" + ")".repeat(5_000);

        assertThatThrownBy(() -> Requirement.parse(text)).isInstanceOf(Requirement.Refused.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "sys_platform == 'emscripten' | true", "sys_platform != 'emscripten' | false", "platform_system == 'Emscripten' | true",
        "python_version >= '3.9' | true", "python_version < '3.9' | false", "python_version >= '3.100' | false",
        "python_full_version < '3.14.3' | true", "implementation_name == 'cpython' | true", "os_name == 'nt' or os_name == 'posix' | true",
        "platform_machine in 'x86_64 wasm32' | true", "'linux' in sys_platform | false", "platform_machine not in 'wasm32' | false",
        "python_version < '3' and os_name == 'posix' or os_name == 'posix' | true",
        "python_version < '3' and (os_name == 'posix' or os_name == 'posix') | false",
        "sys.platform == 'emscripten' | true", "python_implementation == 'CPython' | true", "platform_python_implementation == 'PyPy' | false",
        "extra == 'test' | false", "python_version ~= '3.10' | true", "platform_version < 'a' | false", "platform_release >= '20' | false"
    })
    void markersAreJudgedForTheTab(String marker, boolean expected) throws Exception {
        assertThat(Requirement.parse("x; " + marker).holds(TabEnvironment.PYODIDE, Set.of())).isEqualTo(expected);
    }

    @Test
    void extrasAreComparedInTheirNormalForm() throws Exception {
        Requirement requirement = Requirement.parse("x; extra == 'Dev_Tools' and python_version > '3'");

        assertThat(requirement.holds(TabEnvironment.PYODIDE, Set.of("dev-tools"))).isTrue();
        assertThat(requirement.holds(TabEnvironment.PYODIDE, Set.of("other"))).isFalse();
    }
}
