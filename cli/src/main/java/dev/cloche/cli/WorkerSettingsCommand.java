package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes what a worker is granted and how it is configured; what is not named stays. */
@Command(name = "settings", mixinStandardHelpOptions = true, description = "Grant hosts, set configuration and limits of a worker; what is not named stays as it is.")
final class WorkerSettingsCommand implements Callable<Integer> {
    private static final int PAGES_PER_MEBIBYTE = 16;
    private static final int MILLIS = 1000;

    private final Cloche cloche;

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(names = "--allow-host", paramLabel = "HOST", description = "Let it ask this host, which its manifest has to want. May be repeated.")
    private List<String> allowed = List.of();

    @Option(names = "--forbid-host", paramLabel = "HOST", description = "Take that back. May be repeated.")
    private List<String> forbidden = List.of();

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "Set a value. May be repeated.")
    private Map<String, String> config = Map.of();

    @Option(names = "--secret", paramLabel = "KEY=VALUE", description = "Set a value that is never shown. May be repeated.")
    private Map<String, String> secrets = Map.of();

    @Option(names = "--unset", paramLabel = "KEY", description = "Remove a value. May be repeated.")
    private List<String> unset = List.of();

    @Option(names = "--memory", paramLabel = "MIB", description = "At most so much memory; 0 for what its manifest says.")
    private Optional<Integer> memory = Optional.empty();

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "Longest time of a call; 0 for what its manifest says.")
    private Optional<Integer> timeout = Optional.empty();

    WorkerSettingsCommand(Cloche cloche) {
        this.cloche = cloche;
    }

    @Override
    public Integer call() {
        Api api = cloche.api();
        ObjectNode settings = (ObjectNode) api.get(WorkerCommands.path(name)).at("/worker/settings").deepCopy();
        hosts(settings);
        ObjectNode values = settings.withObject("/config");
        config.forEach((key, value) -> values.putObject(key).put("value", value).put("secret", false));
        secrets.forEach((key, value) -> values.putObject(key).put("value", value).put("secret", true));
        values.remove(unset);
        memory.ifPresent(mebibytes -> limit(settings, "memoryPages", mebibytes * PAGES_PER_MEBIBYTE));
        timeout.ifPresent(seconds -> limit(settings, "timeoutMs", seconds * MILLIS));
        JsonNode answer = api.put(WorkerCommands.path(name) + "/settings", Json.bytes(settings), "application/json");
        cloche.result(answer, "Set; 'cloche worker show " + name + "' shows it.");
        return 0;
    }

    private void hosts(ObjectNode settings) {
        ArrayNode hosts = settings.withArray("/hosts");
        List<String> before = hosts.valueStream().map(JsonNode::asText).toList();
        allowed.stream().filter(host -> !before.contains(host)).forEach(hosts::add);
        for (int k = hosts.size() - 1; k >= 0; k--) {
            if (forbidden.contains(hosts.get(k).asText())) {
                hosts.remove(k);
            }
        }
    }

    private static void limit(ObjectNode settings, String field, int value) {
        if (value == 0) {
            settings.remove(field);
        } else {
            settings.put(field, value);
        }
    }
}
