package dev.cloche.workers;

import dev.cloche.kernel.Problem;
import java.util.Optional;

/** What came of a call. */
public sealed interface CallOutcome {
    /**
     * The function's output.
     *
     * @param output as the guest left it; not copied
     * @param ranNanos how long the guest ran
     */
    @SuppressWarnings("ArrayRecordComponent") // outputs are large, and nobody compares answers
    record Answer(byte[] output, long ranNanos) implements CallOutcome {}

    /**
     * No answer.
     *
     * @param message why, for people
     * @param field for {@link Failure#BAD_INPUT}: where the input is wrong, if the worker says so
     * @param rule which rule it breaks, if the worker says so
     */
    record Failed(Failure kind, String message, Optional<String> field, Optional<String> rule) implements CallOutcome {
        /** A failure that concerns no field. */
        public static Failed of(Failure kind, String message) {
            return new Failed(kind, message, Optional.empty(), Optional.empty());
        }

        /** A refusal, with its first field. */
        public static Failed of(Failure kind, Problem problem) {
            return problem.fields().stream().findFirst()
                    .map(field -> new Failed(kind, field.message(), Optional.of(field.field()), Optional.of(field.rule())))
                    .orElseGet(() -> of(kind, problem.detail()));
        }
    }
}
