package dev.cloche.apps;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.Database;
import dev.cloche.workspaces.FileEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Apps, their deployments and the files of these in PostgreSQL. Safe for use by several threads; calls block. */
final class AppStore {
    /** How many deployments of an app are kept; older ones go when a new one comes, never the one in use. */
    private static final int KEPT = 100;

    private static final String APPS = "SELECT " + DeploymentRow.COLUMNS + ", a.project_id, a.created_at AS app_created, a.updated_at "
            + "FROM app a JOIN deployment d ON d.id = a.deployment_id ";

    private final Database database;
    private final Blobs blobs;

    AppStore(Database database, Blobs blobs) {
        this.database = database;
        this.blobs = blobs;
    }

    Optional<App> find(AppName name) {
        return database.read(handle -> find(handle, name));
    }

    private static Optional<App> find(Handle handle, AppName name) {
        return handle.createQuery(APPS + "WHERE a.name = :name").bind("name", name.value()).map((row, _) -> app(row)).findOne();
    }

    /** Apps of these projects, by name. */
    List<App> list(Collection<ProjectId> projects) {
        return database.read(handle -> handle.createQuery(
                        APPS + "WHERE a.project_id = ANY (CAST(:projects AS text[])) ORDER BY a.name")
                .bindArray("projects", String.class, projects.stream().map(ProjectId::value).toArray())
                .map((row, _) -> app(row))
                .list());
    }

    /** The deployments of an app, newest first. */
    List<Deployment> deployments(AppName name) {
        return database.read(handle -> handle.createQuery(
                        "SELECT " + DeploymentRow.COLUMNS + " FROM deployment d WHERE app_name = :name ORDER BY position DESC")
                .bind("name", name.value())
                .map((row, _) -> DeploymentRow.read(row))
                .list());
    }

    /**
     * Makes the deployment the one that visitors get, and its app if it is new; returns whether it is.
     *
     * @param alongside what else belongs to the transaction
     */
    boolean publish(Deployment deployment, ProjectId project, List<FileEntry> files, Consumer<Handle> alongside) {
        return database.write(handle -> {
            claim(handle, deployment.app(), project);
            boolean made = upsert(handle, deployment, project);
            DeploymentRow.insert(handle, deployment);
            insertFiles(handle, deployment.id(), files);
            dropOld(handle, deployment.app());
            alongside.accept(handle);
            return made;
        });
    }

    /** Takes the name for the project and locks it, so that one after the other publishes. */
    private static void claim(Handle handle, AppName name, ProjectId project) {
        handle.createUpdate("INSERT INTO app_name (name, project_id) VALUES (:name, :project) ON CONFLICT DO NOTHING")
                .bind("name", name.value())
                .bind("project", project.value())
                .execute();
        String owner = handle.createQuery("SELECT project_id FROM app_name WHERE name = :name FOR UPDATE")
                .bind("name", name.value())
                .mapTo(String.class)
                .one();
        if (!owner.equals(project.value())) {
            throw Problem.of(ErrorCode.CONFLICT, "The name '" + name + "' belongs to another project of this server; choose another one.");
        }
    }

    private static boolean upsert(Handle handle, Deployment deployment, ProjectId project) {
        int updated = point(handle, deployment.app(), deployment.id(), deployment.createdAt());
        if (updated > 0) {
            return false;
        }
        handle.createUpdate("""
                        INSERT INTO app (name, project_id, deployment_id, created_at, updated_at)
                        VALUES (:name, :project, :deployment, :now, :now)
                        """)
                .bind("name", deployment.app().value())
                .bind("project", project.value())
                .bind("deployment", deployment.id().value())
                .bind("now", deployment.createdAt().atOffset(ZoneOffset.UTC))
                .execute();
        return true;
    }

    private static int point(Handle handle, AppName name, DeploymentId to, Instant now) {
        return handle.createUpdate("UPDATE app SET deployment_id = :deployment, updated_at = :now WHERE name = :name")
                .bind("name", name.value())
                .bind("deployment", to.value())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    private static void insertFiles(Handle handle, DeploymentId id, List<FileEntry> files) {
        try (PreparedBatch batch = handle.prepareBatch(
                "INSERT INTO deployment_file (deployment_id, path, digest, size) VALUES (:id, :path, :digest, :size)")) {
            for (FileEntry file : files) {
                batch.bind("id", id.value())
                        .bind("path", file.path())
                        .bind("digest", file.digest().bytes())
                        .bind("size", file.size())
                        .add();
            }
            batch.execute();
        }
    }

    private static void dropOld(Handle handle, AppName name) {
        handle.createUpdate("""
                        DELETE FROM deployment d USING app a
                        WHERE d.app_name = :name AND a.name = :name AND d.id <> a.deployment_id AND d.position <= (
                            SELECT position FROM deployment WHERE app_name = :name
                            ORDER BY position DESC OFFSET :kept LIMIT 1)
                        """)
                .bind("name", name.value())
                .bind("kept", KEPT)
                .execute();
    }

    /** Points the app at another of its deployments: this one, or without one the newest that is older than the present. */
    void rollBack(AppName name, Optional<DeploymentId> wanted, Instant now, Consumer<Handle> alongside) {
        database.write(handle -> {
            String chosen = handle.createQuery("""
                            SELECT d.id FROM deployment d
                            WHERE d.app_name = :name AND CASE WHEN :any THEN d.position < (
                                SELECT p.position FROM app a JOIN deployment p ON p.id = a.deployment_id WHERE a.name = :name)
                                ELSE d.id = :wanted END
                            ORDER BY d.position DESC LIMIT 1
                            """)
                    .bind("name", name.value())
                    .bind("any", wanted.isEmpty())
                    .bind("wanted", wanted.map(DeploymentId::value).orElse(""))
                    .mapTo(String.class)
                    .findOne()
                    .orElseThrow(() -> wanted.isEmpty()
                            ? Problem.of(ErrorCode.CONFLICT, "There is no older deployment of '" + name + "' to go back to.")
                            : Problem.field("deployment", "exists", "The app '" + name + "' has no such deployment."));
            alongside.accept(handle);
            return point(handle, name, new DeploymentId(chosen), now);
        });
    }

    /** Removes the app with all its deployments; its name stays with its project. */
    void delete(AppName name, Consumer<Handle> alongside) {
        database.write(handle -> {
            alongside.accept(handle);
            return handle.createUpdate("DELETE FROM app WHERE name = :name").bind("name", name.value()).execute();
        });
    }

    /** A file of the deployment that visitors of an app get. */
    Optional<FileEntry> file(DeploymentId id, String path) {
        return database.read(handle -> handle.createQuery(
                        "SELECT path, digest, size FROM deployment_file WHERE deployment_id = :id AND path = :path")
                .bind("id", id.value())
                .bind("path", path)
                .map((row, _) -> file(row))
                .findOne());
    }

    /** All files of a deployment, by path. */
    List<FileEntry> files(DeploymentId id) {
        return database.read(handle -> handle.createQuery(
                        "SELECT path, digest, size FROM deployment_file WHERE deployment_id = :id ORDER BY path")
                .bind("id", id.value())
                .map((row, _) -> file(row))
                .list());
    }

    /** Whether this is a deployment of this app. */
    boolean has(AppName name, DeploymentId id) {
        return database.read(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT 1 FROM deployment WHERE id = :id AND app_name = :name)")
                .bind("id", id.value())
                .bind("name", name.value())
                .mapTo(Boolean.class)
                .one());
    }

    /** The content of a file. */
    byte[] content(Digest digest) {
        return database.read(handle -> blobs.get(handle, digest))
                .orElseThrow(() -> new IllegalStateException("no content for the digest " + digest));
    }

    private static FileEntry file(ResultSet row) throws SQLException {
        Digest digest = new Digest(HexFormat.of().formatHex(row.getBytes("digest")));
        return new FileEntry(row.getString("path"), digest, row.getLong("size"), 0);
    }

    private static App app(ResultSet row) throws SQLException {
        Deployment deployment = DeploymentRow.read(row);
        return new App(deployment.app(), new ProjectId(row.getString("project_id")), deployment,
                row.getTimestamp("app_created").toInstant(), row.getTimestamp("updated_at").toInstant());
    }
}
