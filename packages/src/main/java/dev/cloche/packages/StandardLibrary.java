package dev.cloche.packages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What comes with Python itself, and which parts of it the engine in the tab lacks. */
final class StandardLibrary {
    private static final Map<String, String> ABSENT = Map.ofEntries(
            Map.entry("ssl", "a page in the browser opens no sockets of its own; use pyodide.http or requests over the browser's fetch"),
            Map.entry("sqlite3", "keep data in files or in pandas, or run the code on the server"),
            Map.entry("lzma", "use zlib, gzip or bz2, or run the code on the server"),
            Map.entry("curses", "the tab has no terminal that it could drive; run the code on the server"),
            Map.entry("dbm", "keep data in files, for example with json or pickle"),
            Map.entry("tkinter", "the tab has no windows; draw with matplotlib or write an HTML page"),
            Map.entry("turtle", "the tab has no windows; draw with matplotlib or pillow"),
            Map.entry("idlelib", "this page is the editor"),
            Map.entry("venv", "packages of a workspace are installed from its list of packages"),
            Map.entry("ensurepip", "packages of a workspace are installed from its list of packages"));
    private static final Set<String> MODULES = modules();

    private StandardLibrary() {}

    /** What to tell a person who wants to install a module of the standard library; empty if it is none. */
    static Optional<String> about(String module) {
        String plain = module.replace('-', '_');
        String instead = ABSENT.get(plain);
        if (instead != null) {
            return Optional.of("'" + plain + "' belongs to Python's standard library, but the engine in the tab is built without it: "
                    + instead + ".");
        }
        return MODULES.contains(plain)
                ? Optional.of("'" + plain + "' is part of Python; import it, there is nothing to install.")
                : Optional.empty();
    }

    /** Whether the import name is one of the standard library. */
    static boolean provides(String module) {
        return MODULES.contains(module);
    }

    private static Set<String> modules() {
        try (InputStream in = StandardLibrary.class.getResourceAsStream("standard-library.txt")) {
            if (in == null) {
                throw new IllegalStateException("standard-library.txt is missing from the module");
            }
            return Set.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException("standard-library.txt cannot be read", e);
        }
    }
}
