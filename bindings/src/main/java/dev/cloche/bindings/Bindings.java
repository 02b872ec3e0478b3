package dev.cloche.bindings;

import dev.cloche.schema.ModuleDefinition;

/** What clients of a database need in their language: its types, tables and functions. */
public final class Bindings {
    private Bindings() {}

    /** What bindings are for. */
    public enum Target {
        /** The official TypeScript SDK, packages {@code spacetimedb} 2.x. */
        TYPESCRIPT_2("index.ts"),
        /** The official TypeScript SDK, packages {@code spacetimedb} 1.x; it knows no event tables, so those are left out. */
        TYPESCRIPT_1("index.ts"),
        /** Python 3.10 and later, also in the tab; needs nothing but the standard library. */
        PYTHON("__init__.py");

        private final String file;

        Target(String file) {
            this.file = file;
        }

        /** The name of the file. */
        public String file() {
            return file;
        }
    }

    /**
     * The text of the file: public tables, views, and functions that clients may call.
     *
     * @throws dev.cloche.kernel.Problem if the definition breaks a rule
     */
    public static String of(ModuleDefinition definition, Target target) {
        ClientModel model = ClientModel.of(definition);
        return switch (target) {
            case TYPESCRIPT_2 -> new TypeScriptWriter(model, true).write();
            case TYPESCRIPT_1 -> new TypeScriptWriter(model, false).write();
            case PYTHON -> new PythonWriter(model).write();
        };
    }
}
