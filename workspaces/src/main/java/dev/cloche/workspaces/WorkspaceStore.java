package dev.cloche.workspaces;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Database;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;

/** The workspaces themselves, without their files, in PostgreSQL. Safe for use by several threads; calls block. */
final class WorkspaceStore {
    private static final String COLUMNS =
            "id, project_id, name, description, type, config, revision, created_at, edited_at, deleted_at";

    private final Database database;

    WorkspaceStore(Database database) {
        this.database = database;
    }

    /** Adds a workspace as part of the caller's transaction, unless the project has its full number already. */
    void add(Handle handle, Workspace workspace, int most) {
        int present = handle.createQuery("SELECT count(*) FROM workspace WHERE project_id = :project AND deleted_at IS NULL")
                .bind("project", workspace.projectId().value())
                .mapTo(Integer.class)
                .one();
        if (present >= most) {
            throw Problem.field("projectId", "maxItems", "A project holds at most " + most + " workspaces; delete some first.");
        }
        handle.createUpdate("""
                        INSERT INTO workspace (id, project_id, name, description, type, config, created_at, edited_at)
                        VALUES (:id, :project, :name, :description, :type, :config, :now, :now)
                        """)
                .bind("id", workspace.id().value())
                .bind("project", workspace.projectId().value())
                .bind("name", workspace.name())
                .bind("description", workspace.description())
                .bind("type", workspace.type().name())
                .bind("config", Json.text(workspace.config()))
                .bind("now", workspace.createdAt().atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** The workspace with this identifier, deleted or not. */
    Optional<Workspace> find(WorkspaceId id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM workspace WHERE id = :id")
                .bind("id", id.value())
                .map((row, _) -> workspace(row))
                .findOne());
    }

    /** The workspace, unless it does not exist or is deleted. */
    Workspace get(WorkspaceId id) {
        return find(id).filter(w -> w.deletedAt().isEmpty()).orElseThrow(() -> Problem.notFound("This workspace"));
    }

    /** Workspaces of these projects whose name or description holds the text, last edited first. */
    List<Workspace> list(Collection<ProjectId> projects, Optional<String> text, boolean deleted) {
        String pattern = "%" + text.orElse("").replaceAll("([\\\\%_])", "\\\\$1") + "%";
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + """
                         FROM workspace
                        WHERE project_id = ANY (CAST(:projects AS text[])) AND (deleted_at IS NOT NULL) = :deleted
                            AND (name ILIKE :pattern OR description ILIKE :pattern)
                        ORDER BY edited_at DESC, id
                        """)
                .bindArray("projects", String.class, projects.stream().map(ProjectId::value).toArray())
                .bind("deleted", deleted)
                .bind("pattern", pattern)
                .map((row, _) -> workspace(row))
                .list());
    }

    /** How many workspaces of each type these projects have; every type has a number. */
    Map<WorkspaceType, Integer> counts(Collection<ProjectId> projects) {
        Map<WorkspaceType, Integer> counts = new EnumMap<>(WorkspaceType.class);
        for (WorkspaceType type : WorkspaceType.values()) {
            counts.put(type, 0);
        }
        database.read(handle -> handle.createQuery("""
                        SELECT type, count(*) FROM workspace
                        WHERE project_id = ANY (CAST(:projects AS text[])) AND deleted_at IS NULL GROUP BY type
                        """)
                .bindArray("projects", String.class, projects.stream().map(ProjectId::value).toArray())
                .map((row, _) -> counts.put(WorkspaceType.valueOf(row.getString(1)), row.getInt(2)))
                .list());
        return counts;
    }

    /** Changes name, description and configuration of a workspace that is not deleted; nobody else writes in between. */
    void change(WorkspaceId id, UnaryOperator<Workspace> change) {
        database.write(handle -> {
            Workspace old = handle.createQuery("SELECT " + COLUMNS + " FROM workspace WHERE id = :id AND deleted_at IS NULL FOR UPDATE")
                    .bind("id", id.value())
                    .map((row, _) -> workspace(row))
                    .findOne()
                    .orElseThrow(() -> Problem.notFound("This workspace"));
            Workspace changed = change.apply(old);
            return handle.createUpdate("UPDATE workspace SET name = :name, description = :description, config = :config WHERE id = :id")
                    .bind("id", id.value())
                    .bind("name", changed.name())
                    .bind("description", changed.description())
                    .bind("config", Json.text(changed.config()))
                    .execute();
        });
    }

    /** Marks it as deleted. */
    void delete(WorkspaceId id, Instant now, Consumer<Handle> alongside) {
        required(database.write(handle -> {
            int deleted = handle.createUpdate("UPDATE workspace SET deleted_at = :now WHERE id = :id AND deleted_at IS NULL")
                    .bind("id", id.value())
                    .bind("now", now.atOffset(ZoneOffset.UTC))
                    .execute();
            return alsoIfDone(deleted, handle, alongside);
        }));
    }

    /** What else belongs to the transaction happens only if there was something to do. */
    private static int alsoIfDone(int rows, Handle handle, Consumer<Handle> alongside) {
        if (rows > 0) {
            alongside.accept(handle);
        }
        return rows;
    }

    /** Takes the mark off again. */
    void restore(WorkspaceId id, Consumer<Handle> alongside) {
        required(database.write(handle -> {
            int restored = handle.createUpdate("UPDATE workspace SET deleted_at = NULL WHERE id = :id AND deleted_at IS NOT NULL")
                    .bind("id", id.value())
                    .execute();
            return alsoIfDone(restored, handle, alongside);
        }));
    }

    /** Removes for good, with all files and their history, what was deleted before this time; returns how many. */
    int purge(Instant before) {
        return database.write(handle -> handle.createUpdate("DELETE FROM workspace WHERE deleted_at < :before")
                .bind("before", before.atOffset(ZoneOffset.UTC))
                .execute());
    }

    private static void required(int rows) {
        if (rows == 0) {
            throw Problem.notFound("This workspace");
        }
    }

    private static Workspace workspace(ResultSet row) throws SQLException {
        return new Workspace(
                new WorkspaceId(row.getString("id")),
                new ProjectId(row.getString("project_id")),
                row.getString("name"),
                row.getString("description"),
                WorkspaceType.valueOf(row.getString("type")),
                Json.read(row.getString("config").getBytes(StandardCharsets.UTF_8), WorkspaceConfig.class),
                row.getLong("revision"),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("edited_at").toInstant(),
                Optional.ofNullable(row.getTimestamp("deleted_at")).map(Timestamp::toInstant));
    }
}
