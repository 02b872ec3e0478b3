package dev.cloche.workers;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker says of itself and wants: Extism's manifest with more keys. A worker without one has {@link #plain}.
 *
 * @param modules the last one is the main module
 * @param timeout longest time of one call
 * @param allowedHosts names of hosts, with {@code *} for any part; what is granted may be less
 * @param allowedPaths guest path by the name of a folder
 * @param config values by key; what is set where it runs goes before
 * @param idempotent whether a call may be made twice: hedged, and tried again
 * @param functions what it says of its functions, by name
 */
public record WorkerManifest(String name, String description, List<Module> modules, Memory memory, Duration timeout, List<String> allowedHosts,
        Map<String, String> allowedPaths, Map<String, String> config, boolean idempotent, Map<String, WorkerFunction> functions) {
    /** 30 seconds. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Copies. */
    public WorkerManifest {
        modules = List.copyOf(modules);
        allowedHosts = List.copyOf(allowedHosts);
        allowedPaths = Map.copyOf(allowedPaths);
        config = Map.copyOf(config);
        functions = Map.copyOf(functions);
    }

    /** The needs of a single module that says nothing: 256 MiB, 30 seconds, nothing outside. */
    public static WorkerManifest plain(String name) {
        return new WorkerManifest(name, "", List.of(new Module(name + ".wasm", Optional.empty(), "main")), Memory.DEFAULT, TIMEOUT, List.of(), Map.of(), Map.of(), true, Map.of());
    }

    /**
     * One module.
     *
     * @param path of its file within the bundle
     * @param simd of the file to take instead where vectors can be run
     * @param name by which the later ones import from it; {@code main} for the last
     */
    public record Module(String path, Optional<String> simd, String name) {}

    /**
     * What it may use.
     *
     * @param maxPages largest memory of all modules together, in pages of 64 KiB
     * @param maxVarBytes largest sum of all variables, names included
     * @param maxHttpResponseBytes largest body of an answer
     */
    public record Memory(long maxPages, long maxVarBytes, long maxHttpResponseBytes) {
        /** 256 MiB, 1 MiB, 5 MiB. */
        public static final Memory DEFAULT = new Memory(4096, 1 << 20, 5 << 20);

        /** The pages as bytes. */
        public long maxBytes() {
            return maxPages << 16;
        }
    }
}
