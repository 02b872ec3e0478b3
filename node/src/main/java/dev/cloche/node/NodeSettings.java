package dev.cloche.node;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a node runs.
 *
 * @param files the workers' files, {@code .wasm} or {@code .worker}
 * @param bind the address to listen on
 * @param port the port; 0 takes a free one
 * @param slots calls that run at a time
 * @param queue calls that wait for a slot; beyond them callers get {@code busy}
 * @param bodyBytes largest request, and largest message of a link
 * @param drain longest time for calls in progress when the node stops
 * @param origins pages that may call, as {@code http://host:port} or {@code *}; without them no page may
 * @param secret what callers must show as {@code Authorization: Bearer}, if anything
 * @param coordinator where to lend itself, if anywhere
 * @param grants what workers may reach beyond themselves
 * @param places folders of the machine
 */
public record NodeSettings(
        List<Path> files, String bind, int port, int slots, int queue, int bodyBytes, Duration drain, Set<String> origins, Optional<String> secret,
        Optional<Coordinator> coordinator, Grants grants, Places places) {
    /** Copies the collections. */
    public NodeSettings {
        files = List.copyOf(files);
        origins = Set.copyOf(origins);
    }

    /**
     * A coordinator.
     *
     * @param url the server's address
     * @param token with the scope {@code work}
     * @param name this node's name, for people
     * @param reachable where callers reach this node, if they shall make large calls of it themselves
     */
    public record Coordinator(URI url, String token, String name, Optional<URI> reachable) {}

    /**
     * What the person who runs the node allows its workers; a worker gets no more than it asks for.
     *
     * @param hosts names that may be asked by HTTP
     * @param privateAddresses whether those may be hosts of this machine or a private network
     * @param paths folders of the machine by the names that manifests use
     * @param config values for keys of the workers' configuration
     */
    public record Grants(List<String> hosts, boolean privateAddresses, Map<String, Path> paths, Map<String, String> config) {
        /** Copies the collections. */
        public Grants {
            hosts = List.copyOf(hosts);
            paths = Map.copyOf(paths);
            config = Map.copyOf(config);
        }
    }

    /**
     * Folders of the machine.
     *
     * @param libraries that hold wasmtime; without them workers run on Endive
     * @param cache for compiled code; without it workers are compiled at each start
     */
    public record Places(Optional<Path> libraries, Optional<Path> cache) {}
}
