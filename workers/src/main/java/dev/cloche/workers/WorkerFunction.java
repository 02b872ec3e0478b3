package dev.cloche.workers;

import java.util.Optional;

/**
 * A function that a worker offers.
 *
 * @param name as it is called
 * @param description for people; may be empty
 * @param example an input to try, as text
 * @param input {@code json}, {@code text} or {@code bytes}
 * @param output likewise
 * @param divide how a call is done in parts
 */
public record WorkerFunction(String name, String description, Optional<String> example, Form input, Form output, Optional<Divide> divide) {
    /** A function of which nothing but its name is known. */
    public static WorkerFunction named(String name) {
        return new WorkerFunction(name, "", Optional.empty(), Form.BYTES, Form.BYTES, Optional.empty());
    }

    /** What bytes are. */
    public enum Form {
        /** UTF-8 JSON. */
        JSON,
        /** UTF-8 text. */
        TEXT,
        /** Anything. */
        BYTES
    }

    /**
     * The functions that make inputs of parts from an input, and the output from the outputs of the parts.
     *
     * @param split gets u32 LE parts and the input; answers a list: u32 LE count, then for each u32 LE length and the bytes
     * @param join gets such a list; answers the output
     */
    public record Divide(String split, String join) {}
}
