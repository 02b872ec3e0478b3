package dev.cloche.coordinator;

import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerFunction;
import dev.cloche.workers.WorkerManifest;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a version of a worker says of itself, as it was found when it was published. Written as JSON into its row.
 *
 * @param functions by name
 * @param wants what it asks for
 */
record WorkerDescription(String description, boolean idempotent, List<Function> functions, Wants wants) {
    /**
     * A function.
     *
     * @param input {@code json}, {@code text} or {@code bytes}
     * @param divide the functions that split and join, if a call can be divided
     */
    record Function(String name, String description, Optional<String> example, String input, String output, Optional<Divide> divide) {}

    /** The functions by which a call is divided. */
    record Divide(String split, String join) {}

    /** What it asks for; it gets no more than it is granted. */
    record Wants(List<String> hosts, List<String> paths, Map<String, String> config, long memoryPages, long timeoutMs) {}

    /** Of a worker that was opened. */
    static WorkerDescription of(Worker worker) {
        WorkerManifest manifest = worker.manifest();
        return new WorkerDescription(manifest.description(), manifest.idempotent(),
                worker.functions().stream().map(WorkerDescription::function).sorted(Comparator.comparing(Function::name)).toList(),
                new Wants(manifest.allowedHosts(), manifest.allowedPaths().keySet().stream().sorted().toList(), new TreeMap<>(manifest.config()),
                        manifest.memory().maxPages(), manifest.timeout().toMillis()));
    }

    private static Function function(WorkerFunction function) {
        return new Function(function.name(), function.description(), function.example(), label(function.input()), label(function.output()),
                function.divide().map(divide -> new Divide(divide.split(), divide.join())));
    }

    private static String label(WorkerFunction.Form form) {
        return form.name().toLowerCase(Locale.ROOT);
    }

    /** The function whose calls are split or joined by this one, if it is one of those. */
    Optional<String> divided(String part) {
        return functions.stream().filter(one -> one.divide().filter(by -> by.split().equals(part) || by.join().equals(part)).isPresent()).map(Function::name).findFirst();
    }

    /** The function of this name. */
    Optional<Function> function(String name) {
        return functions.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
