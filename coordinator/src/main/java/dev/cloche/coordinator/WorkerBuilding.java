package dev.cloche.coordinator;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.toolchains.BuildLimits;
import dev.cloche.toolchains.BuildOutcome;
import dev.cloche.toolchains.Language;
import dev.cloche.toolchains.Mistake;
import dev.cloche.toolchains.WorkerBuild;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * Builds workers from C, C++ and Rust on the server: {@code POST /api/workers/build}. It is off unless the operator says
 * {@code workers.build = "unsandboxed"} (C and C++: a compiler runs nothing of what it compiles) or {@code "unsandboxed-rust"} (Rust, too:
 * cargo runs programs of the sources). There are no sandboxes yet: all of it runs as the server's own user, with limits of time, memory and
 * files, a clean environment, and, where the machine can make one, a root of its own without network.
 */
public final class WorkerBuilding {
    private static final int LARGEST_UPLOAD = 16 << 20;

    private final WorkspaceCatalog workspaces;
    private final Access access;
    private final WorkerBuild build;
    private final Semaphore turn = new Semaphore(1);

    /** What the server may build ({@code workers.build}). */
    public enum Permission {
        /** Nothing. */
        OFF("off", Set.of()),
        /** What compilers read only. */
        UNSANDBOXED("unsandboxed", Set.of(Language.C)),
        /** Also that whose build runs programs of the sources. */
        UNSANDBOXED_RUST("unsandboxed-rust", Set.of(Language.C, Language.RUST));

        private final String word;
        private final Set<Language> languages;

        Permission(String word, Set<Language> languages) {
            this.word = word;
            this.languages = languages;
        }

        /** The setting in this configuration. */
        public static Permission from(Configuration configuration) {
            String text = configuration.text("workers.build", OFF.word);
            return Stream.of(values()).filter(one -> one.word.equals(text)).findFirst().orElseThrow(() -> Problem.field("workers.build", "enum",
                    "'workers.build' must be 'off', 'unsandboxed' (C and C++) or 'unsandboxed-rust' (C, C++ and Rust), but is '" + text + "'."));
        }
    }

    /** With the compilers in the folders of the environment's PATH. */
    public WorkerBuilding(Permission permission, WorkspaceCatalog workspaces, Access access, Map<String, String> environment) {
        this.workspaces = workspaces;
        this.access = access;
        this.build = new WorkerBuild(environment, permission.languages, BuildLimits.FOREIGN);
    }

    /** Its route. */
    public List<Route> routes() {
        return List.of(Route.post("/api/workers/build", this::build).bodyLimit(LARGEST_UPLOAD));
    }

    private Response build(Request request) throws InterruptedException {
        Optional<WorkspaceId> workspace = request.query("workspace").map(WorkspaceId::new);
        SourceFiles files = workspace.map(id -> ofWorkspace(request, id)).orElseGet(() -> uploaded(request));
        if (!turn.tryAcquire()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "Another worker is being built; try again in a moment.");
        }
        try {
            return answer(built(request, files, workspace.map(id -> title(request, id)).orElse("worker")));
        } finally {
            turn.release();
        }
    }

    private SourceFiles ofWorkspace(Request request, WorkspaceId id) {
        Workspace workspace = workspaces.get(id);
        access.check(Actor.of(request), Action.WORKSPACE_READ, new Resource.InProject(workspace.projectId()));
        access.check(Actor.of(request), Action.WORKER_PUBLISH, new Resource.InProject(workspace.projectId()));
        String folder = request.query("folder").map(text -> text.replaceAll("/+$", "")).filter(text -> !text.isEmpty()).map(text -> text + "/").orElse("");
        SourceFiles files = new SourceFiles();
        workspaces.tree(id, workspace.revision()).stream().filter(file -> file.path().startsWith(folder) && SourceFiles.isOfUse(file.path().substring(folder.length())))
                .forEach(file -> files.add(file.path().substring(folder.length()), file.size(), () -> workspaces.content(file.digest())));
        if (files.isEmpty()) {
            throw Problem.field("folder", "exists", "The workspace has no files in '" + folder + "'.");
        }
        return files;
    }

    /** What a worker without a worker.json is called: as its folder, or as the workspace. */
    private String title(Request request, WorkspaceId id) {
        String folder = request.query("folder").map(text -> text.replaceAll("/+$", "")).orElse("");
        String name = folder.isEmpty() ? workspaces.get(id).name() : folder.substring(folder.lastIndexOf('/') + 1);
        String plain = name.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return plain.isEmpty() ? "worker" : plain.substring(0, Math.min(plain.length(), 60));
    }

    private SourceFiles uploaded(Request request) {
        Actor actor = Actor.of(request);
        if (!actor.scopes().contains(Action.WORKER_PUBLISH.scope())
                || access.projects(actor).keySet().stream().noneMatch(project -> access.allows(actor, Action.WORKER_PUBLISH, new Resource.InProject(project)))) {
            throw Problem.of(ErrorCode.FORBIDDEN, "There is no project in which you may publish workers.");
        }
        return SourceFiles.unzipped(request.body());
    }

    private BuildOutcome built(Request request, SourceFiles files, String name) throws InterruptedException {
        try {
            Path folder = Files.createTempDirectory("cloche-sources");
            try {
                files.write(folder.resolve(name));
                // nobody waits for what whoever has gone wanted built
                return request.whileClientWaits(() -> build.build(folder.resolve(name)));
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A worker as it is answered.
     *
     * @param bundle to publish
     * @param output what the compilers said
     * @param problems the warnings in it
     * @param lock the Cargo.lock that was made because the sources have none
     */
    record Built(String name, String digest, byte[] bundle, String output, List<Mistake> problems, Optional<String> lock) {}

    private static Response answer(BuildOutcome outcome) {
        return switch (outcome) {
            case BuildOutcome.Built built -> Response.json(new Built(built.bundle().manifest().name(), built.bundle().digest().hex(), built.zip(),
                    String.join("\n\n", built.notes()), built.mistakes(), built.lock()));
            case BuildOutcome.MissingTool missing -> throw Problem.of(ErrorCode.NOT_AVAILABLE, "The server lacks " + missing.tool() + "; " + missing.install() + ".");
            case BuildOutcome.NotBuiltHere other -> throw Problem.of(ErrorCode.NOT_AVAILABLE, refusal(other.language()));
            case BuildOutcome.Failed failed -> throw Problem.of(ErrorCode.UNRESOLVABLE, failed.program() + " could not build it.").titled("Does not compile")
                    .with("output", failed.output()).with("problems", failed.mistakes());
        };
    }

    private static String refusal(Language language) {
        return switch (language) {
            case C -> "This server builds no workers: compilers would run without a sandbox. " + language.elsewhere()
                    + " Or the operator sets workers.build = \"unsandboxed\".";
            case RUST -> "This server builds no Rust: cargo runs programs of the sources, and would do so without a sandbox. " + language.elsewhere()
                    + " Or the operator sets workers.build = \"unsandboxed-rust\".";
            case ASSEMBLYSCRIPT -> "The server builds no AssemblyScript. " + language.elsewhere();
        };
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
