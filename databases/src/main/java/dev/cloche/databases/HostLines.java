package dev.cloche.databases;

import dev.cloche.modules.ModuleLog;
import java.util.Optional;
import java.util.OptionalInt;

/** Lines that the host itself writes into a module's log. */
final class HostLines {
    private static final String TARGET = "__cloche__";

    private HostLines() {}

    static ModuleLog.Line error(String function, String message) {
        return new ModuleLog.Line(0, Optional.of(TARGET), Optional.empty(), OptionalInt.empty(), function, message);
    }

    static ModuleLog.Line information(String function, String message) {
        return new ModuleLog.Line(2, Optional.of(TARGET), Optional.empty(), OptionalInt.empty(), function, message);
    }
}
