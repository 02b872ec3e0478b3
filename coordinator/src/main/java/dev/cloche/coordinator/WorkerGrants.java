package dev.cloche.coordinator;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a worker is granted, and how it is configured. Written as JSON into its row.
 *
 * @param hosts those that it may ask, of the ones that it wants
 * @param config values by key
 * @param memoryPages at most so many pages of 64 KiB
 * @param timeoutMs longest time of a call
 */
record WorkerGrants(List<String> hosts, Map<String, Value> config, Optional<Integer> memoryPages, Optional<Integer> timeoutMs) {
    /** Nothing beyond what its manifest gives to every worker. */
    static final WorkerGrants NONE = new WorkerGrants(List.of(), Map.of(), Optional.empty(), Optional.empty());

    /** A value of the configuration; a secret is shown to nobody. */
    record Value(String value, boolean secret) {}

    /** Copies. */
    WorkerGrants {
        hosts = List.copyOf(hosts);
        config = new TreeMap<>(config);
    }

    /** The configuration as the worker reads it. */
    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        config.forEach((key, value) -> values.put(key, value.value()));
        return values;
    }

    /** Whether there is nothing that somebody without these grants would do otherwise; the time comes with each call. */
    @JsonIgnore
    boolean isNone() {
        return hosts.isEmpty() && config.isEmpty() && memoryPages.isEmpty();
    }
}
