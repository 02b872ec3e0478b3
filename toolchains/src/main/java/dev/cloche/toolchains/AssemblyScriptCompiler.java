package dev.cloche.toolchains;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** AssemblyScript by the compiler that the folder, or one above it, has in node_modules; its options stand in asconfig.json. */
final class AssemblyScriptCompiler implements Compiler {
    private static final String PROGRAM = "node_modules/assemblyscript/bin/asc.js";

    @Override
    public String build(WorkerSource source, WorkerSource.Part part, boolean simd, Path to, Workshop workshop) throws CannotBuild {
        Path folder = source.folder().toAbsolutePath().normalize();
        String node = workshop.programs().first("node").map(Path::toString).orElseThrow(() -> CannotBuild.missing("Node.js, which runs the compiler of AssemblyScript", "install Node.js 20 or later"));
        String entry = entry(folder, part);
        Path asc = compiler(folder);
        List<String> words = new ArrayList<>(List.of(node, asc.toString(), entry, "--outFile", to.toString(), "-O3"));
        if (simd) {
            words.addAll(List.of("--enable", "simd"));
        }
        Workshop.Run run = workshop.run(folder, Map.of(), words);
        if (!run.done()) {
            throw CannotBuild.failed("asc", run.output());
        }
        return run.output();
    }

    private static String entry(Path folder, WorkerSource.Part part) throws CannotBuild {
        for (String name : List.of("assembly/" + part.name() + ".ts", "assembly/index.ts")) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return name;
            }
        }
        throw CannotBuild.failed("asc", "There is neither assembly/" + part.name() + ".ts nor assembly/index.ts.");
    }

    private static Path compiler(Path folder) throws CannotBuild {
        for (Path at = folder; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(PROGRAM))) {
                return at.resolve(PROGRAM);
            }
        }
        throw CannotBuild.missing("the compiler of AssemblyScript", Files.isRegularFile(folder.resolve("package.json"))
                ? "in " + folder + ": npm install" : "in " + folder + ": npm install --save-dev assemblyscript");
    }
}
