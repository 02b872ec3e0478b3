package dev.cloche.apps;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.cloche.kernel.Problem;
import java.util.Locale;

/** What an app is, and so what answers its requests. */
public enum AppKind {
    /** Files, served as they are. */
    STATIC,
    /** A Python callable of PEP 3333. */
    WSGI,
    /** A Python callable of the ASGI specification 3.0. */
    ASGI;

    /** The kind of this name, in small letters. */
    public static AppKind parse(String label) {
        for (AppKind kind : values()) {
            if (kind.label().equals(label)) {
                return kind;
            }
        }
        throw Problem.field("kind", "enum", "The kind of an app is static, wsgi or asgi.");
    }

    /** The name in small letters, as in the API. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
