package dev.cloche.toolchains;

import dev.cloche.toolchains.Compiler.CannotBuild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * cargo and rustc of this machine.
 *
 * @param cargo its path
 * @param rustc its path
 */
record RustTools(String cargo, String rustc) {
    private static final String INSTALL = "install Rust with rustup (https://rustup.rs), then: rustup target add wasm32-unknown-unknown; or on Debian: apt-get install cargo libstd-rust-dev-wasm32";
    /** Where rustup's own programs look for the toolchain. */
    private static final List<String> PLACES = List.of("HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN");

    /**
     * Those that build for a target. For foreign sources the toolchain's own: what rustup puts into PATH would let the sources choose
     * another toolchain, or fetch one.
     */
    static RustTools find(Workshop workshop, Path folder, String target) throws CannotBuild {
        String cargo = workshop.programs().first("cargo").map(Path::toString).orElseThrow(() -> CannotBuild.missing("cargo, the builder of Rust", INSTALL));
        String rustc = workshop.programs().first("rustc").map(Path::toString).orElseThrow(() -> CannotBuild.missing("rustc, the compiler of Rust", INSTALL));
        if (!workshop.isForeign()) {
            checkTarget(rustc, target, folder, Map.of(), workshop);
            return new RustTools(cargo, rustc);
        }
        Map<String, String> variables = new LinkedHashMap<>(Map.of("RUSTUP_AUTO_INSTALL", "0"));
        PLACES.forEach(name -> {
            String value = workshop.programs().environment().get(name);
            if (value != null) {
                variables.put(name, value);
            }
        });
        Path root = Path.of("/");
        String sysroot = last(workshop.runOpen(root, variables, List.of(rustc, "--print", "sysroot")));
        checkTarget(rustc, target, root, variables, workshop);
        return new RustTools(in(sysroot, "cargo", cargo), in(sysroot, "rustc", rustc));
    }

    private static String in(String sysroot, String name, String otherwise) {
        Path own = Path.of(sysroot, "bin", name);
        return own.isAbsolute() && Files.isExecutable(own) ? own.toString() : otherwise;
    }

    private static void checkTarget(String rustc, String target, Path in, Map<String, String> variables, Workshop workshop) throws CannotBuild {
        String libraries = last(workshop.runOpen(in, variables, List.of(rustc, "--print", "target-libdir", "--target", target)));
        if (libraries.isEmpty() || !Files.isDirectory(Path.of(libraries))) {
            throw CannotBuild.missing("Rust's target " + target, "rustup target add " + target + "; or on Debian: apt-get install libstd-rust-dev-wasm32");
        }
    }

    private static String last(Workshop.Run run) {
        return run.done() ? run.output().lines().reduce("", (before, line) -> line) : "";
    }
}
