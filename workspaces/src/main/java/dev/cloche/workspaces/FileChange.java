package dev.cloche.workspaces;

/** One wish in a batch of changes to files. */
public sealed interface FileChange {
    /** What it is done to. */
    FilePath path();

    /** What must hold for {@link #path} before the batch. */
    Precondition precondition();

    /**
     * Writes a file whole; folders above it are made as needed.
     *
     * @param path where
     * @param precondition what must hold before
     * @param content all bytes
     */
    record Write(FilePath path, Precondition precondition, byte[] content) implements FileChange {}

    /** Removes a file, or a folder with all in it; what is not there is left alone, so that a batch may be sent again. */
    record Delete(FilePath path, Precondition precondition) implements FileChange {}

    /** Moves or renames a file, or a folder with all in it, to a place where nothing is. */
    record Move(FilePath path, FilePath to, Precondition precondition) implements FileChange {}

    /** Makes a folder, and the folders above it; one that exists is left alone. */
    record MakeFolder(FilePath path, Precondition precondition) implements FileChange {}
}
