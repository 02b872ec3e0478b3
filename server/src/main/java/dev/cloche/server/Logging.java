package dev.cloche.server;

import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Where log lines go: warnings to standard error, everything from {@code log.level} up to {@code logs/cloche-N.log}, at
 * most five files of 10 MB.
 *
 * <p>The Java platform's log manager closes its handlers in a shutdown hook of its own, before our parts have stopped;
 * this one keeps them.
 */
public final class Logging extends LogManager {
    private static final int FILE_BYTES = 10_000_000;
    private static final int FILES = 5;
    /** Loggers are held weakly by the platform: a level set on one that nobody keeps is lost. */
    private static final Set<Logger> KEPT = ConcurrentHashMap.newKeySet();

    /** Made by the Java platform, which needs a public class and constructor. */
    public Logging() {}

    @Override
    public void reset() {
        // see above: the operating system closes the file
    }

    /** Must come before anything logs. */
    static void install() {
        System.setProperty("java.util.logging.manager", Logging.class.getName());
    }

    /** Opens the log files in this folder. */
    static void open(Path folder, Configuration configuration) throws IOException {
        Level level = level(configuration.text("log.level", "info"));
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.setLevel(level);
        Handler console = new ConsoleHandler();
        console.setLevel(Level.WARNING);
        Handler file = new FileHandler(folder.resolve("cloche-%g.log").toString(), FILE_BYTES, FILES, true);
        file.setLevel(level);
        for (Handler handler : new Handler[] {console, file}) {
            handler.setFormatter(new Line());
            root.addHandler(handler);
        }
        quiet("com.zaxxer.hikari");
        quiet("org.flywaydb");
        quiet("io.vertx");
        quiet("io.netty");
        // a browser that goes away in the middle of an answer is no error of ours
        keep("io.vertx.core.net.impl.VertxConnection", Level.OFF);
    }

    /** Libraries tell their life's story at INFO. */
    private static void quiet(String library) {
        keep(library, Level.WARNING);
    }

    private static void keep(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        logger.setLevel(level);
        KEPT.add(logger);
    }

    private static Level level(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "debug" -> Level.FINE;
            case "info" -> Level.INFO;
            case "warning" -> Level.WARNING;
            case "error" -> Level.SEVERE;
            default -> throw Problem.field("log.level", "enum", "The setting 'log.level' is debug, info, warning or error.");
        };
    }

    /** One event as one line of {@code key=value}. */
    static final class Line extends Formatter {
        @Override
        public String format(LogRecord record) {
            StringBuilder line = new StringBuilder(160)
                    .append("time=").append(record.getInstant().truncatedTo(ChronoUnit.MILLIS))
                    .append(" level=").append(name(record.getLevel()))
                    .append(" logger=").append(record.getLoggerName())
                    .append(' ').append(escaped(formatMessage(record)));
            Throwable thrown = record.getThrown();
            if (thrown != null) {
                StringWriter trace = new StringWriter();
                thrown.printStackTrace(new PrintWriter(trace));
                line.append('\n').append(trace.toString().stripTrailing());
            }
            return line.append('\n').toString();
        }

        private static String name(Level level) {
            int value = level.intValue();
            if (value >= Level.SEVERE.intValue()) {
                return "error";
            }
            if (value >= Level.WARNING.intValue()) {
                return "warning";
            }
            return value >= Level.INFO.intValue() ? "info" : "debug";
        }

        /** A message never makes a second line: what a user sent cannot pass for an event of ours. */
        private static String escaped(String message) {
            return message.replace("\r", "\\r").replace("\n", "\\n");
        }
    }
}
