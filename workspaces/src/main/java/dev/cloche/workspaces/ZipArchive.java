package dev.cloche.workspaces;

import dev.cloche.kernel.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip file as it goes, one content in memory at a time. The same files give the same bytes: all times are the
 * format's first, 1 January 1980. Not safe for use by several threads.
 */
public final class ZipArchive implements AutoCloseable {
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final ZipOutputStream zip;
    private final Function<Digest, byte[]> contents;

    /** An archive that goes to this stream and takes contents from there. */
    public ZipArchive(OutputStream out, Function<Digest, byte[]> contents) {
        this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        this.contents = contents;
    }

    /** Adds a file under this name. */
    public void file(String name, Digest content) throws IOException {
        start(name);
        zip.write(contents.apply(content));
        zip.closeEntry();
    }

    /** Adds a folder, so that an empty one is not lost. */
    public void folder(String name) throws IOException {
        start(name + "/");
        zip.closeEntry();
    }

    private void start(String name) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
    }

    /** Ends the archive; the stream below stays open. */
    @Override
    public void close() throws IOException {
        zip.finish();
    }
}
