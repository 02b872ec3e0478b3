package dev.cloche.modules;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.schema.ModuleDefinition;
import dev.cloche.values.BsatnException;
import dev.cloche.wasm.GuestThread;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Makes modules from what people hand in, told apart by the first bytes: WebAssembly of the public ABI, several Python files
 * ({@link PythonSource#bundle}), or the text of one. Any thread may use it.
 */
public final class ModuleLoader {
    /** The name of a Python file that came without one. */
    private static final String MAIN = "module.py";

    private final ModuleHost host;
    private final Optional<PythonGuest> python;

    /**
     * Over these.
     *
     * @param python without it, modules in Python are refused with an explanation
     */
    public ModuleLoader(ModuleHost host, Optional<PythonGuest> python) {
        this.host = host;
        this.python = python;
    }

    /**
     * A module ready to run; nothing of it runs yet.
     *
     * @throws Problem with what is wrong with it
     */
    public Module load(byte[] content) {
        try {
            if (ModuleHost.isWebAssembly(content)) {
                Optional<PythonSource> known = python.flatMap(guest -> guest.sourceOf(content));
                return known.isPresent() ? python.orElseThrow().load(known.get()) : host.load(content);
            }
            PythonGuest guest = python.orElseThrow(() -> Problem.of(ErrorCode.NOT_AVAILABLE,
                    "The interpreter for Python modules is not here: run './cloche build'."));
            return guest.load(PythonSource.isBundle(content) ? PythonSource.ofBundle(content) : new PythonSource(Map.of(MAIN, text(content))));
        } catch (ModuleRefused refused) {
            throw problem(refused);
        }
    }

    /**
     * Starts a module once and asks what it is.
     *
     * @throws Problem with the mistake and its place in the source
     */
    public static ModuleDefinition describe(Module module, Module.Place place) {
        try {
            return ModuleDefinition.decode(GuestThread.call("module-start", () -> {
                try (ModuleInstance instance = module.start(place)) {
                    return instance.describe();
                }
            }));
        } catch (ModuleRefused refused) {
            throw problem(refused);
        } catch (BsatnException wrong) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The module's definition cannot be read: " + wrong.getMessage());
        }
    }

    private static String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The module is neither WebAssembly (it does not begin with \\0asm) nor Python source in UTF-8.");
        }
    }

    /** What to tell whoever handed it in. */
    public static Problem problem(ModuleRefused refused) {
        if (refused.reason() == ModuleRefused.Reason.MEMORY) {
            return Problem.of(ErrorCode.UNAVAILABLE, String.valueOf(refused.getMessage()));
        }
        String title = switch (refused.reason()) {
            case NOT_WEBASSEMBLY -> "Not a module";
            case IMPORTS -> "Unsupported import";
            case EXPORTS -> "Missing export";
            case START, MEMORY -> "The module broke when it was started";
            case SOURCE -> "setup function returned an error";
            case DEFINITION -> "Bad definition";
        };
        return Problem.of(ErrorCode.INVALID_REQUEST, title + ": " + refused.getMessage());
    }
}
