package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A batch of changes on its way to become a revision, worked out in memory.
 *
 * <p>It starts from the entries that the changes can touch: the paths themselves, all folders above them, all below those
 * that are deleted or moved, and whatever clashes with one of these. Preconditions are about the tree before the batch;
 * everything else sees what earlier changes of the batch did. Changes that cancel out, or write what is there already, leave
 * no trace. Not safe for use by several threads.
 */
final class TreeEdit {
    private final long revision;
    private final Map<FilePath, TreeEntry> before = new HashMap<>();
    private final NavigableMap<FilePath, TreeEntry> now = new TreeMap<>();
    private final Map<String, FilePath> byFolded = new HashMap<>();
    private final Set<FilePath> asked = new HashSet<>();

    /** An edit of these entries that becomes this revision. */
    TreeEdit(long revision, Collection<? extends TreeEntry> entries) {
        this.revision = revision;
        for (TreeEntry entry : entries) {
            before.put(entry.path(), entry);
            put(entry);
        }
    }

    /** Applies one change; contents are stored already and come as their addresses. */
    void apply(FileChange change, Map<FileChange, Digest> stored) {
        check(change.path(), change.precondition());
        asked.add(change.path());
        switch (change) {
            case FileChange.Write write -> write(write.path(), digest(stored, write), write.content().length);
            case FileChange.Delete(FilePath path, Precondition _) -> remove(path);
            case FileChange.Move(FilePath path, FilePath to, Precondition _) -> move(path, to);
            case FileChange.MakeFolder(FilePath path, Precondition _) -> makeFolder(path);
        }
    }

    private static Digest digest(Map<FileChange, Digest> stored, FileChange.Write write) {
        Digest digest = stored.get(write);
        if (digest == null) {
            throw new IllegalStateException("content was not stored: " + write.path());
        }
        return digest;
    }

    private void check(FilePath path, Precondition precondition) {
        TreeEntry entry = before.get(path);
        long present = entry == null ? Precondition.ABSENT : entry.revision();
        if (!precondition.holds(present)) {
            String state = entry == null ? "does not exist" : "has the revision " + present;
            throw Problem.of(ErrorCode.REVISION_MISMATCH, "'" + path + "' " + state + " now; read it again and merge.")
                    .with("path", path.value())
                    .with("revision", present);
        }
    }

    private void write(FilePath path, Digest digest, long size) {
        makeParents(path);
        if (now.get(path) instanceof TreeEntry.Folder) {
            throw conflict("'" + path + "' is a folder, so it cannot be written as a file.");
        }
        put(new TreeEntry.File(path, digest, size, revision));
    }

    private void makeFolder(FilePath path) {
        makeParents(path);
        TreeEntry entry = now.get(path);
        if (entry instanceof TreeEntry.File) {
            throw conflict("'" + path + "' is a file, so it cannot be a folder.");
        }
        if (entry == null) {
            put(new TreeEntry.Folder(path, revision));
        }
    }

    private void makeParents(FilePath path) {
        for (FilePath folder : path.ancestors()) {
            TreeEntry entry = now.get(folder);
            if (entry instanceof TreeEntry.File) {
                throw conflict("'" + folder + "' is a file, so it cannot hold '" + path + "'.");
            }
            if (entry == null) {
                put(new TreeEntry.Folder(folder, revision));
            }
        }
    }

    private void move(FilePath from, FilePath to) {
        if (!now.containsKey(from)) {
            throw Problem.of(ErrorCode.NOT_FOUND, "'" + from + "' is not in this workspace, so it cannot be moved.");
        }
        if (from.equals(to)) {
            return;
        }
        if (to.isBelow(from)) {
            throw conflict("'" + from + "' cannot be moved into itself.");
        }
        List<TreeEntry> moving = remove(from);
        if (now.containsKey(to)) {
            throw conflict("'" + to + "' exists already; delete it first or choose another name.");
        }
        makeParents(to);
        moving.forEach(entry -> put(entry.at(entry.path().moved(from, to), revision)));
        asked.add(to);
    }

    /** Removes the entry with all below it, and returns what was there. */
    private List<TreeEntry> remove(FilePath path) {
        List<TreeEntry> gone = new ArrayList<>();
        TreeEntry entry = now.get(path);
        if (entry != null) {
            gone.add(entry);
        }
        for (TreeEntry below : now.tailMap(path, false).values()) {
            if (below.path().isBelow(path)) {
                gone.add(below);
            } else if (!below.path().value().startsWith(path.value())) {
                break;
            }
        }
        for (TreeEntry each : gone) {
            now.remove(each.path());
            byFolded.remove(each.path().folded());
        }
        return gone;
    }

    private void put(TreeEntry entry) {
        FilePath other = byFolded.putIfAbsent(entry.path().folded(), entry.path());
        if (other != null && !other.equals(entry.path())) {
            throw conflict("'" + entry.path() + "' differs from the existing '" + other
                    + "' only in upper and lower case; many systems cannot hold both.");
        }
        TreeEntry old = before.get(entry.path());
        now.put(entry.path(), old != null && old.sameContent(entry) ? old : entry);
    }

    private static Problem conflict(String detail) {
        return Problem.of(ErrorCode.CONFLICT, detail);
    }

    /** The revision that this becomes if anything changed. */
    long revision() {
        return revision;
    }

    /** What was at this path before the batch. */
    @Nullable TreeEntry before(FilePath path) {
        return before.get(path);
    }

    /** The entries that this revision makes or writes anew, by path. */
    List<TreeEntry> written() {
        return now.values().stream().filter(entry -> !entry.equals(before.get(entry.path()))).toList();
    }

    /** The paths that were there and are no more, in order. */
    List<FilePath> gone() {
        return before.keySet().stream().filter(path -> !now.containsKey(path)).sorted().toList();
    }

    /** All entries that the changes named or touched and that exist now, by path. */
    List<TreeEntry> touched() {
        return now.values().stream()
                .filter(entry -> asked.contains(entry.path()) || !entry.equals(before.get(entry.path())))
                .toList();
    }

    /** By how many the number of entries grows. */
    int entriesAdded() {
        return now.size() - before.size();
    }

    /** By how many bytes the sum of all files grows. */
    long bytesAdded() {
        return bytes(now.values()) - bytes(before.values());
    }

    private static long bytes(Collection<TreeEntry> entries) {
        return entries.stream().mapToLong(e -> e instanceof TreeEntry.File file ? file.size() : 0).sum();
    }
}
