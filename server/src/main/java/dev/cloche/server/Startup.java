package dev.cloche.server;

import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Configuration.Setting;
import dev.cloche.kernel.ConfigurationSources;
import dev.cloche.kernel.DataDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known before any part starts: the data directory and the configuration that lies in it.
 *
 * @param data where everything is kept
 * @param configuration file, environment and flags
 */
record Startup(DataDirectory data, Configuration configuration) {
    /** Variables that belong to the command and the launcher, not to the server. */
    private static final Set<String> OTHERS =
            Set.of("CLOCHE_URL", "CLOCHE_TOKEN", "CLOCHE_JAVA_OPTIONS", "CLOCHE_JDK_SEARCH", "CLOCHE_CACHE", "CLOCHE_HOME");

    /** Reads command line, environment and file; {@code --data} and {@code --config} say where the file is. */
    static Startup read(List<String> arguments, Map<String, String> variables) {
        Map<String, Setting> flags = ConfigurationSources.flags(arguments);
        Map<String, String> environment = ConfigurationSources.environment(variables, OTHERS);
        Configuration first = new Configuration(Map.of(), environment, flags);
        DataDirectory data = new DataDirectory(first.path("data").orElseGet(DataDirectory::standard));
        Optional<Path> file = first.path("config");
        Configuration configuration =
                new Configuration(ConfigurationSources.file(file.orElse(data.configurationFile())), environment, flags);
        configuration.path("data");
        configuration.path("config");
        return new Startup(data, configuration);
    }
}
