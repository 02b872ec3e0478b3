package dev.cloche.workers;

import static dev.cloche.wasm.ValueType.I32;
import static dev.cloche.wasm.ValueType.I64;
import static dev.cloche.workers.WasiFunctions.INT;
import static dev.cloche.workers.WasiFunctions.LONG;
import static dev.cloche.workers.WasiFunctions.SHORT;
import static dev.cloche.workers.WasiFunctions.add;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.cloche.wasm.Frame;
import dev.cloche.wasm.HostImport;
import dev.cloche.workers.WasiFiles.Descriptor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The functions of WASI preview 1 that concern descriptors and paths. */
final class WasiFileFunctions {
    private static final int MOST_AT_ONCE = 1 << 20;
    private static final int MOST_PARTS = 1024;
    private static final int MOST_ENTRIES = 100_000;
    private static final int LONGEST_PATH = 4096;
    private static final long ALL_RIGHTS = (1L << 30) - 1;
    private static final long RIGHT_READ = 1 << 1;
    private static final long RIGHT_WRITE = 1 << 6;
    private static final byte CHARACTERS = 2;
    private static final byte FOLDER = 3;
    private static final byte FILE = 4;
    private static final byte LINK = 7;
    private static final int STAT = 64;
    private static final int ENTRY = 24;

    private WasiFileFunctions() {}

    static void addTo(List<HostImport> all) {
        add(all, "fd_write", (frame, wasi) -> written(frame, wasi, 3, -1), I32, I32, I32, I32);
        add(all, "fd_pwrite", (frame, wasi) -> written(frame, wasi, 4, frame.i64(3)), I32, I32, I32, I64, I32);
        add(all, "fd_read", (frame, wasi) -> read(frame, wasi, 3, -1), I32, I32, I32, I32);
        add(all, "fd_pread", (frame, wasi) -> read(frame, wasi, 4, frame.i64(3)), I32, I32, I32, I64, I32);
        add(all, "fd_seek", WasiFileFunctions::seek, I32, I64, I32, I32);
        add(all, "fd_tell", (frame, wasi) -> put(frame, 1, wasi.files().file(frame.i32(0)).channel().position()), I32, I32);
        add(all, "fd_close", (frame, wasi) -> {
            wasi.files().close(frame.i32(0));
            return 0;
        }, I32);
        add(all, "fd_renumber", (frame, wasi) -> {
            wasi.files().renumber(frame.i32(0), frame.i32(1));
            return 0;
        }, I32, I32);
        add(all, "fd_sync", (frame, wasi) -> sync(frame, wasi), I32);
        add(all, "fd_datasync", (frame, wasi) -> sync(frame, wasi), I32);
        add(all, "fd_advise", (frame, wasi) -> 0, I32, I64, I64, I32);
        add(all, "fd_allocate", (frame, wasi) -> WasiError.NOTSUP, I32, I64, I64);
        add(all, "fd_fdstat_get", WasiFileFunctions::state, I32, I32);
        add(all, "fd_fdstat_set_flags", (frame, wasi) -> wasi.files().get(frame.i32(0)) instanceof Descriptor.Folder ? WasiError.BADF : 0, I32, I32);
        add(all, "fd_fdstat_set_rights", (frame, wasi) -> 0, I32, I64, I64);
        add(all, "fd_filestat_get", WasiFileFunctions::stat, I32, I32);
        add(all, "fd_filestat_set_size", WasiFileFunctions::resize, I32, I64);
        add(all, "fd_filestat_set_times", (frame, wasi) -> WasiError.NOTSUP, I32, I64, I64, I32);
        add(all, "fd_prestat_get", WasiFileFunctions::granted, I32, I32);
        add(all, "fd_prestat_dir_name", WasiFileFunctions::grantedName, I32, I32, I32);
        add(all, "fd_readdir", WasiFileFunctions::list, I32, I32, I32, I64, I32);
        add(all, "path_open", WasiFileFunctions::open, I32, I32, I32, I32, I32, I64, I64, I32, I32);
        add(all, "path_filestat_get", WasiFileFunctions::statPath, I32, I32, I32, I32, I32);
        add(all, "path_filestat_set_times", (frame, wasi) -> WasiError.NOTSUP, I32, I32, I32, I32, I64, I64, I32);
        add(all, "path_create_directory", (frame, wasi) -> {
            Files.createDirectory(changing(frame, wasi, 0));
            return 0;
        }, I32, I32, I32);
        add(all, "path_remove_directory", (frame, wasi) -> remove(changing(frame, wasi, 0), true), I32, I32, I32);
        add(all, "path_unlink_file", (frame, wasi) -> remove(changing(frame, wasi, 0), false), I32, I32, I32);
        add(all, "path_rename", (frame, wasi) -> {
            Files.move(changing(frame, wasi, 0), changing(frame, wasi, 3), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return 0;
        }, I32, I32, I32, I32, I32, I32);
        add(all, "path_link", (frame, wasi) -> WasiError.NOTSUP, I32, I32, I32, I32, I32, I32, I32);
        add(all, "path_symlink", (frame, wasi) -> WasiError.NOTSUP, I32, I32, I32, I32, I32);
        add(all, "path_readlink", (frame, wasi) -> WasiError.NOTSUP, I32, I32, I32, I32, I32, I32);
    }

    private static int put(Frame frame, int k, long value) {
        frame.memory().set(LONG, frame.u32(k), value);
        return 0;
    }

    /** The pieces of memory that a list of vectors names, at most a mebibyte of it in all. */
    private static List<MemorySegment> pieces(Frame frame) {
        MemorySegment memory = frame.memory();
        long list = frame.u32(1);
        long count = Math.min(frame.u32(2), MOST_PARTS);
        long left = MOST_AT_ONCE;
        List<MemorySegment> pieces = new ArrayList<>();
        for (long k = 0; k < count && left > 0; k++) {
            long at = Integer.toUnsignedLong(memory.get(INT, list + 8 * k));
            long length = Integer.toUnsignedLong(memory.get(INT, list + 8 * k + 4));
            pieces.add(memory.asSlice(at, length).asSlice(0, Math.min(length, left)));
            left -= Math.min(length, left);
        }
        return pieces;
    }

    private static int written(Frame frame, Wasi wasi, int result, long position) throws IOException {
        long total = 0;
        Descriptor to = wasi.files().get(frame.i32(0));
        if (to instanceof Descriptor.Open file && !file.writable() || to == Descriptor.Stream.INPUT || to instanceof Descriptor.Folder) {
            return WasiError.BADF;
        }
        for (MemorySegment piece : pieces(frame)) {
            if (to instanceof Descriptor.Open file) {
                FileChannel channel = file.channel();
                long at = position >= 0 ? position + total : file.append() ? channel.size() : channel.position();
                if (at + piece.byteSize() > WasiFiles.LARGEST_FILE) {
                    return WasiError.FBIG;
                }
                ByteBuffer bytes = ByteBuffer.wrap(piece.toArray(JAVA_BYTE));
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
                if (position < 0) {
                    channel.position(at);
                }
            } else {
                wasi.write(to == Descriptor.Stream.ERRORS, piece.toArray(JAVA_BYTE));
            }
            total += piece.byteSize();
        }
        frame.memory().set(INT, frame.u32(result), (int) total);
        return 0;
    }

    private static int read(Frame frame, Wasi wasi, int result, long position) throws IOException {
        long total = 0;
        Descriptor from = wasi.files().get(frame.i32(0));
        if (from instanceof Descriptor.Open file && !file.readable() || from == Descriptor.Stream.OUTPUT || from == Descriptor.Stream.ERRORS) {
            return WasiError.BADF;
        }
        if (from instanceof Descriptor.Folder) {
            return WasiError.ISDIR;
        }
        for (MemorySegment piece : pieces(frame)) {
            byte[] bytes;
            if (from instanceof Descriptor.Open file) {
                ByteBuffer buffer = ByteBuffer.allocate((int) piece.byteSize());
                int count = position >= 0 ? file.channel().read(buffer, position + total) : file.channel().read(buffer);
                bytes = java.util.Arrays.copyOf(buffer.array(), Math.max(0, count));
            } else {
                bytes = wasi.read((int) piece.byteSize());
            }
            MemorySegment.copy(bytes, 0, piece, JAVA_BYTE, 0, bytes.length);
            total += bytes.length;
            if (bytes.length < piece.byteSize()) {
                break;
            }
        }
        frame.memory().set(INT, frame.u32(result), (int) total);
        return 0;
    }

    private static int seek(Frame frame, Wasi wasi) throws IOException {
        FileChannel channel = wasi.files().file(frame.i32(0)).channel();
        long by = frame.i64(1);
        long to = switch (frame.i32(2)) {
            case 0 -> by;
            case 1 -> channel.position() + by;
            case 2 -> channel.size() + by;
            default -> -1;
        };
        if (to < 0) {
            return WasiError.INVAL;
        }
        channel.position(to);
        return put(frame, 3, to);
    }

    private static int sync(Frame frame, Wasi wasi) throws IOException {
        wasi.files().file(frame.i32(0)).channel().force(false);
        return 0;
    }

    private static int resize(Frame frame, Wasi wasi) throws IOException {
        Descriptor.Open file = wasi.files().file(frame.i32(0));
        long size = frame.i64(1);
        if (!file.writable() || size < 0) {
            return WasiError.INVAL;
        }
        if (size > WasiFiles.LARGEST_FILE) {
            return WasiError.FBIG;
        }
        if (size < file.channel().size()) {
            file.channel().truncate(size);
        } else if (size > file.channel().size()) {
            file.channel().write(ByteBuffer.allocate(1), size - 1);
        }
        return 0;
    }

    private static int state(Frame frame, Wasi wasi) {
        Descriptor one = wasi.files().get(frame.i32(0));
        MemorySegment to = frame.memory().asSlice(frame.u32(1), ENTRY);
        to.fill((byte) 0);
        to.set(JAVA_BYTE, 0, switch (one) {
            case Descriptor.Stream stream -> CHARACTERS;
            case Descriptor.Folder folder -> FOLDER;
            case Descriptor.Open file -> FILE;
        });
        to.set(SHORT, 2, (short) (one instanceof Descriptor.Open file && file.append() ? 1 : 0));
        // a stream that may seek would be taken for a file
        to.set(LONG, 8, one instanceof Descriptor.Stream ? RIGHT_READ | RIGHT_WRITE : ALL_RIGHTS);
        to.set(LONG, 16, one instanceof Descriptor.Stream ? 0 : ALL_RIGHTS);
        return 0;
    }

    private static int stat(Frame frame, Wasi wasi) throws IOException {
        MemorySegment to = frame.memory().asSlice(frame.u32(1), STAT);
        switch (wasi.files().get(frame.i32(0))) {
            case Descriptor.Stream stream -> {
                to.fill((byte) 0);
                to.set(JAVA_BYTE, 16, CHARACTERS);
            }
            case Descriptor.Folder folder -> fill(to, folder.path());
            case Descriptor.Open file -> fill(to, file.path());
        }
        return 0;
    }

    private static int statPath(Frame frame, Wasi wasi) throws IOException {
        Path place = wasi.files().place(wasi.files().folder(frame.i32(0)), path(frame, 2), (frame.i32(1) & 1) != 0);
        fill(frame.memory().asSlice(frame.u32(4), STAT), place);
        return 0;
    }

    private static void fill(MemorySegment to, Path path) throws IOException {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        to.fill((byte) 0);
        to.set(LONG, 8, inode(found));
        to.set(JAVA_BYTE, 16, kind(found));
        to.set(LONG, 24, 1);
        to.set(LONG, 32, found.size());
        to.set(LONG, 40, found.lastAccessTime().to(TimeUnit.NANOSECONDS));
        to.set(LONG, 48, found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
        to.set(LONG, 56, found.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    private static byte kind(BasicFileAttributes found) {
        if (found.isSymbolicLink()) {
            return LINK;
        }
        return found.isDirectory() ? FOLDER : found.isRegularFile() ? FILE : 0;
    }

    private static long inode(BasicFileAttributes found) {
        Object key = found.fileKey();
        return key == null ? 0 : Integer.toUnsignedLong(key.hashCode());
    }

    private static int granted(Frame frame, Wasi wasi) {
        String name = name(frame, wasi);
        MemorySegment to = frame.memory().asSlice(frame.u32(1), 8);
        to.fill((byte) 0);
        to.set(INT, 4, name.getBytes(StandardCharsets.UTF_8).length);
        return 0;
    }

    private static String name(Frame frame, Wasi wasi) {
        if (wasi.files().get(frame.i32(0)) instanceof Descriptor.Folder folder && !folder.name().isEmpty()) {
            return folder.name();
        }
        throw new WasiError(WasiError.BADF);
    }

    private static int grantedName(Frame frame, Wasi wasi) {
        byte[] name = name(frame, wasi).getBytes(StandardCharsets.UTF_8);
        if (frame.u32(2) < name.length) {
            return WasiError.NAMETOOLONG;
        }
        MemorySegment.copy(name, 0, frame.memory(), JAVA_BYTE, frame.u32(1), name.length);
        return 0;
    }

    /** The path that arguments k and k + 1 name. */
    private static String path(Frame frame, int k) {
        if (frame.u32(k + 1) > LONGEST_PATH) {
            throw new WasiError(WasiError.NAMETOOLONG);
        }
        return new String(frame.memory().asSlice(frame.u32(k), frame.u32(k + 1)).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }

    private static Path changing(Frame frame, Wasi wasi, int k) throws IOException {
        return wasi.files().changing(wasi.files().folder(frame.i32(k)), path(frame, k + 1));
    }

    private static int remove(Path place, boolean folder) throws IOException {
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS) != folder) {
            return Files.exists(place, LinkOption.NOFOLLOW_LINKS) ? folder ? WasiError.NOTDIR : WasiError.ISDIR : WasiError.NOENT;
        }
        Files.delete(place);
        return 0;
    }

    private static int open(Frame frame, Wasi wasi) throws IOException {
        int flags = frame.i32(4);
        long rights = frame.i64(5);
        int number = wasi.files().open(wasi.files().folder(frame.i32(0)), path(frame, 2), new WasiFiles.Opening((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0,
                (rights & RIGHT_READ) != 0, (rights & RIGHT_WRITE) != 0, (frame.i32(7) & 1) != 0, (frame.i32(1) & 1) != 0));
        frame.memory().set(INT, frame.u32(8), number);
        return 0;
    }

    /** Entries in the order of their names, so that a cookie is a place in the list. */
    private static int list(Frame frame, Wasi wasi) throws IOException {
        Descriptor.Folder folder = wasi.files().folder(frame.i32(0));
        MemorySegment to = frame.memory().asSlice(frame.u32(1), frame.u32(2));
        List<String> names = new ArrayList<>(List.of(".", ".."));
        try (Stream<Path> found = Files.list(folder.path())) {
            found.limit(MOST_ENTRIES).map(one -> one.getFileName().toString()).sorted().forEach(names::add);
        }
        long used = 0;
        for (long k = Math.max(0, frame.i64(3)); k < names.size() && used < to.byteSize(); k++) {
            byte[] name = names.get((int) k).getBytes(StandardCharsets.UTF_8);
            byte[] entry = new byte[ENTRY + name.length];
            MemorySegment written = MemorySegment.ofArray(entry);
            written.set(LONG, 0, k + 1);
            written.set(INT, 16, name.length);
            written.set(JAVA_BYTE, 20, k < 2 ? FOLDER : kind(Files.readAttributes(folder.path().resolve(names.get((int) k)), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)));
            System.arraycopy(name, 0, entry, ENTRY, name.length);
            long length = Math.min(entry.length, to.byteSize() - used);
            MemorySegment.copy(entry, 0, to, JAVA_BYTE, used, (int) length);
            used += length;
        }
        frame.memory().set(INT, frame.u32(4), (int) used);
        return 0;
    }
}
