package dev.cloche.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
    @TempDir
    private Path folder;

    private static NodeSettings settings(String... words) {
        Main main = new Main();
        new CommandLine(main).parseArgs(words);
        return main.settings();
    }

    @Test
    void wordsBecomeSettings() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "t0ken\n");

        NodeSettings settings = settings("--port", "8082", "--slots", "3", "--coordinator", "http://cloche.localhost:3000", "--token-file", token.toString(),
                "--allow-host", "api.example.org", "--allow-path", "ro:data=/srv/data", "--config", "vowels=ae", "--name", "attic", "--public-url", "http://attic.example:8082", "a.wasm", "b.worker");

        assertThat(settings.port()).isEqualTo(8082);
        assertThat(settings.slots()).isEqualTo(3);
        assertThat(settings.files()).containsExactly(Path.of("a.wasm"), Path.of("b.worker"));
        assertThat(settings.coordinator()).contains(new NodeSettings.Coordinator(java.net.URI.create("http://cloche.localhost:3000"), "t0ken", "attic", Optional.of(java.net.URI.create("http://attic.example:8082"))));
        assertThat(settings.grants()).isEqualTo(new NodeSettings.Grants(List.of("api.example.org"), false, Map.of("ro:data", Path.of("/srv/data")), Map.of("vowels", "ae")));
        assertThat(settings.secret()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "--port 70000 a.wasm,port,range",
        "--slots 0 a.wasm,slots,range",
        "--queue -1 a.wasm,queue,range",
        "--max-body 10 a.wasm,max-body,range",
        "--drain 4000 a.wasm,drain,range",
        "--port 1,file,required",
        "--bind 0.0.0.0 a.wasm,bind,open",
        "--bind 127.0.0.1.evil.example a.wasm,bind,open",
        "--secret-file nowhere a.wasm,secret-file,readable",
        "--coordinator cloche:3000 --token-file nowhere,coordinator,uri",
        "--coordinator http://cloche.localhost:3000 --token-file nowhere,token-file,readable",
        "--public-url http://node:8081 a.wasm,public-url,coordinator",
        "--coordinator http://cloche.localhost:3000 --public-url ftp://node,public-url,uri",
        "--coordinator http://cloche.localhost:3000 --public-url http://me:you@node,public-url,uri"
    })
    void wordsThatMakeNoSenseAreRefusedByName(String line, String field, String rule) {
        assertThatExceptionOfType(Problem.class).isThrownBy(() -> settings(line.split(" "))).satisfies(problem -> assertThat(problem.fields()).singleElement().satisfies(one -> {
            assertThat(one.field()).isEqualTo(field);
            assertThat(one.rule()).isEqualTo(rule);
        }));
    }

    @Test
    void anotherAddressNeedsASecretOrTheWordOpen() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "s\n");

        assertThat(settings("--bind", "0.0.0.0", "--open", "a.wasm").bind()).isEqualTo("0.0.0.0");
        assertThat(settings("--bind", "0.0.0.0", "--secret-file", secret.toString(), "a.wasm").secret()).contains("s");
    }
}
