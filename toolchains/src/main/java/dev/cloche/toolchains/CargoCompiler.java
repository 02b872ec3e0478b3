package dev.cloche.toolchains;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rust by cargo, for the target wasm32-unknown-unknown. Foreign sources get a household of their own ({@link CargoCrates}) and no network. */
final class CargoCompiler implements Compiler {
    private static final String TARGET = "wasm32-unknown-unknown";
    private static final Path NOWHERE = Path.of("/");
    /** Each takes memory. */
    private static final int MOST_JOBS = 4;

    @Override
    public String build(WorkerSource source, WorkerSource.Part part, boolean simd, Path to, Workshop workshop) throws CannotBuild {
        Path folder = source.folder().toAbsolutePath().normalize();
        RustTools tools = RustTools.find(workshop, folder, TARGET);
        Path home = Path.of(System.getProperty("user.home"));
        Path crates = home.resolve(".cargo");
        List<String> words = new ArrayList<>(List.of(tools.cargo(), "build", "--quiet", "--color", "never", "--release", "--lib", "--target", TARGET));
        Map<String, String> variables = new LinkedHashMap<>();
        if (workshop.isForeign()) {
            crates = CargoCrates.fetch(tools, folder, workshop);
            words.addAll(List.of("--offline", "--locked", "--jobs", String.valueOf(Math.min(MOST_JOBS, Runtime.getRuntime().availableProcessors())),
                    "--manifest-path", folder.resolve("Cargo.toml").toString()));
            variables.put("CARGO_HOME", crates.toString());
            variables.put("RUSTC", tools.rustc());
            // Else each of its threads takes 64 MiB of the address space that it has.
            variables.put("MALLOC_ARENA_MAX", "2");
        }
        Path made = workshop.file(simd ? "cargo-simd" : "cargo");
        variables.put("CARGO_TARGET_DIR", made.toString());
        // Paths of this machine stay out of the module, and are the same wherever the crates lie.
        variables.put("RUSTFLAGS", (simd ? "-C target-feature=+simd128 " : "") + "-C strip=symbols --remap-path-prefix=" + folder + "=. --remap-path-prefix=" + home + "=~"
                + " --remap-path-prefix=" + crates + "=~/.cargo");
        Workshop.Run run = workshop.run(folder, workshop.isForeign() ? NOWHERE : folder, variables, words);
        if (!run.done()) {
            throw failed(run, folder, workshop);
        }
        copy(made.resolve(TARGET).resolve("release"), to);
        return plain(run.output(), folder, workshop);
    }

    private static void copy(Path release, Path to) throws CannotBuild {
        try (Stream<Path> files = Files.list(release)) {
            Path module = files.filter(file -> file.toString().endsWith(".wasm")).findFirst()
                    .orElseThrow(() -> CannotBuild.failed("cargo", "cargo made no module: Cargo.toml must say crate-type = [\"cdylib\"] under [lib]."));
            Files.copy(module, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What cargo said, as a failure. */
    static CannotBuild failed(Workshop.Run run, Path folder, Workshop workshop) {
        String said = plain(run.output(), folder, workshop);
        return CannotBuild.failed("cargo", said.isEmpty() ? "cargo ended without a word; it may have run into a limit." : said);
    }

    /** Paths of foreign sources as they are in their folder. */
    private static String plain(String said, Path folder, Workshop workshop) {
        if (!workshop.isForeign()) {
            return said;
        }
        return said.replace("(" + folder + ")", "").replace(folder + "/", "").replace(folder.toString().substring(1) + "/", "").replace(workshop.file("") + "/", "");
    }
}
