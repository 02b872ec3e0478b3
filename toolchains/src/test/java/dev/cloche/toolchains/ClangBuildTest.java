package dev.cloche.toolchains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Foreign C, with the real clang where this machine has it and wasi-libc. */
class ClangBuildTest {
    private static final String WORKER = "#include <cloche/worker.h>\nWORKER_FUNCTION(none) { return 0; }\n";

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("none"));
        Files.writeString(folder.resolve("none.c"), WORKER);
    }

    @Test
    void theModulesAreThoseOfTheCommandLine() {
        byte[] own = built(BuildLimits.OWN).zip();

        assertThat(built(BuildLimits.FOREIGN).zip()).isEqualTo(own);
    }

    @Test
    void sourcesIncludeNothingOfTheMachine() throws IOException {
        built(BuildLimits.FOREIGN);
        try (Workshop workshop = new Workshop(BuildLimits.FOREIGN, new Programs(System.getenv()))) {
            assumeTrue(workshop.isClosed(), "not tried, this machine lets no unprivileged process make a root of its own");
        }
        Path secret = Files.writeString(temporary.resolve("secret.h"), "the words of a secret");
        Files.writeString(folder.resolve("none.c"), WORKER + "#include \"" + secret + "\"\n");

        BuildOutcome outcome = new WorkerBuild(System.getenv(), Set.of(Language.C), BuildLimits.FOREIGN).build(folder);

        assertThat(outcome).isInstanceOfSatisfying(BuildOutcome.Failed.class, failed -> {
            assertThat(failed.output()).contains("file not found").doesNotContain("the words");
            assertThat(failed.mistakes()).first().satisfies(mistake -> assertThat(mistake.line()).isEqualTo(3));
        });
    }

    private BuildOutcome.Built built(BuildLimits limits) {
        BuildOutcome outcome = new WorkerBuild(System.getenv(), Set.of(Language.C), limits).build(folder);
        if (outcome instanceof BuildOutcome.MissingTool missing) {
            assumeTrue(false, "not tried, this machine lacks " + missing.tool());
        }
        return (BuildOutcome.Built) outcome;
    }
}
