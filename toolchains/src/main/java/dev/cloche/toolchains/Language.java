package dev.cloche.toolchains;

/** A language that workers are built from. */
public enum Language {
    /** C and C++, by clang and wasi-libc. */
    C("C and C++", "Build with 'cloche worker build'."),
    /** AssemblyScript, by the compiler in the folder's node_modules. */
    ASSEMBLYSCRIPT("AssemblyScript", "The IDE builds it in the tab ('Build worker'), 'cloche worker build' on your computer."),
    /** Rust, by cargo. */
    RUST("Rust", "Build with 'cloche worker build' on a computer with cargo and the target wasm32-unknown-unknown, and publish the .worker file that it makes.");

    private final String title;
    private final String elsewhere;

    Language(String title, String elsewhere) {
        this.title = title;
        this.elsewhere = elsewhere;
    }

    /** Where else it is built, for people. */
    public String elsewhere() {
        return elsewhere;
    }

    /** For people. */
    public String title() {
        return title;
    }
}
