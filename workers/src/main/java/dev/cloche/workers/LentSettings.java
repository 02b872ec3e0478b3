package dev.cloche.workers;

import dev.cloche.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker may use that is given to a node or tab, as its project decided. Secrets are not among it: a worker with secrets is
 * given to nobody.
 *
 * @param config values by key; they go before the manifest's
 * @param hosts those that it may ask, of the ones that it wants
 * @param memoryPages at most so many pages of 64 KiB
 */
public record LentSettings(Map<String, String> config, List<String> hosts, Optional<Integer> memoryPages) {
    /** Nothing beyond its file. */
    public static final LentSettings NONE = new LentSettings(Map.of(), List.of(), Optional.empty());

    /** Copies. */
    public LentSettings {
        config = Map.copyOf(config);
        hosts = List.copyOf(hosts);
    }

    /** As it travels. */
    public byte[] bytes() {
        return Json.bytes(this);
    }

    /**
     * As it came.
     *
     * @throws dev.cloche.kernel.Problem if it has another form
     */
    public static LentSettings read(byte[] bytes) {
        return Json.read(bytes, LentSettings.class);
    }

    /** Whether somebody who grants these hosts grants all that it may ask; {@code *} in a pattern covers what it matches. */
    public boolean isWithin(List<String> granted) {
        return hosts.stream().allMatch(host -> granted.stream().anyMatch(pattern -> AllowedHosts.matches(pattern, host)));
    }
}
