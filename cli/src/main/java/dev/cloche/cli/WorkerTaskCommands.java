package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The queue of tasks. */
@Command(name = "task", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Tasks in the queue: add, list, show, result, cancel, retry.")
final class WorkerTaskCommands {
    private static final String TASK = "/task";

    private final Cloche cloche;

    WorkerTaskCommands(Cloche cloche) {
        this.cloche = cloche;
    }

    @Command(name = "add", description = "Put a task into the queue and print its identifier.", mixinStandardHelpOptions = true)
    int add(
            @Parameters(index = "0", paramLabel = "NAME", description = "The worker.") String name,
            @Parameters(index = "1", paramLabel = "FUNCTION") String function,
            @Parameters(index = "2", paramLabel = "INPUT", arity = "0..1", description = "The input as text; empty by default.") Optional<String> input,
            @Option(names = {"-f", "--file"}, paramLabel = "FILE", description = "Take the input from this file.") Optional<Path> file,
            @Option(names = "--where", paramLabel = "PLACE", description = "auto, local, node, tab, or pull.") Optional<String> where,
            @Option(names = "--priority", paramLabel = "0-9", description = "Higher ones go first; 5 by default.") Optional<Integer> priority,
            @Option(names = "--attempts", paramLabel = "N", description = "How often it may fail; 3 by default.") Optional<Integer> attempts,
            @Option(names = "--delay", paramLabel = "SECONDS", description = "Not before this time has passed.") Optional<Integer> delay,
            @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest time of a try; 30 by default.") Optional<Integer> timeout,
            @Option(names = "--key", paramLabel = "KEY", description = "Of two tasks with the same key only the first is made.") Optional<String> key,
            @Option(names = "--divide", paramLabel = "PARTS", description = "Do it in so many parts; 0 for as many as there is room for.") Optional<Integer> divide) throws IOException {
        Map<String, Object> task = new LinkedHashMap<>();
        task.put("worker", name);
        task.put("function", function);
        where.ifPresent(place -> task.put("where", place));
        priority.ifPresent(number -> task.put("priority", number));
        attempts.ifPresent(number -> task.put("attempts", number));
        delay.ifPresent(seconds -> task.put("delayMs", seconds * 1000));
        timeout.ifPresent(seconds -> task.put("timeoutMs", seconds * 1000));
        key.ifPresent(text -> task.put("key", text));
        divide.ifPresent(parts -> task.put("divide", parts));
        String query = task.entrySet().stream().map(one -> one.getKey() + "=" + Api.segment(one.getValue().toString())).collect(Collectors.joining("&"));
        byte[] bytes = file.isPresent() ? Files.readAllBytes(file.get()) : input.orElse("").getBytes(StandardCharsets.UTF_8);
        JsonNode made = Json.tree(cloche.api().post(TASK + "?" + query, bytes, "application/octet-stream"));
        cloche.result(made, made.path("id").asText());
        return 0;
    }

    @Command(name = "list", description = "Tasks of one's projects, newest first.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--state", paramLabel = "STATE", description = "waiting, running, done, dead or cancelled.") Optional<String> state,
            @Option(names = "--worker", paramLabel = "NAME") Optional<String> worker,
            @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50", description = "At most so many; ${DEFAULT-VALUE} by default.") int limit) {
        JsonNode all = cloche.api().get(TASK + "?limit=" + limit + state.map(one -> "&state=" + Api.segment(one)).orElse("") + worker.map(one -> "&worker=" + Api.segment(one)).orElse(""));
        List<List<String>> rows = new ArrayList<>();
        all.path("tasks").forEach(one -> rows.add(List.of(one.path("id").asText(), one.path("state").asText(), one.path("worker").asText(), one.path("function").asText(),
                one.path("attempts").asText() + "/" + one.path("mostAttempts").asText(), one.path("createdAt").asText(), one.at("/lastOn/name").asText(one.at("/lastOn/id").asText("")), lastError(one))));
        cloche.table(all, List.of("ID", "STATE", "WORKER", "FUNCTION", "TRIES", "CREATED", "LAST ON", "LAST ERROR"), rows);
        return 0;
    }

    private static String lastError(JsonNode task) {
        JsonNode errors = task.path("errors");
        return errors.isEmpty() ? "" : errors.get(errors.size() - 1).path("message").asText().lines().findFirst().orElse("");
    }

    @Command(name = "show", description = "A task as JSON.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "ID") String id) {
        cloche.print(Json.text(cloche.api().get(TASK + "/" + Api.segment(id)).path("task")));
        return 0;
    }

    @Command(name = "result", description = "Wait for the result of a task and print it.", mixinStandardHelpOptions = true)
    int result(
            @Parameters(paramLabel = "ID") String id,
            @Option(names = {"-o", "--out"}, paramLabel = "FILE", description = "Write it to this file.") Optional<Path> out) throws IOException {
        Api api = cloche.api();
        while (List.of("waiting", "running").contains(api.get(TASK + "/" + Api.segment(id)).at("/task/state").asText())) {
            // the server answers when there is something to say
            api.bytes("/result/" + Api.segment(id) + "?wait=60");
        }
        byte[] output = api.bytes("/result/" + Api.segment(id));
        if (out.isPresent()) {
            Files.write(out.get(), output);
            cloche.note(out.get() + ", " + output.length + " bytes");
        } else {
            cloche.print(new String(output, StandardCharsets.UTF_8));
        }
        return 0;
    }

    @Command(name = "cancel", description = "Nobody wants the task any more.", mixinStandardHelpOptions = true)
    int cancel(@Parameters(paramLabel = "ID") String id) {
        cloche.api().delete(TASK + "/" + Api.segment(id));
        cloche.note("Cancelled.");
        return 0;
    }

    @Command(name = "retry", description = "Try a task again that failed for good or was cancelled.", mixinStandardHelpOptions = true)
    int retry(@Parameters(paramLabel = "ID") String id) {
        cloche.result(cloche.api().post(TASK + "/" + Api.segment(id) + "/retry", Map.of()), "It waits again.");
        return 0;
    }
}
