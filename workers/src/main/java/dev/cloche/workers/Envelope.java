package dev.cloche.workers;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The message of remote calls of workers: named texts, and a content that is text. A request names the function as
 * {@code method}; its content goes to the function as it is.
 *
 * @param meta named texts; a name may stand once
 * @param content UTF-8 text, often JSON
 */
public record Envelope(List<Meta> meta, String content) {
    /** Longest name or value of a meta entry, in characters. */
    public static final int META_CHARACTERS = 1000;
    /** Most meta entries. */
    public static final int META_ENTRIES = 32;
    /** The meta entry that names the function. */
    public static final String METHOD = "method";
    /** The meta entry that names the worker, where several are at hand. */
    public static final String WORKER = "worker";
    /** The meta entry that comes back with the answer. */
    public static final String ID = "id";
    /** The meta entry that asks for the answer's form; {@code envelope} is the only value. */
    public static final String ANSWER = "answer";
    private static final int ID_CHARACTERS = 100;

    /** One named text. */
    public record Meta(String name, String value) {}

    /** Copies the list. */
    public Envelope {
        meta = List.copyOf(meta);
    }

    /**
     * Reads a request.
     *
     * @throws Problem that names the field and the rule that it breaks
     */
    public static Envelope request(byte[] json) {
        Envelope envelope = Json.read(json, Wire.class).checked();
        if (envelope.value(METHOD).filter(name -> !name.isBlank()).isEmpty()) {
            throw Problem.field(METHOD, "required", "The envelope's meta must have an entry with the name 'method' and the function as its value.");
        }
        if (envelope.value(ID).filter(id -> id.length() > ID_CHARACTERS).isPresent()) {
            throw Problem.field(ID, "maxLength", "The value of 'id' may have " + ID_CHARACTERS + " characters.");
        }
        if (envelope.value(ANSWER).filter(form -> !form.equals("envelope")).isPresent()) {
            throw Problem.field(ANSWER, "enum", "The value of 'answer' can only be 'envelope'.");
        }
        return envelope;
    }

    /** As it comes: members may be missing. */
    private record Wire(@org.jspecify.annotations.Nullable List<@org.jspecify.annotations.Nullable Entry> meta, @org.jspecify.annotations.Nullable String content) {
        private record Entry(@org.jspecify.annotations.Nullable String name, @org.jspecify.annotations.Nullable String value) {}

        Envelope checked() {
            if (meta == null) {
                throw Problem.field("meta", "required", "The envelope must have 'meta', a list of names and values.");
            }
            if (content == null) {
                throw Problem.field("content", "required", "The envelope must have 'content', a text.");
            }
            if (meta.size() > META_ENTRIES) {
                throw Problem.field("meta", "maxItems", "The envelope's 'meta' may have " + META_ENTRIES + " entries.");
            }
            List<Meta> entries = new ArrayList<>();
            for (int k = 0; k < meta.size(); k++) {
                entries.add(checked(k, meta.get(k)));
            }
            for (Meta entry : entries) {
                if (entries.stream().filter(other -> other.name().equals(entry.name())).count() > 1) {
                    throw Problem.field("meta", "uniqueItems", "The envelope's 'meta' has two entries with the name '" + entry.name() + "'.");
                }
            }
            return new Envelope(entries, content);
        }

        private static Meta checked(int k, @org.jspecify.annotations.Nullable Entry entry) {
            if (entry == null || entry.name() == null || entry.value() == null) {
                throw Problem.field("meta[" + k + "]", "required", "Each entry of 'meta' must have a name and a value.");
            }
            if (entry.name().length() > META_CHARACTERS || entry.value().length() > META_CHARACTERS) {
                throw Problem.field("meta[" + k + "]", "maxLength", "Names and values in 'meta' may have " + META_CHARACTERS + " characters.");
            }
            return new Meta(entry.name(), entry.value());
        }
    }

    /** The value of a meta entry. */
    public Optional<String> value(String name) {
        return meta.stream().filter(entry -> entry.name().equals(name)).map(Meta::value).findFirst();
    }

    /** The function that a request names. */
    public String method() {
        return value(METHOD).orElseThrow();
    }

    /** Whether the answer is to be an envelope too; otherwise it is the function's output as it is. */
    public boolean wantsEnvelope() {
        return value(ANSWER).isPresent();
    }

    /** The content's bytes in UTF-8. */
    public byte[] input() {
        return content.getBytes(StandardCharsets.UTF_8);
    }

    /** The envelope of an answer to this request. */
    public Envelope answer(byte[] output) {
        return new Envelope(with(value(ID), "ok"), new String(output, StandardCharsets.UTF_8));
    }

    /** The envelope of a failure. */
    public static Envelope failure(Optional<String> id, CallOutcome.Failed failed) {
        List<Meta> meta = with(id, "error");
        meta.add(new Meta("error", failed.kind().text()));
        Optional<String> unknown = failed.kind() == Failure.UNKNOWN_FUNCTION ? Optional.of(METHOD) : Optional.empty();
        failed.field().or(() -> unknown).ifPresent(field -> meta.add(new Meta("field", field)));
        failed.rule().or(() -> unknown.map(method -> "exists")).ifPresent(rule -> meta.add(new Meta("rule", rule)));
        return new Envelope(meta, failed.message());
    }

    /** The envelope of a request that was refused before it was a call. */
    public static Envelope refusal(Optional<String> id, String error, Problem problem) {
        List<Meta> meta = with(id, "error");
        meta.add(new Meta("error", error));
        Optional<FieldError> field = problem.fields().stream().findFirst().or(() -> whole(problem));
        field.ifPresent(one -> meta.add(new Meta("field", one.field())));
        field.ifPresent(one -> meta.add(new Meta("rule", one.rule())));
        return new Envelope(meta, field.map(FieldError::message).orElse(problem.detail()));
    }

    /** The field of a problem that names none: all of the body, which is no JSON, or what shows who asks. */
    private static Optional<FieldError> whole(Problem problem) {
        return switch (problem.code()) {
            case INVALID_REQUEST -> Optional.of(new FieldError("body", "json", problem.detail()));
            case UNAUTHENTICATED -> Optional.of(new FieldError("authorization", "token", problem.detail()));
            default -> Optional.empty();
        };
    }

    private static List<Meta> with(Optional<String> id, String status) {
        List<Meta> meta = new ArrayList<>();
        meta.add(new Meta("status", status));
        id.ifPresent(text -> meta.add(new Meta(ID, text)));
        return meta;
    }

    /** As JSON. */
    public byte[] bytes() {
        return Json.bytes(this);
    }
}
