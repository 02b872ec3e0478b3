package dev.cloche.toolchains;

import dev.cloche.toolchains.Compiler.CannotBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The crates that foreign sources are built with, in a household of cargo that goes with the build. They are fetched before anything
 * of the sources or of the crates runs, and from the registry that this machine's cargo is set to.
 */
final class CargoCrates {
    private static final Pattern OF_THE_NETWORK = Pattern.compile("(?i)(https?|all|no)_proxy|SSL_CERT_(FILE|DIR)|CARGO_(HTTP|NET|REGISTRY|REGISTRIES|SOURCE)_.*");

    private CargoCrates() {}

    /**
     * Fetches them, once for a build. Without a Cargo.lock one is made.
     *
     * @return the household, CARGO_HOME
     * @throws dev.cloche.kernel.Problem if the sources ask for crates from elsewhere
     */
    static Path fetch(RustTools tools, Path folder, Workshop workshop) throws CannotBuild {
        Path home = workshop.file("cargo-home");
        if (Files.isDirectory(home)) {
            return home;
        }
        CargoManifests.check(folder);
        Map<String, String> environment = workshop.programs().environment();
        CargoSettings settings = CargoSettings.of(environment);
        Map<String, String> variables = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (OF_THE_NETWORK.matcher(name).matches()) {
                variables.put(name, value);
            }
        });
        variables.put("CARGO_HOME", home.toString());
        variables.put("RUSTC", tools.rustc());
        // Nothing but the registry: cargo would fetch from repositories by a program that is not there.
        variables.put("CARGO_NET_GIT_FETCH_WITH_CLI", "true");
        variables.put("PATH", "/nowhere");
        write(home, settings.toFetch());
        List<String> words = new ArrayList<>(List.of(tools.cargo(), "fetch", "--quiet", "--color", "never", "--manifest-path", folder.resolve("Cargo.toml").toString()));
        if (Files.exists(folder.resolve(CargoLock.FILE))) {
            words.add("--locked");
        }
        Workshop.Run run = workshop.runOpen(Path.of("/"), variables, words);
        if (!run.done()) {
            throw CargoCompiler.failed(run, folder, workshop);
        }
        write(home, settings.toBuild());
        return home;
    }

    private static void write(Path home, String settings) {
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("config.toml"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
