package dev.cloche.modules;

import dev.cloche.wasm.CompiledModule;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.HostImports;
import dev.cloche.wasm.Import;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.InvalidModule;
import dev.cloche.wasm.Limits;
import dev.cloche.wasm.Snapshot;
import dev.cloche.wasm.Template;
import dev.cloche.wasm.UnmetImports;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes modules ready to run. Any thread may use it. Close it after all that came from it, and before the engine. */
public final class ModuleHost implements AutoCloseable {
    private static final Pattern ABI = Pattern.compile("spacetime_(\\d{1,9})\\.(\\d{1,9})");
    private static final byte[] WASM = {0, 'a', 's', 'm'};

    private final Engine engine;
    private final HostImports functions;

    /** On this engine. */
    public ModuleHost(Engine engine) {
        this.engine = engine;
        functions = engine.imports(HostFunctions.all());
    }

    /** Whether the bytes say that they are WebAssembly. */
    public static boolean isWebAssembly(byte[] content) {
        return content.length >= WASM.length && Arrays.equals(content, 0, WASM.length, WASM, 0, WASM.length);
    }

    /**
     * Compiles a module and checks what it wants and offers; nothing of it runs yet.
     *
     * @throws ModuleRefused with what is wrong
     */
    public Module load(byte[] content) {
        CompiledModule compiled = compile(content);
        try {
            checkVersions(compiled);
            // what it wants is told before what it lacks: a program for another host often has both mistakes
            Template template = link(compiled);
            try {
                return new Module(template, Exports.of(compiled));
            } catch (ModuleRefused refused) {
                template.close();
                throw refused;
            }
        } finally {
            compiled.close();
        }
    }

    /** The module as it is after its first functions ran: a copy of its memory becomes its initial content. On a guest thread. */
    byte[] startedOnce(byte[] content) {
        CompiledModule compiled = compile(content);
        try (Template template = link(compiled); Instance instance = template.instantiate(Limits.DEFAULT, PythonGuest.stateNowhere())) {
            for (String start : Exports.of(compiled).starts()) {
                instance.call(start).run(Duration.ofMinutes(1));
            }
            return Snapshot.write(content, instance.memory());
        } finally {
            compiled.close();
        }
    }

    private CompiledModule compile(byte[] content) {
        if (!isWebAssembly(content)) {
            throw new ModuleRefused(ModuleRefused.Reason.NOT_WEBASSEMBLY, "This is no WebAssembly module: it does not begin with \\0asm.");
        }
        try {
            return engine.compile(content);
        } catch (InvalidModule invalid) {
            throw new ModuleRefused(ModuleRefused.Reason.NOT_WEBASSEMBLY, "This is no valid WebAssembly module: " + invalid.getMessage());
        }
    }

    private Template link(CompiledModule compiled) {
        try {
            return functions.link(compiled);
        } catch (UnmetImports unmet) {
            throw new ModuleRefused(ModuleRefused.Reason.IMPORTS, String.valueOf(unmet.getMessage()));
        }
    }

    private static void checkVersions(CompiledModule compiled) {
        for (Import wanted : compiled.imports()) {
            Matcher abi = ABI.matcher(wanted.module());
            if (!abi.matches()) {
                continue;
            }
            int major = Integer.parseInt(abi.group(1));
            int minor = Integer.parseInt(abi.group(2));
            if (major != HostFunctions.MAJOR || minor > HostFunctions.MINOR) {
                throw new ModuleRefused(ModuleRefused.Reason.IMPORTS, "abi version " + major + "." + minor + " is not supported (host implements "
                        + HostFunctions.MAJOR + "." + HostFunctions.MINOR + ")");
            }
        }
    }

    @Override
    public void close() {
        functions.close();
    }
}
