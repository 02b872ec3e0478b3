package dev.cloche.apps;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.IgnoreRules;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.packages.PythonLock;
import dev.cloche.workspaces.FileEntry;
import dev.cloche.workspaces.Workspace;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** Turns revisions of workspaces into deployments, policy aside. Safe for use by several threads; calls block. */
final class Publisher {
    private final AppStore apps;
    private final WorkspaceCatalog workspaces;
    private final LockSource locks;
    private final Clock clock;
    private final RandomIds ids;

    Publisher(AppStore apps, WorkspaceCatalog workspaces, LockSource locks, Clock clock, RandomIds ids) {
        this.apps = apps;
        this.workspaces = workspaces;
        this.locks = locks;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What somebody wants to publish.
     *
     * @param name of the app
     * @param workspace with the files
     * @param revision which of its trees; the newest if left out
     * @param kind what it is; found out if left out
     * @param entry where it starts; found out if left out
     * @param person who wants it
     * @param mayWrite whether a lock that is made now may be written into the workspace
     */
    record Wish(
            AppName name,
            WorkspaceId workspace,
            OptionalLong revision,
            Optional<AppKind> kind,
            Optional<String> entry,
            String person,
            boolean mayWrite) {}

    /** Publishes; returns whether the app is new. */
    boolean publish(Wish wish, Consumer<Handle> alongside) {
        Workspace workspace = workspaces.get(wish.workspace());
        long asked = wish.revision().orElse(workspace.revision());
        List<FileEntry> tree = workspaces.tree(wish.workspace(), asked);
        Start start = start(wish, published(tree));
        Optional<PythonLock> lock = start.kind() == AppKind.STATIC ? Optional.empty() : Optional.of(lock(wish, tree));
        if (wish.revision().isEmpty() && start.kind() != AppKind.STATIC) {
            // the lock may have been written just now, as a revision of its own
            workspace = workspaces.get(wish.workspace());
            asked = workspace.revision();
            tree = workspaces.tree(wish.workspace(), asked);
        }
        List<FileEntry> files = PublicFiles.of(published(tree), start.kind() == AppKind.STATIC ? start.entry() : "");
        Deployment deployment = new Deployment(new DeploymentId(ids.next()), wish.name(), wish.workspace(), asked, start.kind(),
                Placement.BROWSER, start.entry(), workspace.config().environment(), lock, files.size(),
                files.stream().mapToLong(FileEntry::size).sum(), now(), wish.person());
        return apps.publish(deployment, workspace.projectId(), files, alongside);
    }

    /** The tree without what its {@code .clocheignore} names. */
    private List<FileEntry> published(List<FileEntry> tree) {
        return tree.stream()
                .filter(file -> file.path().equals(IgnoreRules.FILE))
                .findFirst()
                .map(file -> IgnoreRules.parse(new String(workspaces.content(file.digest()), StandardCharsets.UTF_8)))
                .map(rules -> tree.stream().filter(file -> !rules.ignores(file.path())).toList())
                .orElse(tree);
    }

    /** What it is and where it begins. */
    private record Start(AppKind kind, String entry) {}

    private Start start(Wish wish, List<FileEntry> tree) {
        if (wish.kind().isPresent() && wish.entry().isPresent()) {
            return new Start(wish.kind().get(), Entry.checked(wish.kind().get(), wish.entry().get(), tree));
        }
        if (wish.entry().isPresent() && !wish.entry().get().contains(":")) {
            return new Start(AppKind.STATIC, Entry.checked(AppKind.STATIC, wish.entry().get(), tree));
        }
        Detection found = new Detector(tree, workspaces::content).detect(wish.kind());
        if (found.kind().isEmpty()) {
            throw Problem.fields(List.of(new FieldError("kind", "detectable",
                            "It is not clear what to publish: " + String.join(" ", found.reasons()))))
                    .with("reasons", found.reasons());
        }
        AppKind kind = found.kind().get();
        return new Start(kind, Entry.checked(kind, wish.entry().or(found::entry).orElse(""), tree));
    }

    private PythonLock lock(Wish wish, List<FileEntry> tree) {
        if (wish.revision().isEmpty()) {
            return locks.lock(wish.workspace(), wish.mayWrite());
        }
        return tree.stream()
                .filter(file -> file.path().equals(PythonLock.PATH))
                .findFirst()
                .flatMap(file -> PythonLock.parse(workspaces.content(file.digest())))
                .orElseGet(() -> locks.lock(wish.workspace(), false));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** What the newest revision of a workspace looks like. */
    Detection detect(WorkspaceId id) {
        Workspace workspace = workspaces.get(id);
        return new Detector(published(workspaces.tree(id, workspace.revision())), workspaces::content).detect(Optional.empty());
    }

    /** Points an app at an older deployment. */
    void rollBack(AppName name, Optional<DeploymentId> wanted, Consumer<Handle> alongside) {
        apps.rollBack(name, wanted, now(), alongside);
    }

    /** Refuses placements that this server does not have. */
    static void requirePlacement(Placement placement) {
        switch (placement) {
            case BROWSER -> {}
            case SERVER -> throw Problem.of(ErrorCode.NOT_AVAILABLE, "Apps cannot run on the server yet: this version of Cloche has no "
                    + "sandboxes. Publish with the placement 'browser'; the app then runs in the tab of each visitor.");
        }
    }
}
