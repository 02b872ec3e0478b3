package dev.cloche.databases;

import dev.cloche.kernel.Problem;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleLoader;
import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.ModuleSchema;
import dev.cloche.schema.SchemaResolver;
import java.util.Optional;

/** Makes programs from modules as they were handed in. Any thread. */
final class Programs {
    private final ModuleLoader loader;

    Programs(ModuleLoader loader) {
        this.loader = loader;
    }

    /** A program with what it says about itself, as it says it. */
    record Loaded(DatabaseParts.Program program, ModuleDefinition definition) implements AutoCloseable {
        /** Gives the program up; instances go on. */
        @Override
        public void close() {
            program.module().close();
        }

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
        Module module = loader.load(content);
        try {
            ModuleDefinition definition = ModuleLoader.describe(module, place);
            return new Loaded(new DatabaseParts.Program(module, SchemaResolver.resolve(definition, Optional.empty())), definition);
        } catch (Problem wrong) {
            module.close();
            throw wrong;
        }
    }
}
