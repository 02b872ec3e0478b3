package dev.cloche.toolchains;

import dev.cloche.workers.WorkerBundle;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a build came to. What is wrong with the folder itself is a {@code Problem} instead. */
public sealed interface BuildOutcome {
    /**
     * A worker.
     *
     * @param zip its bundle
     * @param bundle the same, read
     * @param modules its modules by path
     * @param notes what the compilers said all the same, line by line
     * @param lock the Cargo.lock that was made because there was none
     */
    record Built(byte[] zip, WorkerBundle bundle, Map<String, byte[]> modules, List<String> notes, Optional<String> lock) implements BuildOutcome {
        /** Copies. */
        public Built {
            modules = Map.copyOf(modules);
            notes = List.copyOf(notes);
        }

        /** The warnings among the notes. */
        public List<Mistake> mistakes() {
            return Mistake.in(notes);
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
    record Failed(String program, String output) implements BuildOutcome {
        /** What is named in the output, with its place. */
        public List<Mistake> mistakes() {
            return Mistake.in(List.of(output));
        }
    }

    /**
     * The language is none of those that are built here.
     *
     * @param language of the sources
     */
    record NotBuiltHere(Language language) implements BuildOutcome {}
}
