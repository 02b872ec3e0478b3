package dev.cloche.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The whole server as a process of its own on a free port, for tests that look at it from outside. */
final class ServerProcess implements AutoCloseable {
    private final Process process;
    private final int port;
    private final String link;
    private final String operatorKey;

    private ServerProcess(Process process, int port, String link, String operatorKey) {
        this.process = process;
        this.port = port;
        this.link = link;
        this.operatorKey = operatorKey;
    }

    /** Starts a server for the first time in this folder, with a shelf and no screens; returns when it is ready. */
    static ServerProcess start(Path folder) throws IOException {
        // else, for root, the database would go elsewhere and stay behind
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        Path data = folder.resolve("data");
        Path shelf = Files.createDirectories(folder.resolve("assets").resolve("wheels"));
        Files.copy(Path.of("../packages/wheels/shelf.lock.json"), shelf.resolve("shelf.lock.json"));
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                        "-cp", System.getProperty("java.class.path"), Main.class.getName(), "--port", "0", "--data", data.toString(), "--assets", shelf.getParent().toString()))
                .redirectError(folder.resolve("errors.log").toFile())
                .start();
        BufferedReader out = new BufferedReader(process.inputReader(StandardCharsets.UTF_8));
        String ready = lineWith(out, "Cloche is ready at ");
        String link = lineWith(out, "Sign in: ");
        int port = Integer.parseInt(ready.substring(ready.lastIndexOf(':') + 1));
        JsonNode file = Json.tree(Files.readAllBytes(data.resolve("run").resolve("server.json")));
        return new ServerProcess(process, port, link, file.path("key").asText());
    }

    int port() {
        return port;
    }

    /** The code of the one-time link that the first start printed. */
    String signInCode() {
        return link.substring(link.indexOf("#code=") + 6);
    }

    String operatorKey() {
        return operatorKey;
    }

    /** Tells it to end, as a service manager would; returns its exit status. */
    int stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the server does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
        if (process.isAlive()) {
            stop();
        }
    }

    private static String lineWith(BufferedReader out, String beginning) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
        }
        throw new AssertionError("the server ended before it printed '" + beginning + "'");
    }
}
