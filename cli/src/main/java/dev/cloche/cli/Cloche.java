package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.cli.Main.Surroundings;
import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.ConfigurationSources;
import dev.cloche.kernel.DataDirectory;
import dev.cloche.kernel.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands: the options that each of them takes, and how results are shown. */
@Command(
        name = "cloche",
        description = "The client of a Cloche server.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:done", "1:failed", "2:wrong command line", "3:no server runs here, or it cannot be reached",
            "4:not signed in, or not allowed", "5:no such thing", "6:conflict: changed in the meantime, or there already",
            "7:the server does not accept what was sent"
        })
final class Cloche implements Runnable {
    private final Surroundings surroundings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--data", paramLabel = "DIR", scope = ScopeType.INHERIT, description = "The server's data directory (CLOCHE_DATA).")
    private Optional<Path> data = Optional.empty();

    @Option(names = "--url", paramLabel = "URL", scope = ScopeType.INHERIT, description = "A server elsewhere (CLOCHE_URL).")
    private Optional<URI> url = Optional.empty();

    @Option(names = "--token", paramLabel = "TOKEN", scope = ScopeType.INHERIT,
            description = "A personal token (CLOCHE_TOKEN, which other users of the machine cannot see).")
    private Optional<String> token = Optional.empty();

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON, for scripts.")
    private boolean json;

    Cloche(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Name a command.");
    }

    /** The data directory that the words mean. */
    DataDirectory data() {
        return new DataDirectory(data.or(() -> variable("CLOCHE_DATA").map(Path::of)).orElseGet(DataDirectory::standard));
    }

    /** What a server started here, without flags of its own, would be configured with. */
    Configuration configuration() {
        Map<String, String> environment = ConfigurationSources.environment(surroundings.environment(), Set.of());
        Optional<Path> file = new Configuration(Map.of(), environment, Map.of()).path("config");
        return new Configuration(ConfigurationSources.file(file.orElseGet(data()::configurationFile)), environment, Map.of());
    }

    /** The server that the words mean: by URL and token, else the one of the data directory, as its operator. */
    Api api() {
        Optional<URI> elsewhere = url.or(() -> variable("CLOCHE_URL").map(URI::create));
        Optional<String> secret = token.or(() -> variable("CLOCHE_TOKEN"));
        if (elsewhere.isPresent()) {
            return new Api(elsewhere.get(), secret.orElseThrow(() ->
                    CommandFailure.of(ExitStatus.USAGE, "A server named by URL needs a token: set CLOCHE_TOKEN.")));
        }
        RunningServer server = running();
        return new Api(URI.create("http://127.0.0.1:" + server.port() + "/"), secret.orElse(server.key()));
    }

    /** The server of the data directory; none is a failure. */
    RunningServer running() {
        return RunningServer.find(data()).orElseThrow(() -> CommandFailure.of(ExitStatus.UNREACHABLE,
                "Cloche is not running on " + data().root() + "; start it with './cloche up --data " + data().root() + "'."));
    }

    /** Whether scripts read the output. */
    boolean json() {
        return json;
    }

    /** Prints a result: the JSON for scripts, else the line for people. */
    void result(JsonNode tree, String line) {
        surroundings.out().println(json ? Json.text(tree) : line);
    }

    /** Prints rows: the JSON for scripts, else columns with their heads; nothing but a remark on standard error for none. */
    void table(JsonNode tree, List<String> heads, List<List<String>> rows) {
        if (json) {
            surroundings.out().println(Json.text(tree));
            return;
        }
        if (rows.isEmpty()) {
            note("None.");
            return;
        }
        List<List<String>> all = java.util.stream.Stream.concat(java.util.stream.Stream.of(heads), rows.stream()).toList();
        int[] widths = new int[heads.size()];
        all.forEach(row -> {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        });
        all.forEach(row -> surroundings.out().println(aligned(row, widths)));
    }

    /** Prints text that is a result by itself, such as a schema. */
    void print(String text) {
        surroundings.out().println(text);
    }

    /** Asks on standard error and reads a line: only y or yes is one; nobody there to answer is none. */
    boolean confirmed(String question) {
        surroundings.err().print(question + " [y/N] ");
        surroundings.err().flush();
        try {
            String answer = new BufferedReader(new InputStreamReader(surroundings.in(), StandardCharsets.UTF_8)).readLine();
            return answer != null && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
        } catch (IOException e) {
            return false;
        }
    }

    /** A remark on standard error. */
    void note(String line) {
        surroundings.err().println(line);
    }

    /** Says why the command failed. */
    void complain(CommandFailure failure) {
        surroundings.err().println(json ? Json.text(failure.problem()) : "cloche: " + failure.line());
    }

    /** A variable of the environment, if it is set and not blank. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(surroundings.environment().get(name)).filter(value -> !value.isBlank());
    }

    private static String aligned(List<String> row, int[] widths) {
        return java.util.stream.IntStream.range(0, widths.length)
                .mapToObj(column -> column == widths.length - 1 ? row.get(column) : row.get(column) + " ".repeat(widths[column] - row.get(column).length()))
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }
}
