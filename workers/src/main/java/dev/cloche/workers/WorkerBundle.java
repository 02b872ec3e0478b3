package dev.cloche.workers;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A worker as it is stored and sent: one module, or a zip with {@code worker.json} and its modules.
 *
 * @param manifest what it says of itself
 * @param digest for a single module the SHA-256 of its bytes; for a zip that of the bytes of {@code worker.json}, followed
 *     by the SHA-256 (32 bytes) of each module's file in the manifest's order, that of its SIMD build behind it
 * @param files modules by path
 */
public record WorkerBundle(WorkerManifest manifest, Digest digest, Map<String, byte[]> files) {
    /** Largest bundle, packed and unpacked. */
    public static final int LARGEST = 64 << 20;
    private static final int MOST_FILES = 64;
    private static final int LARGEST_MANIFEST = 1 << 20;
    private static final String MANIFEST = "worker.json";

    /** Copies. */
    public WorkerBundle {
        files = Map.copyOf(files);
    }

    /**
     * Reads either form.
     *
     * @param name of the file or of the worker; taken where the worker does not say its own
     * @throws Problem that names the field and the rule
     */
    public static WorkerBundle read(byte[] bytes, String name) {
        if (bytes.length > LARGEST) {
            throw Problem.field("worker", "maxLength", "A worker has at most " + LARGEST + " bytes, this has " + bytes.length + ".");
        }
        String plain = name.replaceFirst("\\.(wasm|worker|zip)$", "");
        if (bytes.length > 3 && bytes[0] == 'P' && bytes[1] == 'K') {
            return unpacked(bytes, plain);
        }
        if (bytes.length < 8 || bytes[0] != 0 || bytes[1] != 'a' || bytes[2] != 's' || bytes[3] != 'm') {
            throw Problem.field("worker", "format", "A worker is a WebAssembly module, or a zip with worker.json and its modules; these bytes are neither.");
        }
        WorkerManifest manifest = WorkerManifest.plain(ManifestReader.name(plain, "name"));
        return new WorkerBundle(manifest, Digest.of(bytes), Map.of(manifest.modules().getFirst().path(), bytes));
    }

    private static WorkerBundle unpacked(byte[] bytes, String name) {
        Map<String, byte[]> entries = entries(bytes);
        byte[] json = entries.remove(MANIFEST);
        if (json == null) {
            throw Problem.field(MANIFEST, "required", "The zip has no file worker.json.");
        }
        WorkerManifest manifest = ManifestReader.read(json, name);
        Set<String> unused = new LinkedHashSet<>(entries.keySet());
        MessageDigest digest = Digest.sha256();
        digest.update(json);
        for (int i = 0; i < manifest.modules().size(); i++) {
            WorkerManifest.Module module = manifest.modules().get(i);
            for (String path : module.simd().isPresent() ? List.of(module.path(), module.simd().get()) : List.of(module.path())) {
                byte[] file = entries.get(path);
                if (file == null) {
                    throw Problem.field("wasm[" + i + "]." + (path.equals(module.path()) ? "path" : "simd"), "exists", "The zip has no file '" + path + "'.");
                }
                unused.remove(path);
                digest.update(Digest.of(file).bytes());
            }
        }
        if (!unused.isEmpty()) {
            throw Problem.field("worker", "unknown", "The zip has files that worker.json does not name: " + String.join(", ", unused) + ".");
        }
        return new WorkerBundle(manifest, new Digest(java.util.HexFormat.of().formatHex(digest.digest())), entries);
    }

    private static Map<String, byte[]> entries(byte[] bytes) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        long left = LARGEST;
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                String path = entry.getName();
                byte[] content = zip.readNBytes((int) Math.min(left + 1, path.equals(MANIFEST) ? LARGEST_MANIFEST + 1 : LARGEST));
                left -= content.length;
                if (left < 0 || path.equals(MANIFEST) && content.length > LARGEST_MANIFEST) {
                    throw Problem.field("worker", "maxLength", "A worker has at most " + LARGEST + " bytes unpacked, its worker.json at most " + LARGEST_MANIFEST + ".");
                }
                if (entries.put(path, content) != null) {
                    throw Problem.field("worker", "unique", "The zip has two files '" + path + "'.");
                }
                if (entries.size() > MOST_FILES) {
                    throw Problem.field("worker", "maxItems", "A worker's zip has at most " + MOST_FILES + " files.");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw Problem.field("worker", "format", "The zip cannot be read: " + e.getMessage());
        }
        return entries;
    }

    /** A module's bytes: the build with vectors if it is wanted and there is one. */
    byte[] code(WorkerManifest.Module module, boolean simd) {
        byte[] found = files.get(simd ? module.simd().orElse(module.path()) : module.path());
        return Optional.ofNullable(found).orElseThrow(() -> new IllegalArgumentException("no file " + module.path()));
    }

    @Override
    public String toString() {
        return manifest.name() + "@" + digest.hex();
    }
}
