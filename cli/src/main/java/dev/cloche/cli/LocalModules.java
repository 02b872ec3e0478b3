package dev.cloche.cli;

import dev.cloche.kernel.DataDirectory;
import dev.cloche.kernel.Problem;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleHost;
import dev.cloche.modules.ModuleLoader;
import dev.cloche.modules.Outside;
import dev.cloche.modules.PythonGuest;
import dev.cloche.modules.PythonModulePacker;
import dev.cloche.modules.PythonSource;
import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.SchemaResolver;
import dev.cloche.values.Identity;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import dev.cloche.wasm.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Modules on this machine, without a server: what the build made is used for them. */
final class LocalModules {
    private static final Logger ENGINE = Logger.getLogger("dev.cloche.wasm");

    private final Path assets;
    private final Optional<Path> codeCache;

    /** With the assets of the build that this command belongs to; compiled code is shared with the server of the directory. */
    LocalModules(DataDirectory data) {
        // which engine is opened is no news to the caller of a command; that it is a slow one is
        ENGINE.setLevel(Level.WARNING);
        assets = Path.of(System.getProperty("cloche.root", "."), "build", "assets");
        codeCache = Optional.of(data.root()).filter(Files::isWritable).map(root -> root.resolve("code"));
    }

    /** A module of the public ABI with these files in it. */
    byte[] pack(PythonSource source) throws IOException {
        return new PythonModulePacker(interpreter()).pack(source);
    }

    /**
     * What a module says about itself, checked; its code is started for that.
     *
     * @throws CommandFailure with the mistake and its place in the source
     */
    ModuleDefinition describe(byte[] content) throws IOException {
        Optional<Path> natives = Optional.of(assets.resolve("native")).filter(Files::isDirectory);
        byte[] guest = interpreter();
        try (Engine engine = Engines.open(EngineSettings.of(natives, codeCache));
                ModuleHost host = new ModuleHost(engine);
                PythonGuest python = new PythonGuest(host, () -> guest);
                Module module = new ModuleLoader(host, Optional.of(python)).load(content)) {
            ModuleDefinition definition = ModuleLoader.describe(module, new Module.Place(Identity.ZERO, line -> { }, Outside.NOTHING, Limits.DEFAULT));
            SchemaResolver.resolve(definition, Optional.empty());
            return definition;
        } catch (Problem mistake) {
            throw CommandFailure.of(ExitStatus.INVALID, mistake.detail());
        }
    }

    private byte[] interpreter() throws IOException {
        Path file = assets.resolve("guest").resolve("python.wasm");
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.of(ExitStatus.FAILED, "The interpreter for Python modules is not built; run './cloche build'.");
        }
        return Files.readAllBytes(file);
    }
}
