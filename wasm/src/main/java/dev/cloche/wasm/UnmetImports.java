package dev.cloche.wasm;

import java.util.List;

/** A module whose imports the host does not offer, or with other signatures; the message names each. */
public final class UnmetImports extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Unmet> imports;

    /** With at least one. */
    public UnmetImports(List<Unmet> imports) {
        super(String.join("\n", imports.stream().map(Unmet::message).toList()));
        this.imports = List.copyOf(imports);
    }

    /** Each of them, in the module's order. */
    public List<Unmet> imports() {
        return imports;
    }

    /** One import that cannot be given. */
    public sealed interface Unmet {
        /** What is wrong, with both names. */
        String message();
    }

    /** The host offers nothing of these names. */
    public record Missing(Import wanted) implements Unmet {
        @Override
        public String message() {
            return "unknown import: `" + wanted.module() + "::" + wanted.name() + "` has not been defined";
        }
    }

    /** The host offers another thing under these names. */
    public record Mistyped(Import wanted, ExternType offered) implements Unmet {
        @Override
        public String message() {
            return "incompatible import type for `" + wanted.module() + "::" + wanted.name() + "`: types incompatible: expected type `"
                    + wanted.type().text() + "`, found type `" + offered.text() + "`";
        }
    }
}
