package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The statements over the tables of files: {@code workspace_entry}, {@code workspace_change}, {@code workspace_revision}. */
final class FileRows {
    private FileRows() {}

    /** The workspace's newest revision; a {@code NOT_FOUND} problem if it is not there or deleted. */
    static long revision(Handle handle, WorkspaceId id) {
        return handle.createQuery("SELECT revision FROM workspace WHERE id = :id AND deleted_at IS NULL")
                .bind("id", id.value())
                .mapTo(Long.class)
                .findOne()
                .orElseThrow(() -> Problem.notFound("This workspace"));
    }

    /** The newest tree, read in one statement so that number and entries belong together. */
    static FileTree newest(Handle handle, WorkspaceId id) {
        List<TreeEntry> entries = new ArrayList<>();
        long revision = handle.createQuery("""
                        SELECT w.revision AS newest, e.path, e.kind, e.digest, e.size, e.revision
                        FROM workspace w LEFT JOIN workspace_entry e ON e.workspace_id = w.id
                        WHERE w.id = :id AND w.deleted_at IS NULL
                        ORDER BY e.path
                        """)
                .bind("id", id.value())
                .map((row, _) -> {
                    if (row.getString("path") != null) {
                        entries.add(entry(row));
                    }
                    return row.getLong("newest");
                })
                .stream()
                .reduce((_, last) -> last)
                .orElseThrow(() -> Problem.notFound("This workspace"));
        return new FileTree(revision, entries);
    }

    /** The tree of an older revision, rebuilt from the log; served by {@code workspace_change_by_path}. */
    static List<TreeEntry> asOf(Handle handle, WorkspaceId id, long revision) {
        return handle.createQuery("""
                        SELECT path, kind, digest, size, revision FROM (
                            SELECT DISTINCT ON (path) path, kind, digest, size, revision
                            FROM workspace_change
                            WHERE workspace_id = :id AND revision <= :revision
                            ORDER BY path, revision DESC) newest
                        WHERE kind <> 'gone' ORDER BY path
                        """)
                .bind("id", id.value())
                .bind("revision", revision)
                .map((row, _) -> entry(row))
                .list();
    }

    /** What was at a path as of a revision. */
    static Optional<TreeEntry> entry(Handle handle, WorkspaceId id, FilePath path, long revision) {
        return handle.createQuery("""
                        SELECT path, kind, digest, size, revision FROM (
                            SELECT path, kind, digest, size, revision FROM workspace_change
                            WHERE workspace_id = :id AND path = :path AND revision <= :revision
                            ORDER BY revision DESC LIMIT 1) newest
                        WHERE kind <> 'gone'
                        """)
                .bind("id", id.value())
                .bind("path", path.value())
                .bind("revision", revision)
                .map((row, _) -> entry(row))
                .findOne();
    }

    /** The paths that changed after a revision. */
    static List<FilePath> changedSince(Handle handle, WorkspaceId id, long revision, int limit) {
        return handle.createQuery("""
                        SELECT DISTINCT path FROM workspace_change
                        WHERE workspace_id = :id AND revision > :revision ORDER BY path LIMIT :limit
                        """)
                .bind("id", id.value())
                .bind("revision", revision)
                .bind("limit", limit)
                .map((row, _) -> new FilePath(row.getString(1)))
                .list();
    }

    /** All entries that these changes can touch or clash with; served by the index over {@code folded}. */
    static List<TreeEntry> concerned(Handle handle, WorkspaceId id, List<? extends FileChange> changes) {
        Set<String> exact = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (FileChange change : changes) {
            addWithAncestors(exact, change.path());
            switch (change) {
                case FileChange.Move(FilePath path, FilePath to, Precondition _) -> {
                    addWithAncestors(exact, to);
                    folders.add(path.folded());
                }
                case FileChange.Delete(FilePath path, Precondition _) -> folders.add(path.folded());
                case FileChange.Write _, FileChange.MakeFolder _ -> {}
            }
        }
        Map<FilePath, TreeEntry> found = new LinkedHashMap<>();
        handle.createQuery("""
                        SELECT path, kind, digest, size, revision FROM workspace_entry
                        WHERE workspace_id = :id AND folded = ANY (CAST(:exact AS text[]))
                        """)
                .bind("id", id.value())
                .bindArray("exact", String.class, exact.toArray())
                .map((row, _) -> entry(row))
                .forEach(entry -> found.put(entry.path(), entry));
        if (!folders.isEmpty()) {
            below(handle, id, folders).forEach(entry -> found.put(entry.path(), entry));
        }
        return List.copyOf(found.values());
    }

    private static void addWithAncestors(Set<String> exact, FilePath path) {
        exact.add(path.folded());
        path.ancestors().forEach(folder -> exact.add(folder.folded()));
    }

    /** Everything below these folders; '0' is the character after '/', so the two bound all names that start with it. */
    private static List<TreeEntry> below(Handle handle, WorkspaceId id, Set<String> folders) {
        return handle.createQuery("""
                        SELECT e.path, e.kind, e.digest, e.size, e.revision
                        FROM unnest(CAST(:folders AS text[])) AS f (folder)
                        JOIN workspace_entry e ON e.workspace_id = :id
                            AND e.folded >= f.folder || '/' AND e.folded < f.folder || '0'
                        """)
                .bind("id", id.value())
                .bindArray("folders", String.class, folders.toArray())
                .map((row, _) -> entry(row))
                .list();
    }

    /** Appends a revision to the log and brings tree and totals up to it. */
    static void append(Handle handle, WorkspaceId id, TreeEdit edit, String author, Instant now) {
        handle.createUpdate("""
                        INSERT INTO workspace_revision (workspace_id, revision, author, written_at)
                        VALUES (:id, :revision, :author, :now)
                        """)
                .bind("id", id.value())
                .bind("revision", edit.revision())
                .bind("author", author)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
        appendChanges(handle, id, edit);
        replaceEntries(handle, id, edit);
        handle.createUpdate("""
                        UPDATE workspace SET revision = :revision, entries = entries + :entries, size = size + :bytes,
                            edited_at = :now
                        WHERE id = :id
                        """)
                .bind("id", id.value())
                .bind("revision", edit.revision())
                .bind("entries", edit.entriesAdded())
                .bind("bytes", edit.bytesAdded())
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    private static void appendChanges(Handle handle, WorkspaceId id, TreeEdit edit) {
        try (PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO workspace_change (workspace_id, revision, path, kind, digest, size)
                VALUES (:id, :revision, :path, :kind, :digest, :size)
                """)) {
            for (TreeEntry entry : edit.written()) {
                bindContent(batch, entry).bind("id", id.value()).bind("revision", edit.revision()).add();
            }
            for (FilePath path : edit.gone()) {
                batch.bind("id", id.value())
                        .bind("revision", edit.revision())
                        .bind("path", path.value())
                        .bind("kind", "gone")
                        .bind("digest", (byte @Nullable []) null)
                        .bind("size", (@Nullable Long) null)
                        .add();
            }
            batch.execute();
        }
    }

    private static void replaceEntries(Handle handle, WorkspaceId id, TreeEdit edit) {
        List<String> old = new ArrayList<>();
        edit.gone().forEach(path -> old.add(path.value()));
        edit.written().forEach(entry -> old.add(entry.path().value()));
        handle.createUpdate("DELETE FROM workspace_entry WHERE workspace_id = :id AND path = ANY (CAST(:old AS text[]))")
                .bind("id", id.value())
                .bindArray("old", String.class, old.toArray())
                .execute();
        if (edit.written().isEmpty()) {
            return;
        }
        try (PreparedBatch batch = handle.prepareBatch("""
                INSERT INTO workspace_entry (workspace_id, path, folded, kind, digest, size, revision)
                VALUES (:id, :path, :folded, :kind, :digest, :size, :revision)
                """)) {
            for (TreeEntry entry : edit.written()) {
                bindContent(batch, entry)
                        .bind("id", id.value())
                        .bind("folded", entry.path().folded())
                        .bind("revision", entry.revision())
                        .add();
            }
            batch.execute();
        }
    }

    private static PreparedBatch bindContent(PreparedBatch batch, TreeEntry entry) {
        batch.bind("path", entry.path().value());
        return switch (entry) {
            case TreeEntry.File file -> batch.bind("kind", "file")
                    .bind("digest", file.digest().bytes())
                    .bind("size", (Long) file.size());
            case TreeEntry.Folder _ -> batch.bind("kind", "folder")
                    .bind("digest", (byte @Nullable []) null)
                    .bind("size", (@Nullable Long) null);
        };
    }

    private static TreeEntry entry(ResultSet row) throws SQLException {
        FilePath path = new FilePath(row.getString("path"));
        long revision = row.getLong("revision");
        if (row.getString("kind").equals("folder")) {
            return new TreeEntry.Folder(path, revision);
        }
        Digest digest = new Digest(HexFormat.of().formatHex(row.getBytes("digest")));
        return new TreeEntry.File(path, digest, row.getLong("size"), revision);
    }
}
