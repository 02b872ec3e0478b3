package dev.cloche.coordinator;

import dev.cloche.kernel.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** The files that a worker is built from, within limits and with harmless names. */
final class SourceFiles {
    private static final int MOST_FILES = 2000;
    private static final long MOST_BYTES = 32L << 20;
    private static final String PATH = "[A-Za-z0-9_+][A-Za-z0-9._+-]{0,99}(/[A-Za-z0-9_+][A-Za-z0-9._+-]{0,99}){0,9}";

    private static final String SOURCE = ".*\\.(c|cc|cpp|cxx|h|hh|hpp|hxx)";

    private final Map<String, Supplier<byte[]>> contents = new LinkedHashMap<>();
    private long bytes;

    /** The files of a zip. */
    static SourceFiles unzipped(byte[] body) {
        SourceFiles files = new SourceFiles();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    byte[] content = zip.readNBytes((int) (MOST_BYTES - files.bytes) + 1);
                    files.add(entry.getName(), content.length, () -> content);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.field("body", "format", "The zip cannot be read: " + e.getMessage());
        }
        if (files.isEmpty()) {
            throw Problem.field("body", "required", "Send a zip with the sources, or name a workspace.");
        }
        return files;
    }

    /** Whether a workspace's file can belong to a worker: what has another name than sources may have is of no use to a compiler, nor is a worker that was built. */
    static boolean isOfUse(String path) {
        return !path.endsWith(".worker") && (path.matches(PATH) || path.matches(SOURCE));
    }

    /** One more; files whose names begin with a dot are left out. */
    void add(String path, long size, Supplier<byte[]> content) {
        if (path.startsWith(".") || path.contains("/.") && !path.contains("..")) {
            return;
        }
        if (!path.matches(PATH)) {
            throw Problem.field("path", "pattern", "The path '" + path.substring(0, Math.min(path.length(), 200)) + "' cannot be built: names have letters, digits, '.', '_', '+' and '-'.");
        }
        bytes += size;
        if (bytes > MOST_BYTES || contents.size() == MOST_FILES) {
            throw Problem.field("folder", "maxLength", "A worker is built from at most " + MOST_FILES + " files and " + MOST_BYTES + " bytes.");
        }
        if (contents.put(path, content) != null) {
            throw Problem.field("path", "unique", "There are two files '" + path + "'.");
        }
    }

    boolean isEmpty() {
        return contents.isEmpty();
    }

    /** Lays them out below a folder that is made. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Map.Entry<String, Supplier<byte[]>> file : contents.entrySet()) {
            Path to = folder.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue().get());
        }
    }
}
