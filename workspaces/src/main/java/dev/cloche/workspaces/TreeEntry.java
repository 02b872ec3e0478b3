package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;

/** A file or a folder in the tree of one revision. */
public sealed interface TreeEntry {
    /** Where it lies. */
    FilePath path();

    /** The revision that wrote it last; for a folder, the one that made it. */
    long revision();

    /** Whether both are the same but for place and revision. */
    boolean sameContent(TreeEntry other);

    /** The same thing at another place, written by another revision. */
    TreeEntry at(FilePath newPath, long newRevision);

    /**
     * A file.
     *
     * @param path where it lies
     * @param digest its content's address
     * @param size in bytes
     * @param revision the revision that wrote it last
     */
    record File(FilePath path, Digest digest, long size, long revision) implements TreeEntry {
        @Override
        public boolean sameContent(TreeEntry other) {
            return other instanceof File file && file.digest.equals(digest);
        }

        @Override
        public TreeEntry at(FilePath newPath, long newRevision) {
            return new File(newPath, digest, size, newRevision);
        }
    }

    /**
     * A folder, possibly empty.
     *
     * @param path where it lies
     * @param revision the revision that made it
     */
    record Folder(FilePath path, long revision) implements TreeEntry {
        @Override
        public boolean sameContent(TreeEntry other) {
            return other instanceof Folder;
        }

        @Override
        public TreeEntry at(FilePath newPath, long newRevision) {
            return new Folder(newPath, newRevision);
        }
    }
}
