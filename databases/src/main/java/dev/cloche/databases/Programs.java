package dev.cloche.databases;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleHost;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.modules.PythonGuest;
import dev.cloche.modules.PythonSource;
import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.SchemaResolver;
import dev.cloche.values.BsatnException;
import dev.cloche.wasm.GuestThread;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Makes programs from modules as they were handed in: WebAssembly of the public ABI, or Python source. Any thread. */
final class Programs {
    private static final String MAIN = "module.py";

    private final ModuleHost host;
    private final Optional<PythonGuest> python;

    Programs(ModuleHost host, Optional<PythonGuest> python) {
        this.host = host;
        this.python = python;
    }

    /** A program with what it says about itself, as it says it. */
    record Loaded(DatabaseParts.Program program, ModuleDefinition definition) {
        ModuleSchema schema() {
            return program.schema();
        }
    }

    /**
     * Loads a module, starts it once and asks for its definition.
     *
     * @throws Problem with what is wrong with it
     */
    Loaded load(byte[] content, Module.Place place) {
        Module module = module(content);
        try {
            ModuleDefinition definition = ModuleDefinition.decode(onGuestThread(() -> {
                try (ModuleInstance instance = module.start(place)) {
                    return instance.describe();
                }
            }));
            return new Loaded(new DatabaseParts.Program(module, SchemaResolver.resolve(definition, Optional.empty())), definition);
        } catch (ModuleRefused refused) {
            module.close();
            throw problem(refused);
        } catch (BsatnException wrong) {
            module.close();
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The module's definition cannot be read: " + wrong.getMessage());
        } catch (Problem wrong) {
            module.close();
            throw wrong;
        }
    }

    private Module module(byte[] content) {
        try {
            if (ModuleHost.isWebAssembly(content)) {
                Optional<PythonSource> known = python.flatMap(guest -> guest.sourceOf(content));
                return known.isPresent() ? python.orElseThrow().load(known.get()) : host.load(content);
            }
            PythonGuest guest = python.orElseThrow(() -> Problem.of(ErrorCode.NOT_AVAILABLE,
                    "This server was started without its assets, so it runs no Python modules."));
            return guest.load(new PythonSource(Map.of(MAIN, text(content))));
        } catch (ModuleRefused refused) {
            throw problem(refused);
        }
    }

    private static String text(byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.of(ErrorCode.INVALID_REQUEST, "The module is neither WebAssembly (it does not begin with \\0asm) nor Python source in UTF-8.");
        }
    }

    private static Problem problem(ModuleRefused refused) {
        String title = switch (refused.reason()) {
            case NOT_WEBASSEMBLY -> "Not a module";
            case IMPORTS -> "Unsupported import";
            case EXPORTS -> "Missing export";
            case START -> "The module broke when it was started";
            case SOURCE -> "setup function returned an error";
            case DEFINITION -> "Bad definition";
        };
        return Problem.of(ErrorCode.INVALID_REQUEST, title + ": " + refused.getMessage());
    }

    /** Guests run on threads with a large stack only. */
    static <T> T onGuestThread(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        GuestThread thread = new GuestThread("module-start", () -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
