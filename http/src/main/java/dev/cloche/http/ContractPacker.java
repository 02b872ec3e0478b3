package dev.cloche.http;

import dev.cloche.kernel.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Turns {@code openapi.yaml} into the JSON that {@link Contract} loads. Runs in the build only: reading YAML at each start
 * would cost several hundred milliseconds.
 */
public final class ContractPacker {
    private ContractPacker() {}

    /** Reads the first path and writes the second. */
    public static void main(String[] paths) throws IOException {
        LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(false).build();
        Object contract = new Load(settings).loadFromString(Files.readString(Path.of(paths[0])));
        Path target = Path.of(paths[1]);
        Files.createDirectories(target.getParent());
        Files.write(target, Json.bytes(contract));
    }
}
