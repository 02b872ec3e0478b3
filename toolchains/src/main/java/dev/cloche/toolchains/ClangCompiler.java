package dev.cloche.toolchains;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** C and C++ by clang, lld and wasi-libc. A module with {@code main} is a command, any other has its exported functions. */
final class ClangCompiler implements Compiler {
    private static final String INSTALL = "on Debian or Ubuntu: apt-get install --no-install-recommends clang lld wasi-libc libclang-rt-dev-wasm32 "
            + "(on Debian 12 clang-16 lld-16 wasi-libc libclang-rt-16-dev-wasm32; for C++'s library also libc++-16-dev-wasm32 libc++abi-16-dev-wasm32)";
    private static final String[] NAMES = {"clang", "clang-22", "clang-21", "clang-20", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15"};
    private static final Pattern MAIN = Pattern.compile("(?m)^\\s*(int|void)\\s+main\\s*\\(");
    private static final List<String> HEADERS = List.of("worker.h", "refuse.h", "number.h", "powers.h");
    private static final String PROBE = "#include <stdlib.h>\n#include <cloche/worker.h>\nWORKER_FUNCTION(probe) { return malloc((unsigned)__builtin_popcount(1)) == 0; }\n";

    @Override
    public String build(WorkerSource source, WorkerSource.Part part, boolean simd, Path to, Workshop workshop) throws CannotBuild {
        Path headers = headers(workshop);
        String clang = clang(headers, workshop);
        List<String> said = new ArrayList<>();
        List<String> objects = new ArrayList<>();
        boolean command = false;
        for (Path file : part.sources()) {
            String name = source.folder().relativize(file).toString();
            boolean plus = !name.endsWith(".c");
            command |= MAIN.matcher(text(file)).find();
            String object = to + "." + objects.size() + ".o";
            List<String> words = new ArrayList<>(List.of(clang, "--target=wasm32-wasi", "-O3", "-mbulk-memory", "-Wall", "-I", headers.toString(), "-I", ".", "-c", "-o", object));
            if (plus) {
                words.addAll(List.of("-std=c++20", "-fno-exceptions"));
            }
            if (simd) {
                words.add("-msimd128");
            }
            words.add("./" + name);
            said.add(run(workshop, source.folder(), words, name));
            objects.add(object);
        }
        // Without -O here: some versions would then run wasm-opt if they find it, and the module would depend on the machine.
        List<String> words = new ArrayList<>(List.of(clang, "--target=wasm32-wasi", "-mexec-model=" + (command ? "command" : "reactor"), "-Wl,--strip-all", "-o", to.toString()));
        words.addAll(objects);
        said.add(run(workshop, source.folder(), words, "the linker"));
        return String.join("\n", said).strip();
    }

    private static String run(Workshop workshop, Path folder, List<String> words, String what) throws CannotBuild {
        Workshop.Run run = workshop.run(folder, Map.of(), words);
        if (!run.done()) {
            throw CannotBuild.failed("clang", run.output().isEmpty() ? "clang ended without a word at " + what + "; it may have run into a limit." : run.output());
        }
        return run.output();
    }

    /** The first clang that makes a module with wasi-libc. */
    private static String clang(Path headers, Workshop workshop) throws CannotBuild {
        Path probe = workshop.file("probe.c");
        for (String name : NAMES) {
            Path clang = workshop.programs().first(name).orElse(null);
            if (clang == null) {
                continue;
            }
            try {
                Files.writeString(probe, PROBE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (workshop.run(workshop.file("."), Map.of(), List.of(clang.toString(), "--target=wasm32-wasi", "-mexec-model=reactor", "-I", headers.toString(),
                    "-o", workshop.file("probe.wasm").toString(), probe.toString())).done()) {
                return clang.toString();
            }
        }
        throw CannotBuild.missing("clang with lld and wasi-libc", INSTALL);
    }

    private static Path headers(Workshop workshop) {
        Path folder = workshop.file("include");
        try {
            Files.createDirectories(folder.resolve("cloche"));
            for (String header : HEADERS) {
                Path file = folder.resolve("cloche").resolve(header);
                if (!Files.exists(file)) {
                    try (InputStream in = ClangCompiler.class.getResourceAsStream("include/cloche/" + header)) {
                        Files.copy(java.util.Objects.requireNonNull(in, header), file);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return folder;
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
