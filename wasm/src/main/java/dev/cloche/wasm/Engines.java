package dev.cloche.wasm;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens engines. */
public final class Engines {
    private static final System.Logger LOG = System.getLogger(Engines.class.getName());

    private Engines() {}

    /** wasmtime where its library is at hand and works, else Endive; says in the log which, and why. */
    public static Engine open(EngineSettings settings) {
        String reason;
        if (settings.libraries().isEmpty()) {
            reason = "no folder of native libraries is named";
        } else {
            try {
                Engine engine = wasmtime(settings);
                LOG.log(System.Logger.Level.INFO, "event=wasm-engine name={0}", engine.name());
                return engine;
            } catch (IllegalArgumentException e) {
                reason = String.valueOf(e.getMessage());
            }
        }
        Engine engine = endive(settings);
        LOG.log(System.Logger.Level.WARNING, "event=wasm-engine name={0} reason=\"{1}\" advice=\"databases run about ten times slower; ./cloche build fetches wasmtime\"",
                engine.name(), reason);
        return engine;
    }

    /** wasmtime, or an {@link IllegalArgumentException} that says why it cannot be had. */
    public static Engine wasmtime(EngineSettings settings) {
        Path library = settings.libraries().orElseThrow(() -> new IllegalArgumentException("no folder of native libraries is named")).resolve(platform()).resolve(fileName());
        if (!Files.isRegularFile(library)) {
            throw new IllegalArgumentException("there is no " + library);
        }
        return new WasmtimeEngine(new WasmtimeLibrary(library), settings);
    }

    /** Endive, which needs nothing but Java. */
    public static Engine endive(EngineSettings settings) {
        return new EndiveEngine(settings);
    }

    /** The name of this platform's folder of native libraries, as {@code linux-x86_64}. */
    public static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String family = system.startsWith("mac") ? "darwin" : system.startsWith("windows") ? "win" : "linux";
        return family + "-" + switch (processor) {
            case "amd64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> processor;
        };
    }

    private static String fileName() {
        String platform = platform();
        if (platform.startsWith("win-")) {
            return "wasmtime.dll";
        }
        return platform.startsWith("darwin-") ? "libwasmtime.dylib" : "libwasmtime.so";
    }
}
