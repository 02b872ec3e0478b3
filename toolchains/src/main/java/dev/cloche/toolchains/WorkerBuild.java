package dev.cloche.toolchains;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.WorkerBundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Builds workers from folders with sources. The language is found from the folder's files; what is to be built stands in
 * {@code worker.json}, or is a module of the folder's name and its build with vectors. Any thread; blocks.
 */
public final class WorkerBuild {
    private final Programs programs;
    private final Set<Language> languages;
    private final BuildLimits limits;

    /**
     * With the compilers of this machine.
     *
     * @param environment with PATH
     * @param languages that may be built
     */
    public WorkerBuild(Map<String, String> environment, Set<Language> languages, BuildLimits limits) {
        this.programs = new Programs(Map.copyOf(environment));
        this.languages = Set.copyOf(languages);
        this.limits = limits;
    }

    /**
     * Compiles a folder and packs the worker.
     *
     * @throws Problem that names the field and the rule, if the folder or its {@code worker.json} is wrong
     */
    public BuildOutcome build(Path folder) {
        WorkerSource source = WorkerSource.read(folder);
        if (!languages.contains(source.language())) {
            return new BuildOutcome.NotBuiltHere(source.language());
        }
        Map<String, byte[]> modules = new LinkedHashMap<>();
        List<String> notes = new ArrayList<>();
        boolean locked = CargoLock.in(folder).isPresent();
        try (Workshop workshop = new Workshop(limits.of(source.language()), programs)) {
            for (WorkerSource.Part part : source.modules()) {
                boolean built = source.language() == Language.C && part.sources().isEmpty();
                modules.put(part.path(), built ? present(folder, part.path()) : compiled(source, part, false, workshop, notes));
                if (part.simd().isPresent()) {
                    modules.put(part.simd().get(), built ? present(folder, part.simd().get()) : compiled(source, part, true, workshop, notes));
                }
            }
        } catch (Compiler.CannotBuild e) {
            return e.outcome();
        }
        Optional<CargoLock> lock = locked ? Optional.empty() : CargoLock.in(folder);
        lock.ifPresent(made -> notes.addFirst(made.made()));
        return packed(source, modules, notes, lock.map(CargoLock::text));
    }

    /**
     * Packs the modules that are in the folder already.
     *
     * @throws Problem if one is missing
     */
    public static BuildOutcome.Built pack(Path folder) {
        WorkerSource source = WorkerSource.built(folder);
        Map<String, byte[]> modules = new LinkedHashMap<>();
        for (WorkerSource.Part part : source.modules()) {
            modules.put(part.path(), present(folder, part.path()));
            part.simd().ifPresent(simd -> modules.put(simd, present(folder, simd)));
        }
        return packed(source, modules, List.of(), Optional.empty());
    }

    private static byte[] compiled(WorkerSource source, WorkerSource.Part part, boolean simd, Workshop workshop, List<String> notes) throws Compiler.CannotBuild {
        Compiler compiler = switch (source.language()) {
            case C -> new ClangCompiler();
            case ASSEMBLYSCRIPT -> new AssemblyScriptCompiler();
            case RUST -> new CargoCompiler();
        };
        Path to = workshop.file("module" + workshop.next() + ".wasm");
        String said = compiler.build(source, part, simd, to, workshop);
        if (!said.isBlank() && !notes.contains(said)) {
            notes.add(said);
        }
        return bytes(to);
    }

    private static byte[] present(Path folder, String path) {
        Path file = folder.resolve(path);
        if (!file.normalize().startsWith(folder.normalize()) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw Problem.field("wasm", "exists", "The folder has no module '" + path + "'.");
        }
        return bytes(file);
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.size(file) > WorkerBundle.LARGEST) {
                throw Problem.field("wasm", "maxLength", "A worker has at most " + WorkerBundle.LARGEST + " bytes.");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same sources and compilers give the same zip. */
    private static BuildOutcome.Built packed(WorkerSource source, Map<String, byte[]> modules, List<String> notes, Optional<String> lock) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            entry(zip, "worker.json", source.manifest());
            for (Map.Entry<String, byte[]> module : modules.entrySet()) {
                entry(zip, module.getKey(), module.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] zip = bytes.toByteArray();
        return new BuildOutcome.Built(zip, WorkerBundle.read(zip, "worker"), modules, notes, lock);
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
