package dev.cloche.workers;

import dev.cloche.workers.WorkerSettings.WorkerLog;
import java.util.function.Consumer;

/** What a guest may log in one call; what is more is dropped, and that is said once. */
final class LogBudget {
    private static final int MOST_LINES = 1000;
    private static final int MOST_CHARACTERS = 256 * 1024;

    private final Consumer<WorkerLog> to;
    private int lines;
    private int characters;

    LogBudget(Consumer<WorkerLog> to) {
        this.to = to;
    }

    void refill() {
        lines = 0;
        characters = 0;
    }

    void log(WorkerLog.Level level, String text) {
        if (lines > MOST_LINES) {
            return;
        }
        lines++;
        if (lines > MOST_LINES || characters + text.length() > MOST_CHARACTERS) {
            lines = MOST_LINES + 1;
            to.accept(new WorkerLog(WorkerLog.Level.WARN, "more than " + MOST_LINES + " lines or " + MOST_CHARACTERS + " characters in one call: the rest is dropped"));
            return;
        }
        characters += text.length();
        to.accept(new WorkerLog(level, text));
    }
}
