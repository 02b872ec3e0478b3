package dev.cloche.toolchains;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.WorkerBundle;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Foreign Rust, with the real cargo where this machine has it and its target for WebAssembly. Nothing is fetched from a network. */
class CargoBuildTest {
    private static final String MANIFEST = "[package]\nname = \"adder\"\nversion = \"1.0.0\"\nedition = \"2021\"\n[lib]\ncrate-type = [\"cdylib\"]\n";
    private static final String LIBRARY = "#[no_mangle]\npub extern \"C\" fn one() -> i32 {\n    1\n}\n";
    private static final String LOCK = "version = 3\n\n[[package]]\nname = \"adder\"\nversion = \"1.0.0\"\n";

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("adder"));
        file("Cargo.toml", MANIFEST);
        file("src/lib.rs", LIBRARY);
        file("worker.json", "{\"name\":\"adder\",\"wasm\":[{\"path\":\"adder.wasm\"}]}");
    }

    @Test
    void sourcesBecomeAWorkerAndAMissingLockIsMadeAndSaid() {
        assumeCargo();

        assertThat(build()).isInstanceOfSatisfying(BuildOutcome.Built.class, built -> {
            assertThat(WorkerBundle.read(built.zip(), "x").manifest().name()).isEqualTo("adder");
            assertThat(built.notes()).singleElement().asString().startsWith("note: there was no Cargo.lock");
            assertThat(built.mistakes()).isEmpty();
            assertThat(built.lock()).hasValueSatisfying(lock -> assertThat(lock).contains("name = \"adder\""));
        });
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @Test
    void aLockIsTakenAsItIsOrRefusedIfItDoesNotFit() throws IOException {
        assumeCargo();
        file("Cargo.lock", LOCK);

        assertThat(build()).isInstanceOfSatisfying(BuildOutcome.Built.class, built -> {
            assertThat(built.notes()).isEmpty();
            assertThat(built.lock()).isEmpty();
        });

        file("Cargo.lock", LOCK.replace("1.0.0", "2.0.0"));
        assertThat(failure()).contains("--locked");
    }

    @Test
    void theModuleIsThatOfTheCommandLine() {
        assumeCargo();

        byte[] own = ((BuildOutcome.Built) new WorkerBuild(System.getenv(), Set.of(Language.RUST), BuildLimits.OWN).build(folder)).zip();

        assertThat(((BuildOutcome.Built) build()).zip()).isEqualTo(own);
    }

    @Test
    void warningsOfWhatWasBuiltHaveTheirPlaces() throws IOException {
        assumeCargo();
        file("src/lib.rs", LIBRARY + "fn forgotten() {}\n");
        file("worker.json", "{\"name\":\"adder\",\"wasm\":[{\"path\":\"adder.wasm\",\"simd\":\"adder.simd.wasm\"}]}");

        assertThat(build()).isInstanceOfSatisfying(BuildOutcome.Built.class, built -> assertThat(built.mistakes()).singleElement().satisfies(mistake -> {
            assertThat(mistake.severity()).isEqualTo("warning");
            assertThat(mistake.path()).contains("src/lib.rs");
            assertThat(mistake.line()).isEqualTo(5);
            assertThat(mistake.message()).contains("forgotten");
        }).satisfies(mistake -> assertThat(built.notes()).as("both builds say the same").hasSize(2)));
    }

    @Test
    void mistakesHaveTheirPlaces() throws IOException {
        assumeCargo();
        file("src/lib.rs", LIBRARY.replace("    1", "    missing"));

        assertThat(build()).isInstanceOfSatisfying(BuildOutcome.Failed.class, failed -> assertThat(failed.mistakes()).singleElement().satisfies(mistake -> {
            assertThat(mistake.path()).contains("src/lib.rs");
            assertThat(mistake.line()).isEqualTo(3);
            assertThat(mistake.column()).isEqualTo(5);
            assertThat(mistake.code()).isEqualTo("E0425");
        }));
    }

    @Test
    void settingsOfTheSourcesDecideNothing() throws IOException {
        assumeCargo();
        Path mark = temporary.resolve("mark");
        file("wrapper.sh", "#!/bin/sh\ntouch " + mark + "\nexec \"$@\"\n");
        assertThat(folder.resolve("wrapper.sh").toFile().setExecutable(true)).isTrue();
        file(".cargo/config.toml", "[build]\nrustc-wrapper = \"" + folder.resolve("wrapper.sh") + "\"\n[source.crates-io]\nreplace-with = \"mine\"\n[source.mine]\ndirectory = \"/nowhere\"\n");
        file("rust-toolchain.toml", "[toolchain]\npath = \"" + folder + "\"\n");

        assertThat(build()).isInstanceOf(BuildOutcome.Built.class);
        assertThat(mark).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[dependencies]\nx = { git = \"https://example.org/x\" }",
        "[dependencies.x]\nversion = \"1\"\nregistry-index = \"sparse+http://127.0.0.1:1/\"",
        "[target.'cfg(unix)'.build-dependencies]\nx = { version = \"1\", \"registry\" = \"mine\" }",
        "[workspace.dependencies]\nx = { git = \"https://example.org/x\" }",
        "[patch.crates-io]\nx = { \"g\\u0069t\" = \"https://example.org/x\" }",
        "[dependencies]\nx = { path = \"../../elsewhere\" }",
        "[dependencies]\nx = { path = \"/etc\" }"})
    void cratesFromElsewhereAreRefusedBeforeAnythingIsAsked(String more) throws IOException {
        assumeCargo();
        file("Cargo.toml", MANIFEST + more + "\n");

        assertThatThrownBy(this::build).isInstanceOfSatisfying(Problem.class, problem -> {
            assertThat(problem.fields().getFirst().field()).isEqualTo("Cargo.toml");
            assertThat(problem.fields().getFirst().rule()).isEqualTo("source");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{a=", "a."})
    void aManifestOfBracketsIsRefused(String part) throws IOException {
        assumeCargo();
        file("Cargo.toml", "x = " + part.repeat(60_000 / part.length()));

        assertThatThrownBy(this::build).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields().getFirst().rule()).isEqualTo("syntax"));
    }

    @Test
    void aProgramOfTheSourcesSeesNothingOfTheMachineAndNoNetwork() throws IOException {
        assumeCargo();
        assumeRoom();
        Path secret = Files.writeString(temporary.resolve("secret"), "of the data folder");
        try (ServerSocket server = new ServerSocket(0)) {
            file("build.rs", """
                    fn main() {
                        let said = [
                            format!("file={}", std::fs::read_to_string("%s").is_ok()),
                            format!("home={}", std::path::Path::new("%s").exists()),
                            format!("processes={}", std::fs::read_dir("/proc").unwrap().filter(|one| std::fs::read(one.as_ref().unwrap().path().join("environ")).map(|text| String::from_utf8_lossy(&text).contains("surefire")).unwrap_or(false)).count()),
                            format!("network={}", std::net::TcpStream::connect(("127.0.0.1", %d)).is_ok()),
                            format!("toolchain={}", std::fs::write(std::path::Path::new(&std::env::var("RUSTC").unwrap()).with_file_name("mark"), "").is_ok()),
                            format!("sources={}", std::fs::write("src/lib.rs", "").is_ok()),
                            format!("mount={}", std::process::Command::new("umount").arg("/proc").status().unwrap().success()),
                            format!("again={}", std::process::Command::new("unshare").args(["--user", "--map-root-user", "--mount", "true"]).status().unwrap().success()),
                        ];
                        panic!("{}", said.join(" "));
                    }
                    """.formatted(secret, System.getProperty("user.dir"), server.getLocalPort()));

            assertThat(failure()).contains("file=false home=false processes=0 network=false toolchain=false sources=false mount=false again=false");
        }
    }

    @Test
    void aProgramOfTheSourcesSeesNothingOfTheEnvironment() throws IOException {
        assumeCargo();
        file("build.rs", "fn main() { panic!(\"{}\", std::env::vars().map(|(name, _)| name).collect::<Vec<_>>().join(\" \")); }");

        assertThat(failure().lines().filter(line -> line.contains("CARGO_HOME")).findFirst().orElseThrow().strip().split(" "))
                .allMatch(name -> name.matches("CARGO(_.*)?|DEBUG|HOME|HOST|LANG|LD_LIBRARY_PATH|MALLOC_ARENA_MAX|NUM_JOBS|OPT_LEVEL|OUT_DIR|PATH|PROFILE|PWD|RUSTC.*|RUSTDOC|RUSTFLAGS|SSL_CERT_.*|TARGET|TMPDIR|_|SHLVL|OLDPWD"));
    }

    @Test
    void aProgramOfTheSourcesThatDoesNotEndIsEndedWithWhatItLeftBehind() throws IOException {
        assumeCargo();
        assumeRoom();
        file("build.rs", """
                fn main() {
                    std::process::Command::new("sh").args(["-c", "setsid sh -c 'sleep 345.6' & exit"]).status().unwrap();
                    loop { std::thread::sleep(std::time::Duration::from_secs(1)); }
                }
                """);

        BuildOutcome outcome = new WorkerBuild(System.getenv(), Set.of(Language.RUST), new BuildLimits(Duration.ofSeconds(3), 2L << 30, 64L << 20, true)).build(folder);

        assertThat(outcome).isInstanceOfSatisfying(BuildOutcome.Failed.class, failed -> assertThat(failed.output()).contains("took longer than the 15 seconds"));
        ProcessHandle.allProcesses().filter(one -> one.info().commandLine().orElse("").contains("sleep 345.6"))
                .forEach(left -> assertThat(left.onExit()).succeedsWithin(Duration.ofSeconds(30)));
    }

    @Test
    void aMissingTargetIsNamedWithTheWayToGetIt() throws IOException {
        Path programs = Files.createDirectory(temporary.resolve("bin"));
        for (String name : new String[] {"cargo", "rustc"}) {
            Files.writeString(programs.resolve(name), "#!/bin/sh\necho /nowhere\n");
            assertThat(programs.resolve(name).toFile().setExecutable(true)).isTrue();
        }

        BuildOutcome outcome = new WorkerBuild(Map.of("PATH", programs.toString()), Set.of(Language.RUST), BuildLimits.FOREIGN).build(folder);

        assertThat(outcome).isInstanceOfSatisfying(BuildOutcome.MissingTool.class, missing -> assertThat(missing.install()).startsWith("rustup target add wasm32-unknown-unknown"));
    }

    @Test
    void theCratesOfALockThatWasMadeAreNamed() {
        assertThat(new CargoLock("version = 4\n\n[[package]]\nname = \"adder\"\nversion = \"1.0.0\"\ndependencies = [\n \"itoa\",\n]\n\n[[package]]\nname = \"itoa\"\nversion = \"1.0.18\"\nsource = \"registry+x\"\n").made())
                .isEqualTo("note: there was no Cargo.lock, so it was made with the newest versions that Cargo.toml allows: itoa 1.0.18.");
        assertThat(new CargoLock(LOCK).made()).isEqualTo("note: there was no Cargo.lock, so it was made.");
    }

    @Test
    void ofTheOperatorsSettingsOnlyRegistriesHoldAndTheirSecretsEndWithTheFetch() throws IOException {
        Path home = Files.createDirectory(temporary.resolve("cargo"));
        Files.writeString(home.resolve("config.toml"), """
                [build]
                rustc-wrapper = "sccache"
                [source.crates-io]
                replace-with = "mirror"
                [registries.mirror]
                index = "sparse+https://mirror.example.org/\\"a\\"/"
                token = "secret"
                [http]
                proxy = "http://proxy.example.org:3128"
                multiplexing = false
                """);

        CargoSettings settings = CargoSettings.of(new TreeMap<>(Map.of("CARGO_HOME", home.toString())));

        assertThat(settings.toFetch().lines()).containsExactlyInAnyOrder("\"source\".\"crates-io\".\"replace-with\" = \"mirror\"", "\"registries\".\"mirror\".\"token\" = \"secret\"",
                "\"registries\".\"mirror\".\"index\" = \"sparse+https://mirror.example.org/\\\"a\\\"/\"", "\"http\".\"proxy\" = \"http://proxy.example.org:3128\"", "\"http\".\"multiplexing\" = false");
        assertThat(settings.toBuild()).contains("mirror.example.org").doesNotContain("secret", "proxy", "sccache");
    }

    private BuildOutcome build() {
        return new WorkerBuild(System.getenv(), Set.of(Language.RUST), BuildLimits.FOREIGN).build(folder);
    }

    private String failure() {
        BuildOutcome outcome = build();
        assertThat(outcome).isInstanceOf(BuildOutcome.Failed.class);
        return ((BuildOutcome.Failed) outcome).output();
    }

    private void file(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).resolve("..").normalize());
        Files.writeString(folder.resolve(name), text);
    }

    private void assumeCargo() {
        try (Workshop workshop = new Workshop(BuildLimits.FOREIGN, new Programs(System.getenv()))) {
            RustTools.find(workshop, folder, "wasm32-unknown-unknown");
        } catch (Compiler.CannotBuild e) {
            assumeTrue(false, "not tried, this machine lacks something: " + e.outcome());
        }
    }

    private static void assumeRoom() {
        try (Workshop workshop = new Workshop(BuildLimits.FOREIGN, new Programs(System.getenv()))) {
            assumeTrue(workshop.isClosed(), "not tried, this machine lets no unprivileged process make a root of its own");
        }
    }
}
