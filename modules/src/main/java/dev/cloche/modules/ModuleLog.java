package dev.cloche.modules;

import java.util.Optional;
import java.util.OptionalInt;

/** Where a module's log lines go. Called on the thread that runs the module; must not block. */
@FunctionalInterface
public interface ModuleLog {
    /** Keeps a line. */
    void line(Line line);

    /**
     * A line as the module wrote it.
     *
     * @param level 0 error, 1 warning, 2 information, 3 debug, 4 trace, 101 panic
     * @param target what part of the module speaks
     * @param file of the module's source
     * @param line in that file, from 1 on
     * @param function the reducer, procedure or view that ran; empty while the module was started
     */
    record Line(int level, Optional<String> target, Optional<String> file, OptionalInt line, String function, String message) {}
}
