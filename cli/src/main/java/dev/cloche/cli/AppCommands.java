package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Published apps. */
@Command(name = "app", description = "Apps: publish, list, roll back, delete.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class AppCommands {
    private final Cloche cloche;

    AppCommands(Cloche cloche) {
        this.cloche = cloche;
    }

    @Command(name = "publish", description = "Publish a workspace under a name and print the app's URL.", mixinStandardHelpOptions = true)
    int publish(
            @Parameters(paramLabel = "NAME", description = "The app's name, also in its URL.") String name,
            @Option(names = "--workspace", required = true, paramLabel = "WORKSPACE", description = "Identifier or name.") String workspace,
            @Option(names = "--revision", paramLabel = "N", description = "The newest by default.") Optional<Long> revision,
            @Option(names = "--kind", paramLabel = "KIND", description = "static, wsgi or asgi; found out by default.") Optional<String> kind,
            @Option(names = "--entry", paramLabel = "ENTRY", description = "MODULE:OBJECT, or the folder with index.html.") Optional<String> entry,
            @Option(names = "--placement", paramLabel = "PLACEMENT", description = "browser or server.") Optional<String> placement) {
        Api api = cloche.api();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("workspace", new WorkspaceChoice(api).id(workspace));
        revision.ifPresent(value -> body.put("revision", value));
        kind.ifPresent(value -> body.put("kind", value));
        entry.ifPresent(value -> body.put("entry", value));
        placement.ifPresent(value -> body.put("placement", value));
        JsonNode answer = api.post("/api/apps", body);
        cloche.result(answer, answer.path("app").path("url").asText());
        return 0;
    }

    @Command(name = "list", description = "Apps of one's projects.", mixinStandardHelpOptions = true)
    int list() {
        JsonNode answer = cloche.api().get("/api/apps");
        List<List<String>> rows = new ArrayList<>();
        answer.path("apps").forEach(app -> rows.add(List.of(app.path("name").asText(), app.path("deployment").path("kind").asText(),
                app.path("deployment").path("revision").asText(), app.path("updatedAt").asText(), app.path("url").asText())));
        cloche.table(answer, List.of("NAME", "KIND", "REVISION", "UPDATED", "URL"), rows);
        return 0;
    }

    @Command(name = "rollback", description = "Go back to an older deployment, by default the one before.", mixinStandardHelpOptions = true)
    int rollback(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--deployment", paramLabel = "ID", description = "Which one.") Optional<String> deployment) {
        Map<String, Object> body = deployment.<Map<String, Object>>map(id -> Map.of("deployment", id)).orElseGet(Map::of);
        JsonNode answer = cloche.api().post("/api/apps/" + Api.segment(name) + "/rollback", body);
        cloche.result(answer, "Now at revision " + answer.path("app").path("deployment").path("revision").asText() + ".");
        return 0;
    }

    @Command(name = "delete", description = "Take an app off its URL.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "NAME") String name) {
        cloche.api().delete("/api/apps/" + Api.segment(name));
        cloche.note("Unpublished.");
        return 0;
    }
}
