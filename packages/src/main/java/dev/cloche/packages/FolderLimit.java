package dev.cloche.packages;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * A bound for a folder of files that can be had again: when there are too many, those written longest ago go until nine
 * tenths are left. Safe for use by several threads.
 */
final class FolderLimit {
    private static final System.Logger LOG = System.getLogger(FolderLimit.class.getName());
    private static final int DEEPEST = 3;

    private final Path folder;
    private final int mostFiles;
    private final long mostBytes;
    private boolean counted;
    private long files;
    private long bytes;

    private record Aged(Path path, FileTime written, long size) {}

    /** Bounds this folder, with the folders in it. */
    FolderLimit(Path folder, int mostFiles, long mostBytes) {
        this.folder = folder;
        this.mostFiles = mostFiles;
        this.mostBytes = mostBytes;
    }

    /** Says that a file of this size was written; one that took another's place counts twice until the next look. */
    synchronized void added(long size) throws IOException {
        files++;
        bytes += size;
        if (!counted || files > mostFiles || bytes > mostBytes) {
            look();
        }
    }

    private void look() throws IOException {
        List<Aged> all = all();
        counted = true;
        files = all.size();
        bytes = all.stream().mapToLong(Aged::size).sum();
        if (files <= mostFiles && bytes <= mostBytes) {
            return;
        }
        all.sort(Comparator.comparing(Aged::written));
        for (Aged file : all) {
            if (files <= mostFiles * 9L / 10 && bytes <= mostBytes / 10 * 9) {
                break;
            }
            if (Files.deleteIfExists(file.path())) {
                files--;
                bytes -= file.size();
            }
        }
        LOG.log(System.Logger.Level.INFO, "event=package-folder-trimmed folder={0} files={1} bytes={2}", folder.getFileName(), files, bytes);
    }

    private List<Aged> all() throws IOException {
        List<Aged> all = new ArrayList<>();
        Files.walkFileTree(folder, Set.of(), DEEPEST, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    all.add(new Aged(path, attributes.lastModifiedTime(), attributes.size()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException gone) {
                // another thread has put it into place
                return FileVisitResult.CONTINUE;
            }
        });
        return all;
    }
}
