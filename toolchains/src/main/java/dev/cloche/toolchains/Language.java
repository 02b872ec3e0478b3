package dev.cloche.toolchains;

/** A language that workers are built from. */
public enum Language {
    /** C and C++, by clang and wasi-libc. */
    C("C and C++"),
    /** AssemblyScript, by the compiler in the folder's node_modules. */
    ASSEMBLYSCRIPT("AssemblyScript"),
    /** Rust, by cargo. */
    RUST("Rust");

    private final String title;

    Language(String title) {
        this.title = title;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
