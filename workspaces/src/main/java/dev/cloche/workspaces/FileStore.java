package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Blobs;
import dev.cloche.storage.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The files of workspaces in PostgreSQL, by revision. Safe for use by several threads; calls block.
 *
 * <p>Each batch of changes is one transaction and one revision. A lock on the workspace's row puts the revisions of one
 * workspace in a row; workspaces do not wait for each other. Contents are stored before the lock is taken. A batch that
 * changes nothing makes no revision.
 */
public final class FileStore {
    private final Database database;
    private final Blobs blobs;
    private final WorkspaceLimits limits;
    private final WorkspaceEvents events;
    private final Clock clock;

    /** A store in this database. */
    public FileStore(Database database, Blobs blobs, WorkspaceLimits limits, WorkspaceEvents events, Clock clock) {
        this.database = database;
        this.blobs = blobs;
        this.limits = limits;
        this.events = events;
        this.clock = clock;
    }

    /** Makes the changes, all or none; {@code author} says who, for the history. */
    public Commit change(WorkspaceId id, List<? extends FileChange> changes, String author) {
        Commit commit = database.write(handle -> change(handle, id, changes, author));
        if (!commit.changed().isEmpty()) {
            events.publish(id, new WorkspaceEvent.FilesChanged(commit.revision(), commit.changed()));
        }
        return commit;
    }

    /** Makes the changes as part of the caller's transaction; nobody is told of them. */
    Commit change(Handle handle, WorkspaceId id, List<? extends FileChange> changes, String author) {
        checkBatch(changes);
        Map<FileChange, Digest> stored = store(handle, changes);
        Totals totals = lock(handle, id);
        TreeEdit edit = new TreeEdit(totals.revision() + 1, FileRows.concerned(handle, id, changes));
        changes.forEach(change -> edit.apply(change, stored));
        List<FilePath> changed = new ArrayList<>(edit.gone());
        edit.written().forEach(entry -> changed.add(entry.path()));
        if (changed.isEmpty()) {
            return new Commit(totals.revision(), edit.touched(), Set.of(), changed);
        }
        checkTotals(totals, edit);
        FileRows.append(handle, id, edit, author, clock.instant());
        Set<FilePath> made = new HashSet<>(changed);
        made.removeIf(path -> edit.before(path) != null);
        return new Commit(edit.revision(), edit.touched(), made, changed);
    }

    private void checkBatch(List<? extends FileChange> changes) {
        if (changes.size() > limits.batchChanges()) {
            throw Problem.field("changes", "maxItems", "A batch has at most " + limits.batchChanges() + " changes.");
        }
        long sum = 0;
        for (FileChange change : changes) {
            if (change instanceof FileChange.Write write) {
                sum += write.content().length;
                if (write.content().length > limits.fileBytes()) {
                    throw Problem.of(ErrorCode.TOO_LARGE, "'" + write.path() + "' is larger than the "
                            + (limits.fileBytes() >> 20) + " MiB that a file may have.");
                }
            }
        }
        if (sum > limits.batchBytes()) {
            throw Problem.of(ErrorCode.TOO_LARGE, "A batch holds at most " + (limits.batchBytes() >> 20)
                    + " MiB of content; send it in several.");
        }
    }

    /**
     * Stores the contents in the order of their digests, so that two writers never wait for each other in a circle, and
     * locks each row against a sweep that runs at the same time and would take it before a file refers to it.
     */
    private Map<FileChange, Digest> store(Handle handle, List<? extends FileChange> changes) {
        Map<FileChange, Digest> stored = new IdentityHashMap<>();
        for (FileChange change : changes) {
            if (change instanceof FileChange.Write write) {
                stored.put(write, Digest.of(write.content()));
            }
        }
        stored.entrySet().stream().sorted(Comparator.comparing(Map.Entry::getValue)).forEach(each -> {
            while (!held(handle, each.getValue())) {
                blobs.put(handle, ((FileChange.Write) each.getKey()).content());
            }
        });
        return stored;
    }

    private static boolean held(Handle handle, Digest digest) {
        return handle.createQuery("SELECT 1 FROM blob WHERE digest = :digest FOR KEY SHARE")
                .bind("digest", digest.bytes())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /** What the workspace's row says of its newest revision. */
    private record Totals(long revision, int entries, long size) {}

    private static Totals lock(Handle handle, WorkspaceId id) {
        return handle.createQuery("""
                        SELECT revision, entries, size FROM workspace
                        WHERE id = :id AND deleted_at IS NULL FOR UPDATE
                        """)
                .bind("id", id.value())
                .map((row, _) -> new Totals(row.getLong(1), row.getInt(2), row.getLong(3)))
                .findOne()
                .orElseThrow(() -> Problem.notFound("This workspace"));
    }

    private void checkTotals(Totals totals, TreeEdit edit) {
        if (edit.entriesAdded() > 0 && totals.entries() + edit.entriesAdded() > limits.entries()) {
            throw Problem.of(ErrorCode.TOO_LARGE, "A workspace holds at most " + limits.entries()
                    + " files and folders; delete some first.");
        }
        if (edit.bytesAdded() > 0 && totals.size() + edit.bytesAdded() > limits.workspaceBytes()) {
            throw Problem.of(ErrorCode.TOO_LARGE, "A workspace holds at most " + (limits.workspaceBytes() >> 20)
                    + " MiB; delete something first.");
        }
    }

    /** The tree of the newest or of a given revision. */
    public FileTree tree(WorkspaceId id, OptionalLong revision) {
        FileTree newest = database.read(handle -> FileRows.newest(handle, id));
        if (revision.isEmpty() || revision.getAsLong() == newest.revision()) {
            return newest;
        }
        long asked = known(revision.getAsLong(), newest.revision());
        return new FileTree(asked, database.read(handle -> FileRows.asOf(handle, id, asked)));
    }

    /** The entry at this path, now or as of a revision. */
    public Optional<TreeEntry> entry(WorkspaceId id, FilePath path, OptionalLong revision) {
        return database.read(handle -> {
            long newest = FileRows.revision(handle, id);
            long asked = revision.isEmpty() ? newest : known(revision.getAsLong(), newest);
            return FileRows.entry(handle, id, path, asked);
        });
    }

    /** The paths that changed after a revision, each once; at most {@code limit} of them. */
    public List<FilePath> changedSince(WorkspaceId id, long revision, int limit) {
        return database.read(handle -> FileRows.changedSince(handle, id, revision, limit));
    }

    /** The newest revision. */
    public long revision(WorkspaceId id) {
        return database.read(handle -> FileRows.revision(handle, id));
    }

    /** The content at this address, as a tree names it. */
    public byte[] content(Digest digest) {
        return database.read(handle -> blobs.get(handle, digest))
                .orElseThrow(() -> new IllegalStateException("no content for the digest " + digest));
    }

    private static long known(long asked, long newest) {
        if (asked < 0 || asked > newest) {
            throw Problem.field("revision", "range", "This workspace has the revisions 0 to " + newest + ".");
        }
        return asked;
    }
}
