package dev.cloche.kernel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A refusal or failure that reaches the caller as problem JSON (RFC 9457).
 *
 * <p>Throw it from anywhere below a route; the {@code http} module alone turns it into an answer. The message of the
 * exception is the problem's {@code detail}. Never put a secret into it.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String title;
    private final transient List<FieldError> fields;
    private final transient Map<String, Object> members;

    private Problem(ErrorCode code, String title, String detail, List<FieldError> fields, Map<String, Object> members) {
        super(detail);
        this.code = code;
        this.title = title;
        this.fields = List.copyOf(fields);
        this.members = Map.copyOf(members);
    }

    /** A problem of this kind; {@code detail} names the cause and the next step. */
    public static Problem of(ErrorCode code, String detail) {
        return new Problem(code, code.title(), detail, List.of(), Map.of());
    }

    /** A broken rule in one field: 400 with the field and the rule. */
    public static Problem field(String field, String rule, String message) {
        return fields(List.of(new FieldError(field, rule, message)));
    }

    /** A broken rule in one field that is refused with another code than 400. */
    public static Problem field(ErrorCode code, String field, String rule, String message) {
        return new Problem(code, code.title(), message, List.of(new FieldError(field, rule, message)), Map.of());
    }

    /** Several broken rules at once: 400 with all of them. */
    public static Problem fields(List<FieldError> errors) {
        return new Problem(ErrorCode.INVALID_FIELD, ErrorCode.INVALID_FIELD.title(), errors.getFirst().message(), errors, Map.of());
    }

    /** No such thing, or none that the caller may know of. */
    public static Problem notFound(String what) {
        return of(ErrorCode.NOT_FOUND, what + " does not exist, or you are not a member of its project.");
    }

    /** The same problem with a title of its own; the title is also the member {@code error} of the answer. */
    public Problem titled(String newTitle) {
        return new Problem(code, newTitle, detail(), fields(), members());
    }

    /**
     * The same problem with one more member in its answer (RFC 9457, section 3.2), for programs that act on it.
     *
     * @param member a name that the problem has not yet
     * @param value anything that JSON can hold
     */
    public Problem with(String member, Object value) {
        Map<String, Object> all = new LinkedHashMap<>(members());
        all.put(member, value);
        return new Problem(code, title, detail(), fields(), all);
    }

    /** Why. */
    public ErrorCode code() {
        return code;
    }

    /** The short text for people. */
    public String title() {
        return title;
    }

    /** The cause and the next step, for people. */
    public String detail() {
        String message = getMessage();
        return message == null ? title : message;
    }

    /** The broken rules, possibly none. */
    public List<FieldError> fields() {
        return fields == null ? List.of() : fields;
    }

    /** The further members of the answer, possibly none. */
    public Map<String, Object> members() {
        return members == null ? Map.of() : members;
    }
}
