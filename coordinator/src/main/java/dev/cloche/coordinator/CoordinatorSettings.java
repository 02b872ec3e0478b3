package dev.cloche.coordinator;

import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the operator decides about workers.
 *
 * @param slots calls that the server itself runs at a time; 0 for none ({@code workers.slots}, by default one for each processor)
 * @param memoryBytes upper bound of one worker's memory ({@code workers.memory}, MiB)
 * @param timeout upper bound of one call ({@code workers.timeout}, seconds)
 * @param mostTasks tasks that may wait or run ({@code workers.queue})
 * @param kept how long tasks that have ended are kept with their results ({@code workers.results.hours})
 * @param folders that workers on the server may be given, by the names that they use ({@code workers.folders}: {@code NAME=PATH},
 *     or {@code NAME=ro:PATH} for reading only, separated by commas)
 */
public record CoordinatorSettings(int slots, long memoryBytes, Duration timeout, int mostTasks, Duration kept, Map<String, Path> folders) {
    /** One slot for each processor, 1 GiB, 10 minutes, 100,000 tasks, results for a week. */
    public static final CoordinatorSettings USUAL = new CoordinatorSettings(
            Runtime.getRuntime().availableProcessors(), 1L << 30, Duration.ofMinutes(10), 100_000, Duration.ofDays(7), Map.of());

    /** Copies the folders. */
    public CoordinatorSettings {
        folders = Map.copyOf(folders);
    }

    /** The settings in this configuration. */
    public static CoordinatorSettings from(Configuration configuration) {
        return new CoordinatorSettings(
                configuration.integer("workers.slots", USUAL.slots(), 0, 1024),
                (long) configuration.integer("workers.memory", (int) (USUAL.memoryBytes() >> 20), 1, 4096) << 20,
                Duration.ofSeconds(configuration.integer("workers.timeout", (int) USUAL.timeout().toSeconds(), 1, 600)),
                configuration.integer("workers.queue", USUAL.mostTasks(), 1, 10_000_000),
                Duration.ofHours(configuration.integer("workers.results.hours", (int) USUAL.kept().toHours(), 1, 100_000)),
                folders(configuration.text("workers.folders", "")));
    }

    /** The same with so many slots. */
    CoordinatorSettings withSlots(int number) {
        return new CoordinatorSettings(number, memoryBytes, timeout, mostTasks, kept, folders);
    }

    /** The same with another length of the queue. */
    CoordinatorSettings withMostTasks(int number) {
        return new CoordinatorSettings(slots, memoryBytes, timeout, number, kept, folders);
    }

    private static Map<String, Path> folders(String text) {
        Map<String, Path> folders = new LinkedHashMap<>();
        for (String part : text.split(",")) {
            String[] pair = part.strip().split("=", 2);
            if (pair[0].isEmpty()) {
                continue;
            }
            if (pair.length < 2 || pair[1].isBlank()) {
                throw Problem.field("workers.folders", "pattern", "'" + part.strip() + "' is no folder; write NAME=PATH, or NAME=ro:PATH for reading only.");
            }
            folders.put((pair[1].startsWith("ro:") ? "ro:" : "") + pair[0], Path.of(pair[1].replaceFirst("^ro:", "")));
        }
        return folders;
    }
}
