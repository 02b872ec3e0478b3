package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.RandomIds;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Calls a function and prints its output. */
@Command(name = "call", mixinStandardHelpOptions = true, description = "Call a function of a worker and print what it answers.")
final class WorkerCallCommand implements Callable<Integer> {
    /** Inputs from this length on go to the node itself. */
    private static final int LARGE = 256 * 1024;

    private final Cloche cloche;

    @Parameters(index = "0", paramLabel = "NAME", description = "The worker.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "FUNCTION")
    private String function = "";

    @Parameters(index = "2", paramLabel = "INPUT", arity = "0..1", description = "The input as text; empty by default.")
    private String input = "";

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "Take the input from this file.")
    private Optional<Path> file = Optional.empty();

    @Option(names = {"-o", "--out"}, paramLabel = "FILE", description = "Write the output to this file.")
    private Optional<Path> out = Optional.empty();

    @Option(names = "--where", paramLabel = "PLACE", description = "auto, local, node, tab, or the identifier of a node.")
    private Optional<String> where = Optional.empty();

    @Option(names = "--divide", paramLabel = "PARTS", description = "Do it in so many parts; 0 for as many as there is room for, auto where that was faster.")
    private Optional<String> divide = Optional.empty();

    WorkerCallCommand(Cloche cloche) {
        this.cloche = cloche;
    }

    @Override
    public Integer call() throws IOException {
        byte[] bytes = file.isPresent() ? Files.readAllBytes(file.get()) : input.getBytes(StandardCharsets.UTF_8);
        String query = where.map(place -> "?where=" + Api.segment(place)).orElse("")
                + divide.map(parts -> (where.isPresent() ? "&" : "?") + "divide=" + Api.segment(parts)).orElse("");
        byte[] output = ofNode(bytes).orElseGet(() -> cloche.api().post(WorkerCommands.path(name) + "/call/" + Api.segment(function) + query, bytes, "application/octet-stream"));
        if (out.isPresent()) {
            Files.write(out.get(), output);
            cloche.note(out.get() + ", " + output.length + " bytes");
        } else {
            cloche.print(new String(output, StandardCharsets.UTF_8));
        }
        return 0;
    }

    /** A large call of a node is made of the node itself, if the server knows one that can be reached; otherwise empty. */
    private Optional<byte[]> ofNode(byte[] bytes) {
        if (bytes.length < LARGE || divide.isPresent() || where.filter(place -> place.equals("node") || RandomIds.isId(place)).isEmpty()) {
            return Optional.empty();
        }
        String query = "?where=" + Api.segment(where.orElseThrow()) + "&bytes=" + bytes.length;
        byte[] given = cloche.api().post(WorkerCommands.path(name) + "/ticket/" + Api.segment(function) + query, new byte[0], "application/octet-stream");
        if (given.length == 0) {
            return Optional.empty();
        }
        JsonNode ticket = Json.tree(given);
        return cloche.api().ofNode(URI.create(ticket.path("url").asText()), ticket.path("ticket").asText(), bytes);
    }
}
