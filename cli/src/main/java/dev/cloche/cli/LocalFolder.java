package dev.cloche.cli;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.IgnoreRules;
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
import java.text.Normalizer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder on this machine as a workspace sees it: files by path with slashes, in the one Unicode form (NFC) that
 * workspaces have; macOS and archives made there spell names in another. Symbolic links are left out, and nothing is ever
 * written outside the folder, whatever paths the server names.
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
                    if (files.put(name(file), Digest.of(Files.readAllBytes(file))) != null) {
                        throw new IOException("two files have the name '" + name(file) + "' and differ only in its Unicode form; rename one");
                    }
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
        Path target = spelled(path);
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

    /** The path as the disk spells it, where the disk has it in another form. */
    private Path spelled(String path) throws IOException {
        Path target = root.resolve(path).normalize();
        if (Normalizer.isNormalized(path, Normalizer.Form.NFD) || !target.startsWith(root) || Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return target;
        }
        Path found = root;
        for (Path part : root.relativize(target)) {
            found = child(found, part.toString());
        }
        return found;
    }

    private static Path child(Path folder, String name) throws IOException {
        Path plain = folder.resolve(name);
        if (Files.exists(plain, LinkOption.NOFOLLOW_LINKS) || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return plain;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> composed(entry.getFileName().toString()).equals(name)).findFirst().orElse(plain);
        }
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private String name(Path path) {
        return composed(root.relativize(path).toString().replace('\\', '/'));
    }
}
