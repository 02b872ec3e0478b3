package dev.cloche.wasm;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How to open an engine.
 *
 * @param libraries folder that holds {@code linux-x86_64/libwasmtime.so} and the like; without it, or without the file
 *     for this platform, the engine is Endive
 * @param codeCache folder for compiled code, for this server alone; without it every module is compiled anew
 * @param codeCacheBytes how large the cache may become; the files used longest ago go first
 * @param moduleBytes largest module that is looked at
 */
public record EngineSettings(Optional<Path> libraries, Optional<Path> codeCache, long codeCacheBytes, int moduleBytes) {
    /** With these folders, 2 GiB of cache and modules of at most 64 MiB. */
    public static EngineSettings of(Optional<Path> libraries, Optional<Path> codeCache) {
        return new EngineSettings(libraries, codeCache, 2L << 30, 64 << 20);
    }
}
