package dev.cloche.workers;

import dev.cloche.kernel.Problem;
import dev.cloche.wasm.Call;
import dev.cloche.wasm.CompiledModule;
import dev.cloche.wasm.Export;
import dev.cloche.wasm.FunctionType;
import dev.cloche.wasm.Instance;
import dev.cloche.wasm.Limits;
import dev.cloche.wasm.Template;
import dev.cloche.wasm.ValueType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A worker's linked modules with its rules: what guests are made from. Any thread. */
final class WorkerCode {
    private static final long LARGEST_OUTPUT = 64L << 20;
    private static final long TABLE_ELEMENTS = 1_000_000;
    /** What compilers and languages export for themselves. */
    private static final Set<String> NOT_MEANT = Set.of("_initialize", "__wasm_call_ctors", "hs_init", "_start", "hs_exit");

    private final WorkerManifest manifest;
    private final WorkerSettings settings;
    private final Template template;
    private final OutboundHttp http;
    private final OutboundHttp.Rules rules;
    private final Limits limits;
    private final Map<String, String> config;
    private final List<WasiFiles.Descriptor.Folder> folders;
    private final Map<String, FunctionType> exports = new TreeMap<>();
    private final boolean plugin;

    WorkerCode(WorkerManifest manifest, WorkerSettings settings, CompiledModule main, Template template, OutboundHttp http) {
        this.manifest = manifest;
        this.settings = settings;
        this.template = template;
        this.http = http;
        this.rules = new OutboundHttp.Rules(new AllowedHosts(manifest.allowedHosts(), settings.hosts()), settings.privateAddresses(), manifest.memory().maxHttpResponseBytes());
        this.limits = new Limits(Math.min(manifest.memory().maxBytes(), settings.memoryBytes()), TABLE_ELEMENTS, least(manifest.timeout(), settings.timeout()));
        Map<String, String> merged = new HashMap<>(manifest.config());
        merged.putAll(settings.config());
        this.config = Map.copyOf(merged);
        this.folders = folders(manifest, settings);
        for (Export export : main.exports()) {
            if (export.type() instanceof FunctionType type) {
                exports.put(export.name(), type);
            }
        }
        this.plugin = !exports.containsKey("_start") || main.imports().stream().anyMatch(wanted -> wanted.module().equals(Kernel.MODULE));
        manifest.functions().forEach((name, function) -> {
            known(name, "functions." + name);
            function.divide().ifPresent(divide -> {
                known(divide.split(), "functions." + name + ".divide.split");
                known(divide.join(), "functions." + name + ".divide.join");
            });
        });
    }

    private void known(String function, String field) {
        if (plugin && !callable(function)) {
            throw Problem.field(field, "exists", "The main module exports no function '" + function + "' without parameters that gives an i32 or nothing.");
        }
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static List<WasiFiles.Descriptor.Folder> folders(WorkerManifest manifest, WorkerSettings settings) {
        List<WasiFiles.Descriptor.Folder> folders = new ArrayList<>();
        new TreeMap<>(manifest.allowedPaths()).forEach((name, guest) -> {
            boolean readOnly = name.startsWith("ro:");
            Path granted = settings.folder(name).or(() -> readOnly ? settings.folder(name.substring("ro:".length())) : java.util.Optional.empty())
                    .orElseThrow(() -> Problem.field("allowed_paths." + name, "granted", "The worker wants the folder '" + name + "', which is not granted here."));
            try {
                Path real = granted.toRealPath();
                if (!Files.isDirectory(real)) {
                    throw Problem.field("allowed_paths." + name, "exists", "What is granted as '" + name + "' is no folder.");
                }
                folders.add(new WasiFiles.Descriptor.Folder(real, real, guest, readOnly));
            } catch (IOException e) {
                throw Problem.field("allowed_paths." + name, "exists", "What is granted as '" + name + "' does not exist.");
            }
        });
        return List.copyOf(folders);
    }

    WorkerManifest manifest() {
        return manifest;
    }

    WorkerSettings settings() {
        return settings;
    }

    Limits limits() {
        return limits;
    }

    long largestOutput() {
        return LARGEST_OUTPUT;
    }

    Map<String, String> config() {
        return config;
    }

    List<WasiFiles.Descriptor.Folder> folders() {
        return folders;
    }

    OutboundHttp http() {
        return http;
    }

    OutboundHttp.Rules rules() {
        return rules;
    }

    /** Whether the main module exports a function of this name that can be called. */
    boolean callable(String function) {
        FunctionType type = exports.get(function);
        return type != null && type.parameters().isEmpty() && (type.results().isEmpty() || type.results().equals(List.of(ValueType.I32)));
    }

    /** Whether a call of this function runs the program, which then gets its name. */
    boolean isCommand(String function) {
        return !plugin && (function.equals("_start") || !callable(function));
    }

    /** What is offered: by the manifest and by the exports. */
    List<WorkerFunction> functions() {
        Map<String, WorkerFunction> found = new LinkedHashMap<>(new TreeMap<>(manifest.functions()));
        exports.keySet().stream()
                .filter(name -> callable(name) && !NOT_MEANT.contains(name) && !name.startsWith("asyncify_") && !name.startsWith("__"))
                .forEach(name -> found.putIfAbsent(name, WorkerFunction.named(name)));
        if (found.isEmpty() && exports.containsKey("_start")) {
            found.put("_start", WorkerFunction.named("_start"));
        }
        return List.copyOf(found.values());
    }

    /** On a guest thread. */
    Instance instantiate(Guest guest) {
        return template.instantiate(limits, guest);
    }

    /** Runs what languages want to be run before anything else. */
    void initialise(Instance instance) {
        boolean haskell = exports.containsKey("hs_init");
        for (String name : List.of("__wasm_call_ctors", "_initialize")) {
            FunctionType type = exports.get(name);
            if (type != null && type.equals(FunctionType.of()) && !(haskell && name.startsWith("__"))) {
                instance.call(name).run();
                break;
            }
        }
        if (haskell) {
            Call init = instance.call("hs_init");
            for (int k = 0; k < init.type().parameters().size(); k++) {
                init.i32(k, 0);
            }
            init.run();
        }
    }

    void close() {
        template.close();
    }
}
