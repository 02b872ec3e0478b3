package dev.cloche.toolchains;

import dev.cloche.toolchains.Compiler.CannotBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The crates that foreign sources are built with, in a household of cargo that goes with the build. They are fetched before anything
 * of the sources or of the crates runs, and from the registry that this machine's cargo is set to.
 *
 * @param home the household, CARGO_HOME
 * @param note what is to be said about it
 */
record CargoCrates(Path home, String note) {
    private static final String LOCK = "Cargo.lock";
    private static final Pattern OF_THE_NETWORK = Pattern.compile("(?i)(https?|all|no)_proxy|SSL_CERT_(FILE|DIR)|CARGO_(HTTP|NET|REGISTRY|REGISTRIES|SOURCE)_.*");

    /**
     * Fetches them, once for a build. Without a Cargo.lock one is made.
     *
     * @throws dev.cloche.kernel.Problem if the sources ask for crates from elsewhere
     */
    static CargoCrates fetch(RustTools tools, Path folder, Workshop workshop) throws CannotBuild {
        Path home = workshop.file("cargo-home");
        if (Files.isDirectory(home)) {
            return new CargoCrates(home, "");
        }
        CargoManifests.check(folder);
        boolean locked = Files.exists(folder.resolve(LOCK));
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
        List<String> words = List.of(tools.cargo(), "fetch", "--quiet", "--color", "never", "--manifest-path", folder.resolve("Cargo.toml").toString());
        Workshop.Run run = workshop.runOpen(Path.of("/"), variables, locked ? with(words, "--locked") : words);
        if (!run.done()) {
            throw CargoCompiler.failed(run, folder, workshop);
        }
        write(home, settings.toBuild());
        return new CargoCrates(home, locked ? "" : "note: there was no Cargo.lock, so the newest versions that Cargo.toml allows were taken" + versions(folder) + ".");
    }

    private static String versions(Path folder) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve(LOCK));
            List<String> found = new java.util.ArrayList<>();
            for (int i = 0; i + 3 < lines.size() && found.size() < 100; i++) {
                if (lines.get(i).equals("[[package]]") && lines.get(i + 3).startsWith("source = ")) {
                    found.add(value(lines.get(i + 1)) + " " + value(lines.get(i + 2)));
                }
            }
            return found.isEmpty() ? "" : ": " + String.join(", ", found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String value(String line) {
        return line.replaceFirst("^\\w+ = \"(.*)\"$", "$1");
    }

    private static void write(Path home, String settings) {
        try {
            Files.createDirectories(home);
            Files.writeString(home.resolve("config.toml"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> with(List<String> words, String more) {
        List<String> all = new java.util.ArrayList<>(words);
        all.add(more);
        return all;
    }
}
