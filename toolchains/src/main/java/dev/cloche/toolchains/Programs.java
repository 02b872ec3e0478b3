package dev.cloche.toolchains;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Finds programs by name in the folders of PATH. */
record Programs(Map<String, String> environment) {
    /** The first of these that there is. */
    Optional<Path> first(String... names) {
        for (String name : names) {
            for (String folder : environment.getOrDefault("PATH", "").split(":")) {
                Optional<Path> found = in(folder, name);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> in(String folder, String name) {
        try {
            Path file = Path.of(folder, name);
            return file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file) ? Optional.of(file) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
