package dev.cloche.workers;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A guest's file descriptors. Paths lead nowhere but below the folders that were granted: absolute ones and ones with too
 * many {@code ..} are refused, and what a symbolic link leads to must lie below the same folder. A guest can neither make
 * nor move links, so nobody exchanges a path between the look and the use.
 */
final class WasiFiles implements AutoCloseable {
    static final long LARGEST_FILE = 1L << 30;
    private static final int MOST_OPEN = 64;
    private static final int LONGEST_PATH = 4096;
    private static final int FIRST = 3;

    /** What a number stands for. */
    sealed interface Descriptor {
        /** The standard streams. */
        enum Stream implements Descriptor {
            /** Number 0. */
            INPUT,
            /** Number 1. */
            OUTPUT,
            /** Number 2. */
            ERRORS
        }

        /**
         * A folder.
         *
         * @param root real path of the granted folder
         * @param path real path of this one
         * @param name as the guest knows it, empty if it opened it itself
         */
        record Folder(Path root, Path path, String name, boolean readOnly) implements Descriptor {}

        /** A file. */
        record Open(FileChannel channel, Path path, boolean readable, boolean writable, boolean append) implements Descriptor {}
    }

    private final Map<Integer, Descriptor> open = new HashMap<>();

    /** With the granted folders in this order. */
    WasiFiles(List<Descriptor.Folder> granted) {
        for (int i = 0; i < Descriptor.Stream.values().length; i++) {
            open.put(i, Descriptor.Stream.values()[i]);
        }
        granted.forEach(this::add);
    }

    int add(Descriptor one) {
        if (open.size() >= MOST_OPEN) {
            throw new WasiError(WasiError.MFILE);
        }
        int number = FIRST;
        while (open.containsKey(number)) {
            number++;
        }
        open.put(number, one);
        return number;
    }

    Descriptor get(int number) {
        Descriptor found = open.get(number);
        if (found == null) {
            throw new WasiError(WasiError.BADF);
        }
        return found;
    }

    Descriptor.Folder folder(int number) {
        return switch (get(number)) {
            case Descriptor.Folder folder -> folder;
            case Descriptor.Open file -> throw new WasiError(WasiError.NOTDIR);
            case Descriptor.Stream stream -> throw new WasiError(WasiError.NOTDIR);
        };
    }

    Descriptor.Open file(int number) {
        return switch (get(number)) {
            case Descriptor.Open file -> file;
            case Descriptor.Folder folder -> throw new WasiError(WasiError.ISDIR);
            case Descriptor.Stream stream -> throw new WasiError(WasiError.SPIPE);
        };
    }

    void close(int number) throws IOException {
        if (get(number) instanceof Descriptor.Open file) {
            file.channel().close();
        }
        open.remove(number);
    }

    void renumber(int from, int to) throws IOException {
        Descriptor moved = get(from);
        close(to);
        open.remove(from);
        open.put(to, moved);
    }

    /** The place of a path below a folder; its last name may be a link if asked for, or missing. */
    Path place(Descriptor.Folder folder, String path, boolean follow) throws IOException {
        if (path.isEmpty()) {
            throw new WasiError(WasiError.NOENT);
        }
        if (path.length() > LONGEST_PATH) {
            throw new WasiError(WasiError.NAMETOOLONG);
        }
        if (path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new WasiError(WasiError.NOTCAPABLE);
        }
        Path inside = inside(folder, path);
        if (inside.equals(folder.path())) {
            return inside;
        }
        Path name = java.util.Objects.requireNonNull(inside.getFileName());
        Path parent = java.util.Objects.requireNonNull(inside.getParent()).toRealPath();
        if (!parent.startsWith(folder.root())) {
            throw new WasiError(WasiError.NOTCAPABLE);
        }
        Path place = parent.resolve(name);
        if (follow && Files.isSymbolicLink(place)) {
            Path real = place.toRealPath();
            if (!real.startsWith(folder.root())) {
                throw new WasiError(WasiError.NOTCAPABLE);
            }
            return real;
        }
        return place;
    }

    private static Path inside(Descriptor.Folder folder, String path) {
        try {
            Path normal = folder.path().resolve(path).normalize();
            int depth = 0;
            for (String part : path.split("/")) {
                depth += part.equals("..") ? -1 : part.isEmpty() || part.equals(".") ? 0 : 1;
                if (depth < 0) {
                    throw new WasiError(WasiError.NOTCAPABLE);
                }
            }
            return normal;
        } catch (InvalidPathException e) {
            throw new WasiError(WasiError.INVAL);
        }
    }

    /** The place for something that is to be changed. */
    Path changing(Descriptor.Folder folder, String path) throws IOException {
        if (folder.readOnly()) {
            throw new WasiError(WasiError.ROFS);
        }
        Path place = place(folder, path, false);
        if (place.equals(folder.path()) || Files.isSymbolicLink(place)) {
            throw new WasiError(WasiError.NOTCAPABLE);
        }
        return place;
    }

    /** How a file is to be opened; the flags of {@code path_open}. */
    record Opening(boolean create, boolean directory, boolean exclusive, boolean truncate, boolean readable, boolean writable, boolean append, boolean follow) {}

    int open(Descriptor.Folder folder, String path, Opening how) throws IOException {
        Path place = place(folder, path, how.follow());
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            if (how.truncate() || how.exclusive()) {
                throw new WasiError(how.exclusive() ? WasiError.EXIST : WasiError.ISDIR);
            }
            return add(new Descriptor.Folder(folder.root(), place, "", folder.readOnly()));
        }
        if (how.directory()) {
            throw new WasiError(Files.exists(place, LinkOption.NOFOLLOW_LINKS) ? WasiError.NOTDIR : WasiError.NOENT);
        }
        if (Files.isSymbolicLink(place)) {
            throw new WasiError(WasiError.LOOP);
        }
        boolean exists = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
        if (exists && !Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new WasiError(WasiError.ACCES); // pipes and devices
        }
        if (folder.readOnly() && (how.writable() || how.truncate() || how.create() && !exists)) {
            throw new WasiError(WasiError.ROFS);
        }
        Set<OpenOption> options = new HashSet<>(EnumSet.of(StandardOpenOption.READ));
        options.add(LinkOption.NOFOLLOW_LINKS);
        if (how.writable() || how.truncate() || how.create()) {
            if (!folder.readOnly()) {
                options.add(StandardOpenOption.WRITE);
            }
            if (how.create() && !folder.readOnly()) {
                options.add(how.exclusive() ? StandardOpenOption.CREATE_NEW : StandardOpenOption.CREATE);
            }
            if (how.truncate()) {
                options.add(StandardOpenOption.TRUNCATE_EXISTING);
            }
        }
        FileChannel channel = FileChannel.open(place, options);
        try {
            return add(new Descriptor.Open(channel, place, how.readable(), how.writable(), how.append()));
        } catch (WasiError full) {
            channel.close();
            throw full;
        }
    }

    @Override
    public void close() {
        for (Descriptor one : open.values()) {
            if (one instanceof Descriptor.Open file) {
                try {
                    file.channel().close();
                } catch (IOException e) {
                    continue; // it is of no use any more either way
                }
            }
        }
        open.clear();
    }
}
