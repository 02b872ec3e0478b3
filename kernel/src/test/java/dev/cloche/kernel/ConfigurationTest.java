package dev.cloche.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
    @TempDir Path folder;

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() throws Exception {
        Configuration configuration = configuration(
                "port = 1\nbind = \"a\"\n[database]\nurl = \"file\"\nconnections = 3\n",
                Map.of("CLOCHE_PORT", "2", "CLOCHE_DATABASE_URL", "environment"),
                List.of("--port", "4", "--database.connections=5"));

        assertThat(configuration.integer("port", 0, 0, 65535)).isEqualTo(4);
        assertThat(configuration.text("bind", "b")).isEqualTo("a");
        assertThat(configuration.text("database.url")).contains("environment");
        assertThat(configuration.integer("database.connections", 10, 1, 100)).isEqualTo(5);
        assertThat(configuration.integer("other", 10, 1, 100)).isEqualTo(10);
        configuration.refuseUnknown();
    }

    @Test
    void anUnknownKeyIsRefusedWithTheNearestOneAndItsPlace() throws Exception {
        Configuration configuration = configuration("\n[database]\nurrl = \"x\"\n", Map.of("CLOCHE_PROT", "1"), List.of("--prot", "1"));
        configuration.integer("port", 3000, 0, 65535);
        configuration.text("database.url");

        assertThatThrownBy(configuration::refuseUnknown).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.fields())
                .extracting(FieldError::message)
                .anySatisfy(m -> assertThat(m).contains("'database.urrl'", "line 3", "Did you mean 'database.url'?"))
                .anySatisfy(m -> assertThat(m).contains("'prot'", "flag --prot", "Did you mean 'port'?"))
                .anySatisfy(m -> assertThat(m).contains("'CLOCHE_PROT'", "Did you mean 'CLOCHE_PORT'?"))
                .hasSize(3));
    }

    @Test
    void wrongValuesNameTheKeyTheRuleAndWhereTheyStand() throws Exception {
        Configuration configuration = configuration("port = 70000\nopen = \"perhaps\"\n", Map.of(), List.of());

        assertThatThrownBy(() -> configuration.integer("port", 1, 0, 65535)).hasMessageContaining("'port'").hasMessageContaining("line 1").hasMessageContaining("65535");
        assertThatThrownBy(() -> configuration.flag("open", true)).hasMessageContaining("true or false");
    }

    @Test
    void brokenTomlNamesTheLine() throws Exception {
        assertThatThrownBy(() -> configuration("port = = 3\n", Map.of(), List.of())).isInstanceOf(Problem.class).hasMessageContaining("line 1");
    }

    @Test
    void flagsWithoutValueOrDashesAreRefused() {
        assertThatThrownBy(() -> ConfigurationSources.flags(List.of("--port"))).hasMessageContaining("needs a value");
        assertThatThrownBy(() -> ConfigurationSources.flags(List.of("port"))).hasMessageContaining("is not a flag");
    }

    @Test
    void variablesOfOtherProgramsAreLeftAlone() {
        assertThat(ConfigurationSources.environment(Map.of("CLOCHE_PORT", "1", "CLOCHE_TOKEN", "x", "HOME", "/"), Set.of("CLOCHE_TOKEN")))
                .containsOnlyKeys("CLOCHE_PORT");
    }

    @Test
    void aTildeIsTheHomeDirectory() throws Exception {
        Configuration configuration = configuration("data = \"~/x\"\n", Map.of(), List.of());

        assertThat(configuration.path("data")).contains(DataDirectory.home().resolve("x"));
    }

    private Configuration configuration(String toml, Map<String, String> environment, List<String> arguments) throws Exception {
        Path file = Files.writeString(folder.resolve("cloche.toml"), toml);
        return new Configuration(ConfigurationSources.file(file), environment, ConfigurationSources.flags(arguments));
    }
}
