package dev.cloche.cli;

import dev.cloche.modules.ModuleHost;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.modules.PythonSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the files of a module: one of WebAssembly, or Python files, the main one first. */
final class ModuleFiles {
    private static final long LARGEST = 64L << 20;

    private ModuleFiles() {}

    /** The module as a server takes it. */
    static byte[] content(List<Path> files) throws IOException {
        byte[] first = read(files.getFirst());
        if (ModuleHost.isWebAssembly(first)) {
            if (files.size() > 1) {
                throw CommandFailure.of(ExitStatus.USAGE, files.getFirst() + " is a whole module; no file goes with it.");
            }
            return first;
        }
        return source(files).bundle();
    }

    /** Python files, named from the folder of the first one. */
    static PythonSource source(List<Path> files) throws IOException {
        Path folder = files.getFirst().toAbsolutePath().resolveSibling("").normalize();
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : files) {
            Path path = file.toAbsolutePath().normalize();
            if (!path.startsWith(folder)) {
                throw CommandFailure.of(ExitStatus.USAGE, file + " is not in the folder of " + files.getFirst() + ", so it could not be imported.");
            }
            texts.put(folder.relativize(path).toString().replace('\\', '/'), text(file));
        }
        try {
            return new PythonSource(texts);
        } catch (ModuleRefused refused) {
            throw CommandFailure.of(ExitStatus.INVALID, String.valueOf(refused.getMessage()));
        }
    }

    private static String text(Path file) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(read(file))).toString();
        } catch (CharacterCodingException e) {
            throw CommandFailure.of(ExitStatus.INVALID, file + " is neither WebAssembly nor text in UTF-8.");
        }
    }

    private static byte[] read(Path file) throws IOException {
        try {
            if (Files.size(file) > LARGEST) {
                throw CommandFailure.of(ExitStatus.INVALID, file + " is larger than 64 MiB, the most that a module may have.");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.of(ExitStatus.NOT_FOUND, "There is no file " + file + ".");
        }
    }
}
