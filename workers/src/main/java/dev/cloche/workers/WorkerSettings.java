package dev.cloche.workers;

import dev.cloche.wasm.HostImport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How a worker is run here, and what it is granted of what it wants.
 *
 * @param hosts patterns of hosts that it may ask, if its manifest names them too
 * @param privateAddresses whether those may be hosts of this machine or a private network
 * @param paths folders by the names that the manifest uses; one that begins with {@code ro:} there is for reading only
 * @param config goes before the manifest's values
 * @param memoryBytes upper bound of what its manifest says
 * @param timeout likewise
 * @param slots how many calls run at the same time
 * @param queue how many more may wait
 * @param log takes what the worker logs; any thread, must not block
 * @param functions further functions of the host, which modules may import
 */
public record WorkerSettings(List<String> hosts, boolean privateAddresses, Map<String, Path> paths, Map<String, String> config,
        long memoryBytes, Duration timeout, int slots, int queue, Consumer<WorkerLog> log, List<HostImport> functions) {
    /** Nothing granted; at most 1 GiB and 10 minutes; a slot for each processor, 1,000 calls may wait. */
    public static final WorkerSettings DEFAULT = new WorkerSettings(List.of(), false, Map.of(), Map.of(), 1L << 30, Duration.ofMinutes(10),
            Runtime.getRuntime().availableProcessors(), 1000, line -> { }, List.of());

    /** Copies. */
    public WorkerSettings {
        hosts = List.copyOf(hosts);
        paths = Map.copyOf(paths);
        config = Map.copyOf(config);
        functions = List.copyOf(functions);
        if (slots < 1 || queue < 0) {
            throw new IllegalArgumentException("slots must be positive, queue not negative: " + slots + ", " + queue);
        }
    }

    /** The same with these patterns of hosts. */
    public WorkerSettings withHosts(List<String> patterns, boolean privateToo) {
        return new WorkerSettings(patterns, privateToo, paths, config, memoryBytes, timeout, slots, queue, log, functions);
    }

    /** The same with these folders. */
    public WorkerSettings withPaths(Map<String, Path> folders) {
        return new WorkerSettings(hosts, privateAddresses, folders, config, memoryBytes, timeout, slots, queue, log, functions);
    }

    /** The same with these values. */
    public WorkerSettings withConfig(Map<String, String> values) {
        return new WorkerSettings(hosts, privateAddresses, paths, values, memoryBytes, timeout, slots, queue, log, functions);
    }

    /** The same with these limits. */
    public WorkerSettings withLimits(long bytes, Duration longest) {
        return new WorkerSettings(hosts, privateAddresses, paths, config, bytes, longest, slots, queue, log, functions);
    }

    /** The same with so many slots and places in the queue. */
    public WorkerSettings withSlots(int running, int waiting) {
        return new WorkerSettings(hosts, privateAddresses, paths, config, memoryBytes, timeout, running, waiting, log, functions);
    }

    /** The same with another taker of log lines. */
    public WorkerSettings withLog(Consumer<WorkerLog> taker) {
        return new WorkerSettings(hosts, privateAddresses, paths, config, memoryBytes, timeout, slots, queue, taker, functions);
    }

    /** The same with these functions of the host. */
    public WorkerSettings withFunctions(List<HostImport> offered) {
        return new WorkerSettings(hosts, privateAddresses, paths, config, memoryBytes, timeout, slots, queue, log, offered);
    }

    /** One line that a worker logged. */
    public record WorkerLog(Level level, String text) {
        /** How grave it is. */
        public enum Level {
            /** For the one who looks for a fault. */
            TRACE,
            /** Likewise. */
            DEBUG,
            /** What happens. */
            INFO,
            /** What may be wrong. */
            WARN,
            /** What is wrong. */
            ERROR
        }
    }

    /** Whether the settings know a folder of this name. */
    Optional<Path> folder(String name) {
        return Optional.ofNullable(paths.get(name));
    }
}
