package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.DataDirectory;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The server of a data directory, as it describes itself in {@code run/server.json}.
 *
 * @param pid its process
 * @param port on loopback
 * @param url for people
 * @param key the operator's
 */
record RunningServer(long pid, int port, String url, String key) {
    @Override
    public String toString() {
        return "RunningServer[" + url + "]"; // never the key
    }

    /** The server that runs on this directory; one that was killed has left its file but no process. */
    static Optional<RunningServer> find(DataDirectory data) {
        try {
            JsonNode file = Json.tree(Files.readAllBytes(data.serverFile()));
            RunningServer server = new RunningServer(file.path("pid").asLong(), file.path("port").asInt(), file.path("url").asText(), file.path("key").asText());
            return isServer(server.pid()) ? Optional.of(server) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | Problem e) {
            throw CommandFailure.of(ExitStatus.REFUSED, data.serverFile() + " cannot be read: only the account that runs the server may (" + e.getMessage() + ").");
        }
    }

    /** Whether the process is still a server of ours: numbers are used again. */
    private static boolean isServer(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).contains("dev.cloche.server.Main");
        } catch (IOException e) {
            return false;
        }
    }

    /** The server's process. */
    Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid);
    }
}
