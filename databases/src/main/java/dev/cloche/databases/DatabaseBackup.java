package dev.cloche.databases;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.values.Identity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A database at one transaction, as a file: a zip with {@code backup.json} (format 1, identity, names, transaction, time),
 * {@code module} as it was published, and {@code rows/000000} and on, the changes that fill empty tables ({@code ChangesForm}).
 *
 * @param offset number of the last transaction in it
 */
record DatabaseBackup(Identity identity, List<String> names, long offset, Instant at, byte[] module, List<byte[]> rows) {
    private static final int FORMAT = 1;
    private static final String HEAD = "backup.json";
    private static final String MODULE = "module";
    private static final String ROWS = "rows/";
    /** What a backup may hold unpacked. */
    private static final long MOST_BYTES = 2L << 30;

    /** Copies the lists. */
    DatabaseBackup {
        names = List.copyOf(names);
        rows = List.copyOf(rows);
    }

    /** Writes the file; the stream stays open. */
    void write(OutputStream stream) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(stream, StandardCharsets.UTF_8);
        entry(zip, HEAD, Json.bytes(Map.of("format", FORMAT, "identity", identity.hex(), "names", names, "offset", offset, "at", at, "parts", rows.size())));
        entry(zip, MODULE, module);
        for (int part = 0; part < rows.size(); part++) {
            entry(zip, ROWS + String.format(Locale.ROOT, "%06d", part), rows.get(part));
        }
        zip.finish();
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }

    /**
     * What restoring needs of a file.
     *
     * @throws Problem with what is wrong with it
     */
    static Content read(byte[] file) {
        Map<String, byte[]> entries = new HashMap<>();
        long left = MOST_BYTES;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(file), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                byte[] content = zip.readNBytes((int) Math.min(left + 1, Integer.MAX_VALUE - 8));
                left -= content.length;
                if (left < 0) {
                    throw wrong("it holds more than " + MOST_BYTES + " bytes");
                }
                entries.put(entry.getName(), content);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw wrong("it is no whole zip file");
        }
        return content(entries);
    }

    private static Content content(Map<String, byte[]> entries) {
        byte[] head = Optional.ofNullable(entries.get(HEAD)).orElseThrow(() -> wrong(HEAD + " is missing"));
        var json = Json.tree(head);
        if (json.path("format").asInt() != FORMAT) {
            throw wrong("its format is " + json.path("format") + "; this server reads " + FORMAT);
        }
        List<byte[]> rows = new ArrayList<>();
        for (int part = 0; part < json.path("parts").asInt(); part++) {
            String name = ROWS + String.format(Locale.ROOT, "%06d", part);
            rows.add(Optional.ofNullable(entries.get(name)).orElseThrow(() -> wrong(name + " is missing")));
        }
        return new Content(Optional.ofNullable(entries.get(MODULE)).orElseThrow(() -> wrong(MODULE + " is missing")), rows);
    }

    static Problem wrong(String why) {
        return Problem.of(ErrorCode.INVALID_REQUEST, "This is no backup of a database: " + why + ".");
    }

    /** The module, and the changes that fill its tables. */
    record Content(byte[] module, List<byte[]> rows) {
        /** Copies the list. */
        Content {
            rows = List.copyOf(rows);
        }
    }
}
