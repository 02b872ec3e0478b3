package dev.cloche.toolchains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.WorkerBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With compilers that the test makes: programs that write what they are told, or do what a compiler must not. */
class WorkerBuildTest {
    private static final String MODULE = "\\0asm\\1\\0\\0\\0";

    @TempDir
    private Path temporary;

    private Path folder;
    private Path programs;

    @BeforeEach
    void makeFolders() throws IOException {
        folder = Files.createDirectory(temporary.resolve("adder"));
        programs = Files.createDirectory(temporary.resolve("bin"));
    }

    @Test
    void aFolderWithoutAManifestGivesAModuleOfItsNameAndItsBuildWithVectors() throws IOException {
        file("adder.c", "int x;");
        compiler("printf '" + MODULE + "' >\"$to\"");

        BuildOutcome outcome = build(BuildLimits.OWN);

        assertThat(outcome).isInstanceOfSatisfying(BuildOutcome.Built.class, built -> {
            assertThat(built.bundle().manifest().name()).isEqualTo("adder");
            assertThat(built.modules()).containsOnlyKeys("adder.wasm", "adder.simd.wasm");
            assertThat(WorkerBundle.read(built.zip(), "x").digest()).isEqualTo(built.bundle().digest());
        });
    }

    @Test
    void theSameSourcesGiveTheSameZip() throws IOException {
        file("adder.c", "int x;");
        compiler("printf '" + MODULE + "' >\"$to\"");

        assertThat(((BuildOutcome.Built) build(BuildLimits.OWN)).zip()).isEqualTo(((BuildOutcome.Built) build(BuildLimits.OWN)).zip());
    }

    @Test
    void whatTheCompilerSaysIsHandedOn() throws IOException {
        file("adder.c", "int x;");
        compiler("case \"$*\" in *adder.c*) echo 'adder.c:1:1: error: no'; exit 1;; esac; printf '" + MODULE + "' >\"$to\"");

        assertThat(build(BuildLimits.OWN)).isEqualTo(new BuildOutcome.Failed("clang", "adder.c:1:1: error: no"));
    }

    @Test
    void aMissingCompilerIsNamedWithTheWayToGetIt() throws IOException {
        file("adder.c", "int x;");

        assertThat(build(BuildLimits.OWN)).isInstanceOfSatisfying(BuildOutcome.MissingTool.class, missing -> {
            assertThat(missing.tool()).isEqualTo("clang with lld and wasi-libc");
            assertThat(missing.install()).contains("apt-get install");
        });
        Files.delete(folder.resolve("adder.c"));
        file("Cargo.toml", "[lib]");
        assertThat(build(BuildLimits.OWN)).isInstanceOf(BuildOutcome.MissingTool.class);
    }

    @Test
    void aCompilerThatCannotMakeModulesCountsAsMissing() throws IOException {
        file("adder.c", "int x;");
        compiler("exit 1");

        assertThat(build(BuildLimits.OWN)).isInstanceOf(BuildOutcome.MissingTool.class);
    }

    @Test
    void aCompilerThatDoesNotEndIsEndedWithAllThatItStarted() throws IOException {
        file("adder.c", "int x;");
        Path mark = temporary.resolve("child");
        compiler("case \"$*\" in *adder.c*) /bin/sleep 300 & echo $! >" + mark + "; wait;; esac; printf '" + MODULE + "' >\"$to\"");

        BuildOutcome outcome = build(new BuildLimits(Duration.ofSeconds(3), 0, 0, false));

        assertThat(outcome).isInstanceOfSatisfying(BuildOutcome.Failed.class, failed -> assertThat(failed.output()).contains("longer than the 3 seconds"));
        ProcessHandle.of(Long.parseLong(Files.readString(mark).strip())).ifPresent(child -> assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void aFloodOfWordsIsCut() throws IOException {
        file("adder.c", "int x;");
        compiler("case \"$*\" in *adder.c*) i=0; while [ $i -lt 20000 ]; do echo 'a long line of an angry compiler'; i=$((i+1)); done; exit 1;; esac; printf '" + MODULE + "' >\"$to\"");

        assertThat(build(BuildLimits.OWN)).isInstanceOfSatisfying(BuildOutcome.Failed.class, failed -> assertThat(failed.output()).hasSizeLessThan(40_000).endsWith("..."));
    }

    @Test
    void foreignBuildsSeeNothingOfTheEnvironment() throws IOException {
        file("adder.c", "int x;");
        compiler("case \"$*\" in *adder.c*) env; exit 1;; esac; printf '" + MODULE + "' >\"$to\"");

        assertThat(build(BuildLimits.FOREIGN)).isInstanceOfSatisfying(BuildOutcome.Failed.class,
                failed -> assertThat(failed.output().lines().map(line -> line.replaceFirst("=.*", "")).filter(name -> !Set.of("PWD", "_", "SHLVL", "OLDPWD").contains(name)))
                        .containsExactlyInAnyOrder("PATH", "HOME", "LANG", "TMPDIR"));
    }

    @Test
    void linksOutOfTheFolderAreNotFollowed() throws IOException {
        Path secret = Files.writeString(temporary.resolve("secret.c"), "int x;");
        Files.createSymbolicLink(folder.resolve("adder.c"), secret);

        assertThatThrownBy(() -> build(BuildLimits.FOREIGN)).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields().getFirst().rule()).isEqualTo("language"));
    }

    @Test
    void aManifestThatPointsElsewhereIsRefused() throws IOException {
        file("adder.c", "int x;");
        file("worker.json", "{\"wasm\":[{\"path\":\"../../x.wasm\"}]}");

        assertThatThrownBy(() -> build(BuildLimits.OWN)).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields().getFirst().field()).isEqualTo("wasm[0].path"));
    }

    @Test
    void librariesAreBuiltFromFoldersOfTheirNamesOrTakenAsTheyAre() throws IOException {
        file("adder.c", "int x;");
        Files.createDirectory(folder.resolve("one"));
        file("one/one.c", "int y;");
        Files.write(folder.resolve("two.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 0, 1, 0});
        file("worker.json", "{\"name\":\"adder\",\"wasm\":[{\"path\":\"one.wasm\",\"name\":\"one\"},{\"path\":\"two.wasm\",\"name\":\"two\"},{\"path\":\"adder.wasm\"}]}");
        compiler("printf '" + MODULE + "' >\"$to\"");

        assertThat(build(BuildLimits.OWN)).isInstanceOfSatisfying(BuildOutcome.Built.class, built -> {
            assertThat(built.modules().get("two.wasm")).hasSize(11);
            assertThat(built.modules().get("one.wasm")).hasSize(8);
        });
    }

    @Test
    void whatIsThereCanBePackedWithoutACompiler() throws IOException {
        file("adder.c", "int x;");
        assertThatThrownBy(() -> WorkerBuild.pack(folder)).isInstanceOf(Problem.class).hasMessageContaining("adder.wasm");
        Files.write(folder.resolve("adder.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        Files.write(folder.resolve("adder.simd.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});

        assertThat(WorkerBuild.pack(folder).bundle().manifest().modules()).hasSize(1);
    }

    private BuildOutcome build(BuildLimits limits) {
        return new WorkerBuild(Map.of("PATH", programs + ":/nowhere"), Set.of(Language.values()), limits).build(folder);
    }

    private void file(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }

    /** A clang that does this; {@code $to} is the file that it is to write. */
    private void compiler(String script) throws IOException {
        Path program = programs.resolve("clang");
        Files.writeString(program, "#!/bin/sh\nto=; last=; for word in \"$@\"; do [ \"$last\" = -o ] && to=$word; last=$word; done\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
