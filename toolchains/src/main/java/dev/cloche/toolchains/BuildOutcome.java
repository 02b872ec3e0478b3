package dev.cloche.toolchains;

import dev.cloche.workers.WorkerBundle;
import java.util.List;
import java.util.Map;

/** What a build came to. What is wrong with the folder itself is a {@code Problem} instead. */
public sealed interface BuildOutcome {
    /**
     * A worker.
     *
     * @param zip its bundle
     * @param bundle the same, read
     * @param modules its modules by path
     * @param notes what the compilers said all the same, line by line
     */
    record Built(byte[] zip, WorkerBundle bundle, Map<String, byte[]> modules, List<String> notes) implements BuildOutcome {
        /** Copies. */
        public Built {
            modules = Map.copyOf(modules);
            notes = List.copyOf(notes);
        }
    }

    /**
     * This machine lacks a compiler.
     *
     * @param tool what is missing
     * @param install how to get it
     */
    record MissingTool(String tool, String install) implements BuildOutcome {}

    /**
     * The compiler refused the sources, or ran into a limit.
     *
     * @param program which one
     * @param output what it said, shortened
     */
    record Failed(String program, String output) implements BuildOutcome {}
}
