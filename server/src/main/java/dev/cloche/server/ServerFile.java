package dev.cloche.server;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * {@code DATA/run/server.json}: tells the command on this machine how to reach the running server and proves it to be
 * the operator. Readable by the server's account only; removed when the server stops.
 */
final class ServerFile implements AutoCloseable {
    private final Path file;

    /**
     * What the file says.
     *
     * @param pid of this process
     * @param port that is listened on
     * @param url of the control plane, for people
     * @param key the operator's key, valid until the server stops
     */
    record Content(long pid, int port, String url, String key) {
        @Override
        public String toString() {
            return "Content[" + url + "]"; // never the key
        }
    }

    /** Writes the file whole or not at all. */
    ServerFile(Path file, Content content) {
        this.file = file;
        Path fresh = file.resolveSibling("server.json.new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, Json.bytes(content));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The file " + file + " cannot be written: " + e);
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
