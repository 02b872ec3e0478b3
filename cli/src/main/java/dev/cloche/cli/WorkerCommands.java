package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.toolchains.BuildOutcome;
import dev.cloche.toolchains.WorkerBuild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Workers on a server: published, shown, called, deleted. */
@Command(name = "worker", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Workers, functions in WebAssembly: build, publish, list, show, call, settings, rollback, delete, task, nodes.",
        footer = "With a file instead of a command, 'cloche worker FILE.wasm ...' runs workers on a node of their own; see 'cloche worker --port 8081 FILE.wasm --help'.")
final class WorkerCommands {
    static final String WORKERS = "/api/workers";

    private static final int DIGITS = 12;

    private final Cloche cloche;

    WorkerCommands(Cloche cloche) {
        this.cloche = cloche;
    }

    /** All commands for workers. */
    static CommandLine line(Cloche cloche) {
        CommandLine line = new CommandLine(new WorkerCommands(cloche));
        line.addSubcommand(new WorkerCallCommand(cloche));
        line.addSubcommand(new WorkerSettingsCommand(cloche));
        line.addSubcommand(new WorkerTaskCommands(cloche));
        return line;
    }

    /** The address of a worker. */
    static String path(String name) {
        return WORKERS + "/" + Api.segment(name);
    }

    @Command(name = "publish", mixinStandardHelpOptions = true, description = {
        "Make a worker of a file, or put a new version into the worker of that name.",
        "FILE is a module (.wasm), a bundle (.worker), or a folder with worker.json and the modules that it names."})
    int publish(
            @Parameters(paramLabel = "FILE") Path file,
            @Option(names = "--name", paramLabel = "NAME", description = "Its name on the server; by default the file's, without its ending.") Optional<String> name,
            @Option(names = "--project", paramLabel = "ID", description = "For a new worker; the first of one's own by default.") Optional<String> project) throws IOException {
        Optional<BuildOutcome.Built> packed = Files.isDirectory(file) ? Optional.of(packed(file)) : Optional.empty();
        byte[] bytes = packed.isPresent() ? packed.get().zip() : contents(file);
        String called = name.orElseGet(() -> packed.map(one -> one.bundle().manifest().name()).orElseGet(() -> String.valueOf(file.getFileName()).replaceFirst("\\.(wasm|worker|zip)$", "")));
        boolean bundle = bytes.length > 1 && bytes[0] == 'P' && bytes[1] == 'K';
        JsonNode answer = Json.tree(cloche.api().post(WORKERS + "?name=" + Api.segment(called) + project.map(id -> "&project=" + Api.segment(id)).orElse(""),
                bytes, bundle ? "application/zip" : "application/wasm"));
        cloche.result(answer, called + " published, " + functions(answer.path("worker")) + ", digest " + answer.at("/worker/digest").asText());
        return 0;
    }

    private static byte[] contents(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.of(ExitStatus.NOT_FOUND, "There is no file or folder " + file + ".");
        }
        return Files.readAllBytes(file);
    }

    private static BuildOutcome.Built packed(Path folder) {
        if (!Files.isRegularFile(folder.resolve("worker.json"))) {
            throw CommandFailure.of(ExitStatus.INVALID, "The folder " + folder + " has no worker.json, which names its modules.\n"
                    + "  To publish one module, name its .wasm file. To make a worker of sources: cloche worker build " + folder);
        }
        return WorkerBuild.pack(folder);
    }

    private static String functions(JsonNode worker) {
        List<String> names = forPeople(worker).stream().map(one -> one.path("name").asText()).toList();
        return names.isEmpty() ? "a program" : (names.size() == 1 ? "function " : "functions ") + String.join(", ", names);
    }

    @Command(name = "list", description = "Workers of one's projects.", mixinStandardHelpOptions = true)
    int list() {
        JsonNode all = cloche.api().get(WORKERS);
        List<List<String>> rows = new ArrayList<>();
        all.path("workers").forEach(one -> rows.add(List.of(one.path("name").asText(), Integer.toString(forPeople(one).size()), one.path("bytes").asText(),
                one.path("digest").asText().substring(0, DIGITS), one.path("description").asText())));
        cloche.table(all, List.of("NAME", "FUNCTIONS", "BYTES", "DIGEST", "DESCRIPTION"), rows);
        return 0;
    }

    /** Without those that split and join calls of others. */
    private static List<JsonNode> forPeople(JsonNode worker) {
        List<JsonNode> functions = new ArrayList<>();
        worker.path("functions").forEach(functions::add);
        return functions.stream().filter(one -> !one.has("partOf")).toList();
    }

    @Command(name = "show", description = "Functions, needs, settings and versions of a worker.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "NAME") String name) {
        JsonNode answer = cloche.api().get(path(name));
        JsonNode worker = answer.path("worker");
        List<String> lines = new ArrayList<>(List.of(name + "  " + worker.path("description").asText()));
        forPeople(worker).forEach(one -> lines.add("  " + one.path("name").asText() + " (" + one.path("input").asText() + " -> " + one.path("output").asText() + ")"
                + (one.path("divisible").asBoolean() ? ", divisible" : "") + (one.path("description").asText().isEmpty() ? "" : ": " + one.path("description").asText())));
        lines.add("memory " + worker.at("/wants/memoryPages").asLong() / 16 + " MiB, time " + worker.at("/wants/timeoutMs").asLong() / 1000 + " s"
                + (worker.path("tabs").asBoolean() ? ", also in tabs" : ", not in tabs"));
        List<String> hosts = new ArrayList<>();
        worker.at("/settings/hosts").forEach(host -> hosts.add(host.asText()));
        lines.add("hosts " + (hosts.isEmpty() ? "none" : String.join(", ", hosts)));
        worker.at("/settings/config").properties().forEach(one -> lines.add("config " + one.getKey() + " = " + (one.getValue().path("secret").asBoolean() ? "(secret)" : one.getValue().path("value").asText())));
        answer.path("versions").forEach(one -> lines.add((one.path("current").asBoolean() ? "* " : "  ") + one.path("digest").asText() + "  " + one.path("publishedAt").asText() + "  " + one.path("publishedBy").asText()));
        cloche.result(answer, lines.stream().map(String::stripTrailing).collect(Collectors.joining("\n")));
        return 0;
    }

    @Command(name = "rollback", description = "Let calls go to another version, by default the one before.", mixinStandardHelpOptions = true)
    int rollback(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "DIGEST", arity = "0..1") Optional<String> digest) {
        JsonNode answer = cloche.api().post(path(name) + "/rollback", digest.map(one -> java.util.Map.<String, Object>of("digest", one)).orElseGet(java.util.Map::of));
        cloche.result(answer, name + " is now " + answer.at("/worker/digest").asText());
        return 0;
    }

    @Command(name = "delete", description = "Delete a worker with its versions and tasks.", mixinStandardHelpOptions = true)
    int delete(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = {"-y", "--yes"}, description = "Do not ask.") boolean yes) {
        if (!yes && !cloche.confirmed("Delete " + name + " with its versions and tasks?")) {
            throw CommandFailure.of(ExitStatus.FAILED, "Not confirmed, so nothing was changed; --yes does not ask.");
        }
        cloche.api().delete(path(name));
        cloche.note("Deleted.");
        return 0;
    }

    @Command(name = "nodes", description = "What runs calls: the server, nodes and tabs.", mixinStandardHelpOptions = true)
    int nodes() {
        JsonNode all = cloche.api().get("/api/nodes");
        List<List<String>> rows = new ArrayList<>();
        all.path("nodes").forEach(one -> rows.add(List.of(one.path("id").asText(), one.path("kind").asText(), one.path("name").asText(), one.path("engine").asText(),
                one.path("busy").asText() + "/" + one.path("slots").asText(), one.path("ran").asText(), one.path("failed").asText(), one.path("publicUrl").asText(), one.path("draining").asBoolean() ? "drains" : "")));
        cloche.table(all, List.of("ID", "KIND", "NAME", "ENGINE", "BUSY", "RAN", "FAILED", "TICKETS AT", ""), rows);
        return 0;
    }
}
