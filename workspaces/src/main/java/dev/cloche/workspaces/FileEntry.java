package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;

/**
 * A file in the tree of one revision.
 *
 * @param path from the root, with {@code /} between names and none in front
 * @param digest its content's address
 * @param size in bytes
 * @param revision the revision that wrote it last
 */
public record FileEntry(String path, Digest digest, long size, long revision) {}
