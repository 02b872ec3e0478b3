package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ResolverTest {
    private final FakeIndex index = new FakeIndex();

    @Test
    void theNewestFittingVersionsAreTakenDependenciesFirst() {
        index.with("app 1: lib>=1, tool", "app 2: lib>=2,<3, tool", "lib 1", "lib 2", "lib 2.5", "lib 3", "tool 1: lib");

        assertThat(resolve("app")).isEqualTo("lib 2.5, tool 1, app 2");
    }

    @Test
    void anOlderVersionIsTakenWhereTheNewestDoesNotFit() {
        index.with("a 2: c>=2", "a 1: c>=1", "b 1: c<2", "c 1", "c 2");

        assertThat(resolve("a", "b")).isEqualTo("c 1, a 1, b 1");
    }

    @Test
    void theShelfIsPreferredAndTheIndexNotAsked() {
        index.onShelf("numpy 2.4", "plot 3: numpy>=1.20").with("numpy 2.5", "plot 4");
        index.reachable = false;

        assertThat(resolve("plot", "numpy")).isEqualTo("numpy 2.4, plot 3");
        assertThat(index.lookups).isZero();
    }

    @Test
    void theIndexIsAskedWhereTheShelfDoesNotFit() {
        index.onShelf("numpy 2.4").with("numpy 2.5", "numpy 2.4");

        assertThat(resolve("numpy>2.4")).isEqualTo("numpy 2.5");
    }

    @Test
    void upgradeTakesTheNewest() {
        index.onShelf("pure 1").with("pure 2");

        assertThat(text(resolver().resolve(new Resolver.Question(requirements("pure"), Map.of(), true)))).isEqualTo("pure 2");
    }

    @Test
    void theLockedVersionStaysUnlessItNoLongerFits() {
        index.with("a 1", "a 2", "a 3");
        Map<ProjectName, IndexFile> locked = Map.of(new ProjectName("a"), files("a").get(1));

        assertThat(text(resolver().resolve(new Resolver.Question(requirements("a"), locked, false)))).isEqualTo("a 2");
        assertThat(text(resolver().resolve(new Resolver.Question(requirements("a>2"), locked, false)))).isEqualTo("a 3");
        assertThat(text(resolver().resolve(new Resolver.Question(requirements("a"), locked, true)))).isEqualTo("a 3");
    }

    @Test
    void extrasBringTheirRequirements() {
        index.with("web 1: core, fast; extra == 'speed', web[speed]; extra == 'all', docs; extra == 'docs'", "core 1", "fast 1", "docs 1");

        assertThat(resolve("web")).isEqualTo("core 1, web 1");
        assertThat(resolve("web[speed]")).isEqualTo("core 1, fast 1, web 1");
        assertThat(resolve("web[all]")).isEqualTo("core 1, fast 1, web 1");
        assertThat(resolve("web", "web[docs]")).isEqualTo("core 1, docs 1, web 1");
    }

    @Test
    void anExtraAskedForLaterIsAddedToADecidedPackage() {
        index.with("a 1", "web 1: fast<2; extra == 'speed'", "late 1: web[speed]", "fast 1", "fast 2");

        assertThat(resolve("web", "late")).isEqualTo("fast 1, web 1, late 1");
    }

    @Test
    void markersOfOtherPlatformsDoNotCount() {
        index.with("a 1: colorama; sys_platform == 'win32', wasm; sys_platform == 'emscripten'", "wasm 1");

        assertThat(resolve("a")).isEqualTo("wasm 1, a 1");
    }

    @Test
    void circlesEnd() {
        index.with("a 1: b", "b 1: c", "c 1: a");

        assertThat(resolve("a")).isEqualTo("c 1, b 1, a 1");
    }

    @Test
    void preReleasesNeedToBeNamed() {
        index.with("a 1", "a 2rc1", "only 1a1", "only 1a2");

        assertThat(resolve("a")).isEqualTo("a 1");
        assertThat(resolve("a>=2rc1")).isEqualTo("a 2rc1");
        assertThat(resolve("only")).isEqualTo("only 1a2");
    }

    @Test
    void yankedVersionsNeedToBePinned() {
        index.with("a 1").yanked("a 2", "broken");

        assertThat(resolve("a")).isEqualTo("a 1");
        assertThat(resolve("a==2")).isEqualTo("a 2");
        assertThat(resolve("a>1")).startsWith("no-version").contains("withdrawn").contains("broken");
    }

    @Test
    void thePlatformWheelWinsOverThePureOne() {
        index.with("a 1").tagged("a 1", "cp314-cp314-pyemscripten_2026_0_wasm32");

        Resolution.Resolved resolved = (Resolution.Resolved) resolver().resolve(new Resolver.Question(requirements("a"), Map.of(), false));

        assertThat(resolved.chosen().getFirst().wheel().file()).contains("pyemscripten");
    }

    @Test
    void anUnknownPackageIsNamed() {
        index.with("a 1: nosuch");

        assertThat(resolve("a")).startsWith("unknown-package nosuch").contains("a 1 needs");
        assertThat(resolve("sklearn")).contains("scikit-learn");
    }

    @Test
    void nativeCodeIsExplainedWithThePlatformsThatHaveIt() {
        index.tagged("fast 1", "cp314-cp314-manylinux_2_28_x86_64").tagged("fast 1", "cp314-cp314-win_amd64")
                .tagged("fast 1", "cp314-cp314-macosx_11_0_arm64").with("app 1: fast").source("old", "1.0");

        assertThat(resolve("app")).startsWith("no-wheel-for-the-tab fast").contains("Linux, Windows, macOS").contains("on the server");
        assertThat(resolve("old")).startsWith("no-wheel-for-the-tab old").contains("source only");
        index.onShelf("fast 0.9");
        assertThat(resolve("fast>=1")).contains("the tab can have fast 0.9");
    }

    @Test
    void oldVersionsAreNotTriedWithoutEndForWhatTheTabCanNeverHave() {
        index.tagged("native 1", "cp314-cp314-win_amd64");
        for (int i = 1; i <= 200; i++) {
            index.with("mid 1." + i + ": native", "app 2." + i + ": mid, native");
        }
        index.with("old 2: native", "old 1");

        assertThat(resolve("app")).startsWith("no-wheel-for-the-tab native");
        assertThat(index.metadataReads).isLessThan(30);
        assertThat(resolve("old")).isEqualTo("old 1");
    }

    @Test
    void anotherPythonIsExplained() {
        index.forPython("legacy 1", "<3.9").forPython("good 1", ">=3.8").forPython("good 2", ">=3.15");

        assertThat(resolve("legacy")).startsWith("python-version legacy").contains("<3.9").contains("3.14");
        assertThat(resolve("good")).isEqualTo("good 1");
    }

    @Test
    void aVersionThatDoesNotExistIsExplained() {
        index.with("a 1", "a 1.5");

        assertThat(resolve("a>=9")).startsWith("no-version a").contains(">=9").contains("newest is 1.5");
    }

    @Test
    void aConflictNamesBothSides() {
        index.with("a 1: c<2", "b 1: c>=2", "c 1", "c 2");

        assertThat(resolve("a", "b")).startsWith("conflict c").contains("a 1 needs c<2").contains("b 1 needs c>=2");
    }

    @Test
    void allHopelessPackagesAreNamedAtOnce() {
        index.with("a 1").source("s", "1");

        assertThat(resolve("nope", "a", "s")).contains("unknown-package nope").contains("no-wheel-for-the-tab s");
    }

    @Test
    void theStandardLibraryIsExplainedWithoutAskingTheIndex() {
        assertThat(resolve("sqlite3")).startsWith("unknown-package sqlite3").contains("built without it");
        assertThat(resolve("json")).contains("nothing to install");
        assertThat(index.lookups).isZero();
    }

    @Test
    void withoutTheIndexItIsSaidSo() {
        index.reachable = false;

        assertThat(resolve("rich")).startsWith("upstream rich").contains("cannot be reached").contains("shelf");
    }

    @Test
    void theSearchEndsAtItsLimit() {
        for (int i = 0; i < 40; i++) {
            for (int v = 1; v <= 5; v++) {
                index.with("p" + i + " " + v + ": p" + (i + 1) + ", last<" + (v + 5));
            }
        }
        index.with("p40 1: last>99", "last 1", "last 7");

        Resolution none = new Resolver(index, TabEnvironment.PYODIDE, new Resolver.Limits(Duration.ofSeconds(20), 500))
                .resolve(new Resolver.Question(requirements("p0"), Map.of(), false));

        assertThat(none).isInstanceOf(Resolution.Unresolvable.class);
    }

    /** Small random universes: there is an answer exactly when trying everything finds one, and each answer holds. */
    @Test
    void theSearchIsCompleteAndSound() {
        int solvable = 0;
        for (int seed = 0; seed < 3_000; seed++) {
            Universe universe = new Universe(new Random(seed));
            Resolution answer = new Resolver(universe.index, TabEnvironment.PYODIDE, Resolver.Limits.DEFAULT)
                    .resolve(new Resolver.Question(universe.wanted, Map.of(), false));

            boolean possible = universe.hasAnswer();
            assertThat(answer instanceof Resolution.Resolved).as("seed %d: %s wants %s", seed, universe.lines, universe.wanted).isEqualTo(possible);
            if (answer instanceof Resolution.Resolved(List<Resolution.Chosen> chosen)) {
                Map<ProjectName, Version> picks = new HashMap<>();
                chosen.forEach(c -> picks.put(c.project(), c.version()));
                assertThat(universe.holds(picks)).as("seed %d: %s", seed, picks).isTrue();
                solvable++;
            }
        }
        assertThat(solvable).isBetween(500, 2_700);
    }

    private static final class Universe {
        final FakeIndex index = new FakeIndex();
        final List<String> lines = new ArrayList<>();
        final Map<ProjectName, Map<Version, List<Requirement>>> all = new LinkedHashMap<>();
        final List<Requirement> wanted = new ArrayList<>();

        Universe(Random random) {
            int packages = 2 + random.nextInt(4);
            for (int p = 0; p < packages; p++) {
                Map<Version, List<Requirement>> versions = new LinkedHashMap<>();
                for (int v = 1; v <= 1 + random.nextInt(3); v++) {
                    List<String> requires = new ArrayList<>();
                    for (int r = random.nextInt(3); r > 0; r--) {
                        requires.add(need(random, packages) + (random.nextInt(3) == 0 ? "; extra == 'x'" : ""));
                    }
                    String line = "p" + p + " " + v + (requires.isEmpty() ? "" : ": " + String.join(", ", requires));
                    lines.add(line);
                    index.with(line);
                    versions.put(Version.of("" + v), requires.stream().map(FakeIndex::requirement).toList());
                }
                all.put(new ProjectName("p" + p), versions);
            }
            for (int w = 0; w <= random.nextInt(2); w++) {
                wanted.add(FakeIndex.requirement(need(random, packages)));
            }
        }

        private static String need(Random random, int packages) {
            String extra = random.nextInt(4) == 0 ? "[x]" : "";
            String[] operators = {"", ">=", "<=", "==", "!=", "<"};
            String operator = operators[random.nextInt(operators.length)];
            return "p" + random.nextInt(packages) + extra + (operator.isEmpty() ? "" : operator + (1 + random.nextInt(3)));
        }

        boolean hasAnswer() {
            List<ProjectName> names = new ArrayList<>(all.keySet());
            return tryAll(names, 0, new HashMap<>());
        }

        private boolean tryAll(List<ProjectName> names, int at, Map<ProjectName, Version> picks) {
            if (at == names.size()) {
                return holds(picks);
            }
            if (tryAll(names, at + 1, picks)) {
                return true;
            }
            for (Version version : all.get(names.get(at)).keySet()) {
                picks.put(names.get(at), version);
                if (tryAll(names, at + 1, picks)) {
                    return true;
                }
                picks.remove(names.get(at));
            }
            return false;
        }

        /** Whether every requirement that follows is met by the picks; picks that nothing needs do no harm. */
        boolean holds(Map<ProjectName, Version> picks) {
            List<Requirement> open = new ArrayList<>(wanted);
            Map<String, Boolean> seen = new HashMap<>();
            while (!open.isEmpty()) {
                Requirement requirement = open.removeLast();
                Version version = picks.get(requirement.name());
                if (version == null || !requirement.specifier().contains(version)) {
                    return false;
                }
                Set<String> extras = requirement.extras();
                if (seen.putIfAbsent(requirement.name() + " " + extras, true) == null) {
                    all.get(requirement.name()).get(version).stream().filter(r -> r.holds(TabEnvironment.PYODIDE, extras)).forEach(open::add);
                }
            }
            return true;
        }
    }

    private List<IndexFile> files(String project) {
        return ((PackageSource.Lookup.Found) index.index(new ProjectName(project))).files();
    }

    private Resolver resolver() {
        return new Resolver(index, TabEnvironment.PYODIDE, Resolver.Limits.DEFAULT);
    }

    private static List<Requirement> requirements(String... texts) {
        return Arrays.stream(texts).map(FakeIndex::requirement).toList();
    }

    private String resolve(String... texts) {
        return text(resolver().resolve(new Resolver.Question(requirements(texts), Map.of(), false)));
    }

    private static String text(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Resolved(List<Resolution.Chosen> chosen) ->
                chosen.stream().map(c -> c.project() + " " + c.version()).collect(Collectors.joining(", "));
            case Resolution.Unresolvable(List<Reason> reasons) -> reasons.stream()
                    .map(r -> r.cause().label() + " " + r.project() + ": " + r.message() + r.help().map(h -> " " + h).orElse(""))
                    .collect(Collectors.joining("; "));
        };
    }
}
