package dev.cloche.toolchains;

import java.nio.file.Path;

/** Makes one module from a folder's sources. */
interface Compiler {
    /**
     * Builds a module.
     *
     * @param simd whether with vectors
     * @param to the file to write
     * @return what the compilers said
     * @throws CannotBuild if they did not get there
     */
    String build(WorkerSource source, WorkerSource.Part part, boolean simd, Path to, Workshop workshop) throws CannotBuild;

    /** A build that has ended early, and with what. */
    final class CannotBuild extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient BuildOutcome outcome;

        CannotBuild(BuildOutcome outcome) {
            super(outcome.toString());
            this.outcome = outcome;
        }

        static CannotBuild missing(String tool, String install) {
            return new CannotBuild(new BuildOutcome.MissingTool(tool, install));
        }

        static CannotBuild failed(String program, String output) {
            return new CannotBuild(new BuildOutcome.Failed(program, output));
        }

        BuildOutcome outcome() {
            return outcome;
        }
    }
}
