package dev.cloche.databases;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One line of a database's log.
 *
 * @param timestamp microseconds since 1970
 * @param target who speaks, as the module says it
 * @param file in the module's source
 * @param line in that file
 * @param function reducer, procedure or view that ran
 * @param trace functions on the stack, innermost first; of a panic only
 */
public record LogLine(
        Level level,
        long timestamp,
        Optional<String> target,
        Optional<String> file,
        OptionalInt line,
        Optional<String> function,
        String message,
        List<String> trace) {
    /** Copies the trace. */
    public LogLine {
        trace = List.copyOf(trace);
    }

    /** How bad it is; the order of the ABI's numbers, but for {@link #PANIC}, which is 101 there. */
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE,
        PANIC
    }
}
