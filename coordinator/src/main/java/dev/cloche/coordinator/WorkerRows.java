package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.StoredTime;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Workers and their versions in the database; each method is part of the caller's transaction. */
final class WorkerRows {
    private static final String SELECT = """
            SELECT w.*, v.form, v.bytes, v.described
            FROM worker w JOIN worker_version v ON v.worker_id = w.id AND v.digest = w.digest
            """;

    private final Blobs blobs = new Blobs();

    Optional<RegisteredWorker> byName(Handle handle, String name) {
        return handle.createQuery(SELECT + " WHERE w.name = :name").bind("name", name).map((row, context) -> worker(row)).findOne();
    }

    List<RegisteredWorker> ofProjects(Handle handle, Collection<String> projects) {
        return handle.createQuery(SELECT + " WHERE w.project_id = ANY(:projects) ORDER BY w.name")
                .bindArray("projects", String.class, projects)
                .map((row, context) -> worker(row))
                .list();
    }

    /** All workers, for the server's own use. */
    List<RegisteredWorker> all(Handle handle) {
        return handle.createQuery(SELECT).map((row, context) -> worker(row)).list();
    }

    List<WorkerVersion> versions(Handle handle, String worker) {
        return handle.createQuery("SELECT * FROM worker_version WHERE worker_id = :worker ORDER BY number DESC")
                .bind("worker", worker)
                .map((row, context) -> new WorkerVersion(digest(row, "digest"), row.getString("form"), row.getLong("bytes"), StoredTime.read(row, "published_at"), row.getString("published_by")))
                .list();
    }

    /** Keeps others from changing this worker until the transaction ends; empty if there is none of this name. */
    Optional<RegisteredWorker> locked(Handle handle, String name) {
        return handle.createQuery(SELECT + " WHERE w.name = :name FOR UPDATE OF w").bind("name", name).map((row, context) -> worker(row)).findOne();
    }

    void insert(Handle handle, RegisteredWorker worker) {
        handle.createUpdate("""
                        INSERT INTO worker (id, project_id, name, digest, grants, created_at, updated_at)
                        VALUES (:id, :project, :name, :digest, :grants, :at, :at)
                        """)
                .bind("id", worker.id()).bind("project", worker.project().value()).bind("name", worker.name()).bind("digest", worker.digest().bytes())
                .bind("grants", Json.text(worker.grants())).bind("at", StoredTime.of(worker.createdAt()))
                .execute();
    }

    /** Adds a version that is not there yet. */
    void insertVersion(Handle handle, RegisteredWorker worker, byte[] file, String by) {
        Digest content = blobs.put(handle, file);
        handle.createUpdate("""
                        INSERT INTO worker_version (worker_id, digest, form, bytes, file, described, published_at, published_by)
                        VALUES (:worker, :digest, :form, :bytes, :file, :described, :at, :by)
                        ON CONFLICT (worker_id, digest) DO NOTHING
                        """)
                .bind("worker", worker.id()).bind("digest", worker.digest().bytes()).bind("form", worker.form()).bind("bytes", worker.bytes())
                .bind("file", content.bytes()).bind("described", Json.text(worker.says())).bind("at", StoredTime.of(worker.updatedAt())).bind("by", by)
                .execute();
    }

    void setDigest(Handle handle, String worker, Digest digest, Instant at) {
        handle.createUpdate("UPDATE worker SET digest = :digest, updated_at = :at WHERE id = :id")
                .bind("id", worker).bind("digest", digest.bytes()).bind("at", StoredTime.of(at)).execute();
    }

    void setGrants(Handle handle, String worker, WorkerGrants grants, Instant at) {
        handle.createUpdate("UPDATE worker SET grants = :grants, updated_at = :at WHERE id = :id")
                .bind("id", worker).bind("grants", Json.text(grants)).bind("at", StoredTime.of(at)).execute();
    }

    void delete(Handle handle, String worker) {
        handle.createUpdate("DELETE FROM worker WHERE id = :id").bind("id", worker).execute();
    }

    /** The file of a version. */
    Optional<byte[]> file(Handle handle, String worker, Digest digest) {
        return handle.createQuery("SELECT file FROM worker_version WHERE worker_id = :worker AND digest = :digest")
                .bind("worker", worker).bind("digest", digest.bytes())
                .mapTo(byte[].class)
                .findOne()
                .flatMap(address -> blobs.get(handle, new Digest(HexFormat.of().formatHex(address))));
    }

    private static RegisteredWorker worker(ResultSet row) throws SQLException {
        return new RegisteredWorker(row.getString("id"), row.getString("name"), new ProjectId(row.getString("project_id")), digest(row, "digest"),
                row.getString("form"), row.getLong("bytes"), json(row, "described", WorkerDescription.class), json(row, "grants", WorkerGrants.class),
                StoredTime.read(row, "created_at"), StoredTime.read(row, "updated_at"));
    }

    private static <T> T json(ResultSet row, String column, Class<T> type) throws SQLException {
        return Json.read(row.getString(column).getBytes(StandardCharsets.UTF_8), type);
    }

    private static Digest digest(ResultSet row, String column) throws SQLException {
        return new Digest(HexFormat.of().formatHex(row.getBytes(column)));
    }
}
