package dev.cloche.packages;

import java.util.Map;
import java.util.Optional;

/**
 * The Python of the engine in the tab, as requirements and wheels see it.
 *
 * @param pythonFull its version, as {@code 3.14.2}
 * @param platform its wheel platform tag, as {@code pyemscripten_2026_0_wasm32}
 * @param emscripten the version of Emscripten that it reports as the release of its system
 */
record TabEnvironment(String pythonFull, String platform, String emscripten) {
    /** The engine of this release: Pyodide 314.0.7. */
    static final TabEnvironment PYODIDE = new TabEnvironment("3.14.2", "pyemscripten_2026_0_wasm32", "5.0.3");

    /** The language version, as {@code 3.14}. */
    String python() {
        String[] parts = pythonFull.split("\\.");
        return parts[0] + "." + parts[1];
    }

    /** The minor number of the language version, as 14. */
    int minor() {
        return Integer.parseInt(pythonFull.split("\\.")[1]);
    }

    /** The full version for {@code Requires-Python}. */
    Version version() {
        return Version.of(pythonFull);
    }

    /** The value of a marker variable (PEP 508); {@code extra} is given by who asks. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(Map.ofEntries(
                        Map.entry("os_name", "posix"),
                        Map.entry("sys_platform", "emscripten"),
                        Map.entry("platform_machine", "wasm32"),
                        Map.entry("platform_python_implementation", "CPython"),
                        Map.entry("platform_release", emscripten),
                        Map.entry("platform_system", "Emscripten"),
                        Map.entry("platform_version", "#1"),
                        Map.entry("python_version", python()),
                        Map.entry("python_full_version", pythonFull),
                        Map.entry("implementation_name", "cpython"),
                        Map.entry("implementation_version", pythonFull))
                .get(name));
    }
}
