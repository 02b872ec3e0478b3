package dev.cloche.cli;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import dev.cloche.toolchains.BuildLimits;
import dev.cloche.toolchains.BuildOutcome;
import dev.cloche.toolchains.Language;
import dev.cloche.toolchains.WorkerBuild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds a worker from a folder's sources, on this machine and without a server. */
@Command(name = "build", sortOptions = false, mixinStandardHelpOptions = true,
        description = "Compile a folder's C, C++, AssemblyScript or Rust into a worker.",
        footer = {"", "What is built stands in the folder's worker.json; without one it is a module of the folder's name and its build with vectors.",
            "C and C++: *.c, *.cc, *.cpp and *.cxx in the folder and in src; '#include <cloche/worker.h>' is at hand.",
            "AssemblyScript: assembly/index.ts, options in asconfig.json. Rust: Cargo.toml with crate-type = [\"cdylib\"]."})
final class WorkerBuildCommand implements Callable<Integer> {
    private final Cloche cloche;
    private final Map<String, String> environment;

    @Parameters(arity = "0..1", paramLabel = "FOLDER", defaultValue = ".", description = "The folder with the sources. Default: this one.")
    private Path folder = Path.of(".");

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "The worker's file. Default: NAME.worker in the folder.")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--modules", description = "Write the modules into the folder, too.")
    private boolean modules;

    @Option(names = "--packed", description = "Compile nothing; pack the modules that are in the folder.")
    private boolean packed;

    WorkerBuildCommand(Cloche cloche, Map<String, String> environment) {
        this.cloche = cloche;
        this.environment = environment;
    }

    /** Makes this a command of the commands for workers. */
    static void addTo(CommandLine line, Cloche cloche, Map<String, String> environment) {
        CommandLine workers = line.getSubcommands().get("worker");
        if (workers == null) {
            CommandSpec spec = CommandSpec.create().name("worker").mixinStandardHelpOptions(true);
            spec.usageMessage().description("Workers: functions in WebAssembly.").synopsisSubcommandLabel("COMMAND");
            workers = new CommandLine(spec);
            line.addSubcommand(workers);
        }
        workers.addSubcommand(new WorkerBuildCommand(cloche, environment));
    }

    @Override
    public Integer call() {
        Path sources = folder.toAbsolutePath().normalize();
        BuildOutcome outcome = packed ? WorkerBuild.pack(sources) : new WorkerBuild(environment, EnumSet.allOf(Language.class), BuildLimits.OWN).build(sources);
        return switch (outcome) {
            case BuildOutcome.Built built -> written(sources, built);
            case BuildOutcome.MissingTool missing ->
                throw CommandFailure.of(ExitStatus.NOT_FOUND, "This machine lacks " + missing.tool() + ".\n  " + missing.install());
            case BuildOutcome.NotBuiltHere other -> throw CommandFailure.of(ExitStatus.INVALID, other.language().title() + " is not built here.");
            case BuildOutcome.Failed failed -> throw CommandFailure.of(ExitStatus.INVALID, failed.program() + " could not build it:\n" + failed.output());
        };
    }

    private int written(Path sources, BuildOutcome.Built built) {
        built.notes().forEach(cloche::note);
        String name = built.bundle().manifest().name();
        Path file = output.map(Path::toAbsolutePath).orElseGet(() -> sources.resolve(name + ".worker"));
        try {
            if (modules) {
                for (Map.Entry<String, byte[]> module : built.modules().entrySet()) {
                    Files.createDirectories(sources.resolve(module.getKey()).getParent());
                    Files.write(sources.resolve(module.getKey()), module.getValue());
                }
            }
            Files.write(file, built.zip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<Map<String, Object>> parts = built.modules().entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(one -> Map.<String, Object>of("path", one.getKey(), "bytes", one.getValue().length, "digest", Digest.of(one.getValue()).hex())).toList();
        cloche.result(Json.tree(Map.of("name", name, "file", file.toString(), "bytes", built.zip().length, "digest", built.bundle().digest().hex(), "modules", parts)),
                name + ": " + file + ", " + built.zip().length + " bytes, digest " + built.bundle().digest().hex());
        return 0;
    }
}
