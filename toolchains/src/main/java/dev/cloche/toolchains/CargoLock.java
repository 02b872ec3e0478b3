package dev.cloche.toolchains;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A folder's Cargo.lock, in which the versions of crates stand. */
record CargoLock(String text) {
    static final String FILE = "Cargo.lock";
    private static final long LARGEST = 4 << 20;
    private static final int MOST_SAID = 100;

    /** The folder's, if it has one. */
    static Optional<CargoLock> in(Path folder) {
        Path file = folder.resolve(FILE);
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) <= LARGEST ? Optional.of(new CargoLock(Files.readString(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is to be said where it was made because there was none. */
    String made() {
        List<String> lines = text.lines().toList();
        List<String> versions = new ArrayList<>();
        for (int i = 0; i + 3 < lines.size() && versions.size() < MOST_SAID; i++) {
            if (lines.get(i).equals("[[package]]") && lines.get(i + 3).startsWith("source = ")) {
                versions.add(value(lines.get(i + 1)) + " " + value(lines.get(i + 2)));
            }
        }
        return "note: there was no Cargo.lock, so it was made" + (versions.isEmpty() ? "." : " with the newest versions that Cargo.toml allows: " + String.join(", ", versions) + ".");
    }

    private static String value(String line) {
        return line.replaceFirst("^\\w+ = \"(.*)\"$", "$1");
    }
}
