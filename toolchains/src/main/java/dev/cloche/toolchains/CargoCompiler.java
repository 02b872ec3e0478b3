package dev.cloche.toolchains;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rust by cargo, for the target wasm32-unknown-unknown. */
final class CargoCompiler implements Compiler {
    private static final String TARGET = "wasm32-unknown-unknown";

    @Override
    public String build(WorkerSource source, WorkerSource.Part part, boolean simd, Path to, Workshop workshop) throws CannotBuild {
        Path folder = source.folder().toAbsolutePath().normalize();
        String cargo = workshop.programs().first("cargo").map(Path::toString).orElseThrow(() -> CannotBuild.missing("cargo, the builder of Rust", "install Rust with rustup"));
        checkTarget(folder, workshop);
        Path made = workshop.file(simd ? "cargo-simd" : "cargo");
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("CARGO_TARGET_DIR", made.toString());
        // Paths of this machine stay out of the module.
        variables.put("RUSTFLAGS", (simd ? "-C target-feature=+simd128 " : "") + "-C strip=symbols --remap-path-prefix=" + folder + "=. --remap-path-prefix="
                + Path.of(System.getProperty("user.home")) + "=~");
        Workshop.Run run = workshop.run(folder, variables, List.of(cargo, "build", "--quiet", "--release", "--lib", "--target", TARGET));
        if (!run.done()) {
            throw CannotBuild.failed("cargo", run.output());
        }
        try (Stream<Path> files = Files.list(made.resolve(TARGET).resolve("release"))) {
            Path module = files.filter(file -> file.toString().endsWith(".wasm")).findFirst()
                    .orElseThrow(() -> CannotBuild.failed("cargo", "cargo made no module: Cargo.toml must say crate-type = [\"cdylib\"] under [lib]."));
            Files.copy(module, to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run.output();
    }

    private static void checkTarget(Path folder, Workshop workshop) throws CannotBuild {
        String rustc = workshop.programs().first("rustc").map(Path::toString).orElseThrow(() -> CannotBuild.missing("rustc, the compiler of Rust", "install Rust with rustup"));
        Workshop.Run run = workshop.run(folder, Map.of(), List.of(rustc, "--print", "target-libdir", "--target", TARGET));
        if (!run.done() || !Files.isDirectory(Path.of(run.output().lines().reduce("", (before, line) -> line)))) {
            throw CannotBuild.missing("Rust's target " + TARGET, "rustup target add " + TARGET);
        }
    }
}
