package dev.cloche.workers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The plug-ins among the test's resources, and bundles made of modules. */
final class Plugins {
    private Plugins() {}

    static byte[] module(String name) {
        try (InputStream in = Plugins.class.getResourceAsStream("/extism/" + name + ".wasm")) {
            if (in == null) {
                throw new IllegalArgumentException("no plug-in " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static WorkerBundle bundle(String name) {
        return WorkerBundle.read(module(name), name);
    }

    /** One plug-in with more keys in its manifest. */
    static WorkerBundle bundle(String name, String keys) {
        return bundle("{\"name\":\"" + name + "\",\"wasm\":[{\"path\":\"" + name + ".wasm\"}]" + (keys.isEmpty() ? "" : "," + keys) + "}", Map.of(name + ".wasm", module(name)));
    }

    static WorkerBundle bundle(String manifest, Map<String, byte[]> files) {
        return WorkerBundle.read(zip(manifest, files), "test");
    }

    static byte[] zip(String manifest, Map<String, byte[]> files) {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("worker.json", manifest.getBytes(StandardCharsets.UTF_8));
        all.putAll(files);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> one : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey()));
                zip.write(one.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
