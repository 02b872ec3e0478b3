package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.IgnoreRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Workspaces and their files. */
@Command(name = "workspace", description = "Workspaces: create, templates, list, push, pull, delete.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class WorkspaceCommands {
    private final Cloche cloche;

    WorkspaceCommands(Cloche cloche) {
        this.cloche = cloche;
    }

    @Command(name = "create", description = "Make a workspace and print its identifier.", mixinStandardHelpOptions = true)
    int create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--type", defaultValue = "PYODIDE", description = "${DEFAULT-VALUE} by default.") String type,
            @Option(names = "--template", paramLabel = "TEMPLATE", description = "What to start from; empty by default.") Optional<String> template,
            @Option(names = "--description", paramLabel = "TEXT") Optional<String> description,
            @Option(names = "--project", paramLabel = "ID", description = "The first of one's own by default.") Optional<String> project) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("type", type.toUpperCase(Locale.ROOT));
        template.ifPresent(value -> body.put("template", value));
        description.ifPresent(value -> body.put("description", value));
        project.ifPresent(value -> body.put("projectId", value));
        JsonNode answer = cloche.api().post("/api/workspaces", body);
        cloche.result(answer, answer.path("workspace").path("id").asText());
        return 0;
    }

    @Command(name = "templates", description = "What a workspace can be made from.", mixinStandardHelpOptions = true)
    int templates() {
        JsonNode answer = cloche.api().get("/api/templates");
        List<List<String>> rows = new ArrayList<>();
        answer.path("templates").forEach(one -> rows.add(List.of(one.path("id").asText(), one.path("type").asText(), one.path("description").asText())));
        cloche.table(answer, List.of("TEMPLATE", "TYPE", "DESCRIPTION"), rows);
        return 0;
    }

    @Command(name = "list", description = "Workspaces of one's projects, last edited first.", mixinStandardHelpOptions = true)
    int list() {
        JsonNode answer = cloche.api().get("/api/workspaces");
        List<List<String>> rows = new ArrayList<>();
        answer.path("workspaces").forEach(one -> rows.add(List.of(one.path("id").asText(), one.path("type").asText(),
                one.path("revision").asText(), one.path("editedAt").asText(), one.path("name").asText())));
        cloche.table(answer, List.of("ID", "TYPE", "REVISION", "EDITED", "NAME"), rows);
        return 0;
    }

    @Command(name = "delete", description = "Delete a workspace; it can be restored for 30 days.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "WORKSPACE", description = "Identifier or name.") String workspace) {
        Api api = cloche.api();
        api.delete("/api/workspaces/" + new WorkspaceChoice(api).id(workspace));
        cloche.note("Deleted; it can be restored for 30 days.");
        return 0;
    }

    @Command(name = "push", mixinStandardHelpOptions = true, description = {
        "Send a folder's changes to a workspace.",
        "What also changed there since the last push or pull stops it, unless --force says that the folder wins.",
        "Never sent: node_modules .git dist build .venv __pycache__ .env, and what .clocheignore names."})
    int push(
            @Parameters(paramLabel = "WORKSPACE", description = "Identifier or name.") String workspace,
            @Parameters(paramLabel = "FOLDER", defaultValue = ".", description = "The current one by default.") Path path,
            @Option(names = "--force", description = "The folder wins.") boolean force) throws IOException {
        Pair pair = pair(workspace, path, false);
        // a folder that never met the workspace says by this command what it should hold; the workspace keeps its history
        stopAtConflicts(pair, force || pair.state().isEmpty(), "push");
        List<String> paths = new ArrayList<>(pair.comparison().here());
        paths.addAll(pair.comparison().both());
        new Push(pair.api(), pair.id(), pair.folder()).send(paths, pair.local(), pair.remote());
        Map<String, Digest> common = new TreeMap<>(pair.common());
        paths.forEach(changed -> assign(common, changed, pair.local()));
        new SyncState(pair.id(), common).keep(pair.folder());
        report("pushed", paths, pair.comparison().there(), "there; pull to get them");
        return 0;
    }

    @Command(name = "pull", mixinStandardHelpOptions = true, description = {
        "Bring a workspace's changes into a folder.",
        "What also changed in the folder since the last push or pull stops it, unless --force says that the workspace wins."})
    int pull(
            @Parameters(paramLabel = "WORKSPACE", description = "Identifier or name.") String workspace,
            @Parameters(paramLabel = "FOLDER", defaultValue = ".", description = "The current one by default; made if missing.") Path path,
            @Option(names = "--force", description = "The workspace wins.") boolean force) throws IOException {
        Pair pair = pair(workspace, path, true);
        stopAtConflicts(pair, force, "pull");
        List<String> paths = new ArrayList<>(pair.comparison().there());
        paths.addAll(pair.comparison().both());
        for (String changed : paths) {
            if (!pair.remote().digests().containsKey(changed)) {
                pair.folder().delete(changed);
            }
        }
        for (String changed : paths) {
            if (pair.remote().digests().containsKey(changed)) {
                pair.folder().write(changed, pair.api().bytes("/api/workspaces/" + pair.id() + "/files/" + Api.segments(changed)));
            }
        }
        Map<String, Digest> common = new TreeMap<>(pair.common());
        paths.forEach(changed -> assign(common, changed, pair.remote().digests()));
        new SyncState(pair.id(), common).keep(pair.folder());
        report("pulled", paths, pair.comparison().here(), "here; push to send them");
        return 0;
    }

    private record Pair(Api api, String id, LocalFolder folder, Optional<SyncState> state, Map<String, Digest> local, RemoteTree remote) {
        Comparison comparison() {
            return Comparison.of(local, remote.digests(), state.map(SyncState::files).orElseGet(Map::of));
        }

        /** What is the same on both sides now. */
        Map<String, Digest> common() {
            Map<String, Digest> common = new TreeMap<>(state.map(SyncState::files).orElseGet(Map::of));
            common.keySet().removeIf(path -> !local.containsKey(path) && !remote.digests().containsKey(path));
            local.forEach((path, digest) -> {
                if (digest.equals(remote.digests().get(path))) {
                    common.put(path, digest);
                }
            });
            return common;
        }
    }

    private Pair pair(String workspace, Path path, boolean make) throws IOException {
        Path root = path.toAbsolutePath().normalize();
        if (make) {
            Files.createDirectories(root);
        }
        if (!Files.isDirectory(root)) {
            throw CommandFailure.of(ExitStatus.USAGE, root + " is not a folder.");
        }
        Api api = cloche.api();
        String id = new WorkspaceChoice(api).id(workspace);
        IgnoreRules rules = SyncRules.of(root, api, id);
        RemoteTree remote = RemoteTree.of(api, id, rules);
        LocalFolder folder = new LocalFolder(root.toRealPath());
        return new Pair(api, id, folder, SyncState.of(root, id), folder.files(rules), remote);
    }

    private static void stopAtConflicts(Pair pair, boolean force, String word) {
        List<String> both = pair.comparison().both();
        if (!force && !both.isEmpty()) {
            throw CommandFailure.of(ExitStatus.CONFLICT, "Changed here and there: " + String.join(", ", both.subList(0, Math.min(10, both.size())))
                    + (both.size() > 10 ? " and " + (both.size() - 10) + " more" : "") + ". Nothing was done; '" + word + " --force' overwrites them.");
        }
    }

    private static void assign(Map<String, Digest> common, String path, Map<String, Digest> from) {
        Digest digest = from.get(path);
        if (digest == null) {
            common.remove(path);
        } else {
            common.put(path, digest);
        }
    }

    private void report(String done, List<String> paths, List<String> others, String hint) {
        var tree = JsonNodeFactory.instance.objectNode();
        paths.forEach(tree.putArray(done)::add);
        others.forEach(tree.putArray("left")::add);
        cloche.result(tree, paths.size() + " " + done + (others.isEmpty() ? "." : "; " + others.size() + " changed " + hint + "."));
    }
}
