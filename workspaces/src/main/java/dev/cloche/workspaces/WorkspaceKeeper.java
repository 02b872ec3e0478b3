package dev.cloche.workspaces;

import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What is done with workspaces as wholes, policy aside. Safe for use by several threads; calls block. */
final class WorkspaceKeeper implements WorkspaceCatalog {
    /** The author of revisions that no person asked for. */
    private static final String PLATFORM = "platform";

    private final Database database;
    private final WorkspaceStore workspaces;
    private final FileStore files;
    private final WorkspaceEvents events;
    private final WorkspaceSettings settings;
    private final ConfigRules config;
    private final Clock clock;
    private final RandomIds ids;

    WorkspaceKeeper(Stores stores, WorkspaceSettings settings, Clock clock, RandomIds ids) {
        this.database = stores.database();
        this.workspaces = stores.workspaces();
        this.files = stores.files();
        this.events = stores.events();
        this.settings = settings;
        this.config = new ConfigRules(settings.pythonVersion());
        this.clock = clock;
        this.ids = ids;
    }

    /** What it stands on. */
    record Stores(Database database, WorkspaceStore workspaces, FileStore files, WorkspaceEvents events) {}

    /** What a new workspace shall be. */
    record Wish(ProjectId project, String name, String description, WorkspaceType type, Optional<Template> template) {}

    /** Makes a workspace with the files of its template, in one transaction. */
    Workspace create(Wish wish, ConfigRules.@Nullable Sent sent, PersonId author) {
        Instant now = now();
        Workspace made = new Workspace(new WorkspaceId(ids.next()), wish.project(), wish.name(), wish.description(),
                wish.type(), config.forNew(sent, wish.template()), 0, now, now, Optional.empty());
        List<FileChange> content = wish.template().map(WorkspaceKeeper::writes).orElse(List.of());
        database.write(handle -> {
            workspaces.add(handle, made, settings.limits().workspaces());
            return content.isEmpty() ? Optional.empty() : Optional.of(files.change(handle, made.id(), content, author.value()));
        });
        return workspaces.get(made.id());
    }

    private static List<FileChange> writes(Template template) {
        return template.files().entrySet().stream()
                .<FileChange>map(file -> new FileChange.Write(file.getKey(), new Precondition.Always(), file.getValue()))
                .toList();
    }

    /** PostgreSQL keeps microseconds; an answer shall not show more than a later one. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Workspaces of these projects, last edited first. */
    List<Workspace> list(Collection<ProjectId> projects, Optional<String> text, boolean deleted) {
        Instant restorable = now().minus(settings.restorable());
        return workspaces.list(projects, text, deleted).stream()
                .filter(w -> w.deletedAt().map(at -> !at.isBefore(restorable)).orElse(true))
                .toList();
    }

    /** How many workspaces of each type these projects have. */
    Map<WorkspaceType, Integer> counts(Collection<ProjectId> projects) {
        return workspaces.counts(projects);
    }

    /** Changes what is given. */
    Workspace change(WorkspaceId id, Optional<String> name, Optional<String> description, Optional<ConfigRules.Sent> sent) {
        workspaces.change(id, old -> old.described(name.orElse(old.name()), description.orElse(old.description()))
                .configured(sent.map(s -> config.changed(old.config(), s)).orElse(old.config())));
        events.publish(id, new WorkspaceEvent.Configured());
        return workspaces.get(id);
    }

    /** Deletes it until further notice. */
    void delete(Workspace workspace, Consumer<Handle> alongside) {
        workspaces.delete(workspace.id(), now(), alongside);
        events.publish(workspace.id(), new WorkspaceEvent.Deleted());
    }

    /** Brings it back, if it was not deleted too long ago. */
    Workspace restore(Workspace workspace, Consumer<Handle> alongside) {
        if (workspace.deletedAt().filter(at -> at.isBefore(now().minus(settings.restorable()))).isPresent()) {
            throw Problem.notFound("This workspace");
        }
        workspaces.restore(workspace.id(), alongside);
        return workspaces.get(workspace.id());
    }

    /** Removes for good what was deleted too long ago; returns how many workspaces. */
    int purge() {
        return workspaces.purge(now().minus(settings.restorable()));
    }

    @Override
    public Workspace get(WorkspaceId id) {
        return workspaces.get(id);
    }

    @Override
    public List<FileEntry> tree(WorkspaceId id, long revision) {
        return files.tree(id, OptionalLong.of(revision)).files();
    }

    @Override
    public Optional<byte[]> read(WorkspaceId id, String path) {
        return files.entry(id, new FilePath(path), OptionalLong.empty())
                .filter(TreeEntry.File.class::isInstance)
                .map(entry -> files.content(((TreeEntry.File) entry).digest()));
    }

    @Override
    public byte[] content(Digest digest) {
        return files.content(digest);
    }

    @Override
    public long write(WorkspaceId id, Map<String, byte[]> contents) {
        List<FileChange.Write> writes = contents.entrySet().stream()
                .map(file -> new FileChange.Write(new FilePath(file.getKey()), new Precondition.Always(), file.getValue()))
                .toList();
        return files.change(id, writes, PLATFORM).revision();
    }

    @Override
    public void configure(WorkspaceId id, WorkspaceConfig newConfig) {
        workspaces.change(id, old -> old.configured(newConfig));
        events.publish(id, new WorkspaceEvent.Configured());
    }
}
