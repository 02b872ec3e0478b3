package dev.cloche.toolchains;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.TomlFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the operator set for cargo about registries ({@code config.toml} in CARGO_HOME), as TOML; everything else there, such as
 * linkers and wrappers, is for the operator's own builds.
 *
 * @param toFetch with what the network wants
 * @param toBuild which registry is meant, without secrets
 */
record CargoSettings(String toFetch, String toBuild) {
    private static final long LARGEST = 1 << 20;
    private static final Set<String> FETCH = Set.of("source", "registries", "registry", "http", "net");
    private static final Set<String> BUILD = Set.of("source", "registries");
    private static final Set<String> SECRETS = Set.of("token", "secret-key", "credential-provider", "secret-key-subject");

    /** Of the person whose environment this is. */
    static CargoSettings of(Map<String, String> environment) {
        String home = environment.getOrDefault("CARGO_HOME", environment.getOrDefault("HOME", "/nowhere") + "/.cargo");
        Path file = Stream.of("config", "config.toml").map(name -> Path.of(home, name)).filter(Files::isRegularFile).findFirst().orElse(null);
        if (file == null) {
            return new CargoSettings("", "");
        }
        try {
            ObjectNode all = TomlFile.read(file, file.toString(), LARGEST);
            return new CargoSettings(text(all, FETCH, Set.of()), text(all, BUILD, SECRETS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode all, Set<String> keys, Set<String> without) {
        return all.properties().stream().filter(one -> keys.contains(one.getKey())).map(one -> lines(quoted(one.getKey()), one.getValue(), without)).collect(Collectors.joining());
    }

    private static String lines(String path, JsonNode table, Set<String> without) {
        StringBuilder lines = new StringBuilder();
        table.properties().stream().filter(one -> !without.contains(one.getKey())).forEach(one -> {
            String name = path + "." + quoted(one.getKey());
            lines.append(one.getValue().isObject() ? lines(name, one.getValue(), without) : name + " = " + one.getValue() + "\n");
        });
        return lines.toString();
    }

    /** As JSON, which is TOML, too. */
    private static String quoted(String text) {
        return Json.text(text);
    }
}
