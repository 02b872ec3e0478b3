package dev.cloche.cli;

import dev.cloche.kernel.Digest;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder on this machine as a workspace sees it: files by path with slashes. Symbolic links are left out, and nothing
 * is ever written outside the folder, whatever paths the server names.
 *
 * @param root the folder
 */
record LocalFolder(Path root) {
    /** The digests of all files that are synchronised. */
    Map<String, Digest> files(IgnoreRules rules) throws IOException {
        Map<String, Digest> files = new TreeMap<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return !folder.equals(root) && rules.ignoresFolder(name(folder)) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && !rules.ignores(name(file))) {
                    files.put(name(file), Digest.of(Files.readAllBytes(file)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    /** The content of a file. */
    byte[] read(String path) throws IOException {
        return Files.readAllBytes(inside(path));
    }

    /** Writes a file whole or not at all. */
    void write(String path, byte[] content) throws IOException {
        Path target = inside(path);
        Files.createDirectories(target.getParent());
        Path fresh = Files.createTempFile(target.getParent(), ".cloche-", ".new");
        try {
            Files.write(fresh, content);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** Removes a file and the folders that are empty after it. */
    void delete(String path) throws IOException {
        Path target = inside(path);
        Files.deleteIfExists(target);
        for (Path folder = target.getParent(); folder != null && !folder.equals(root); folder = folder.getParent()) {
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException e) {
                return;
            }
        }
    }

    private Path inside(String path) throws IOException {
        Path target = root.resolve(path).normalize();
        if (path.isEmpty() || path.indexOf('\0') >= 0 || !target.startsWith(root) || target.equals(root)) {
            throw new IOException("the path '" + path + "' leaves the folder");
        }
        for (Path part = target; part != null && !part.equals(root); part = part.getParent()) {
            if (Files.isSymbolicLink(part)) {
                throw new IOException("'" + root.relativize(part) + "' is a symbolic link, which is not followed");
            }
            if (!part.equals(target) && Files.exists(part, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("'" + root.relativize(part) + "' is a file, but the workspace has a folder of that name");
            }
        }
        return target;
    }

    private String name(Path path) {
        return root.relativize(path).toString().replace('\\', '/');
    }
}
