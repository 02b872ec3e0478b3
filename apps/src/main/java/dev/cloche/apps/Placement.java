package dev.cloche.apps;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.cloche.kernel.Problem;
import java.util.Locale;

/** Where an app runs. */
public enum Placement {
    /** In the tab of each visitor. */
    BROWSER,
    /** In one sandbox on the server. */
    SERVER;

    /** The placement of this name, in small letters. */
    public static Placement parse(String label) {
        for (Placement placement : values()) {
            if (placement.label().equals(label)) {
                return placement;
            }
        }
        throw Problem.field("placement", "enum", "The placement of an app is browser or server.");
    }

    /** The name in small letters, as in the API. */
    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
