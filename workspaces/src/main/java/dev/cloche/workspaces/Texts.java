package dev.cloche.workspaces;

import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of names and descriptions of workspaces. */
final class Texts {
    private static final int MAX_NAME = 100;
    private static final int MAX_DESCRIPTION = 500;

    private Texts() {}

    static void name(@Nullable String text, List<FieldError> errors) {
        if (text == null || text.isBlank()) {
            errors.add(new FieldError("name", "required", "A workspace has a name."));
        } else if (text.length() > MAX_NAME) {
            errors.add(new FieldError("name", "maxLength", "A name has at most 100 characters."));
        } else if (hasControl(text, false)) {
            errors.add(new FieldError("name", "pattern", "A name is one line of text without control characters."));
        }
    }

    static void description(@Nullable String text, List<FieldError> errors) {
        if (text == null) {
            return;
        }
        if (text.length() > MAX_DESCRIPTION) {
            errors.add(new FieldError("description", "maxLength", "A description has at most 500 characters."));
        } else if (hasControl(text, true)) {
            errors.add(new FieldError("description", "pattern", "A description has no control characters but line breaks."));
        }
    }

    static void refuse(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw Problem.fields(errors);
        }
    }

    /** The text as it is kept: without space around it. */
    static String kept(@Nullable String text) {
        return text == null ? "" : text.strip();
    }

    private static boolean hasControl(String text, boolean breaksAllowed) {
        return text.codePoints().anyMatch(c -> (Character.isISOControl(c) && !(breaksAllowed && (c == '\n' || c == '\r' || c == '\t')))
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
