package dev.cloche.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.databases.LiveDatabases;
import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.RunningServer;
import dev.cloche.identity.TestServer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The official client SDKs, in Node and in Chromium, against live databases as in the product: real PostgreSQL, wasmtime, the built
 * interpreter. The suite {@code sdk} of {@code ./cloche test}; needs Node, Chromium, the packages of the front end and of the browser
 * tests, and what {@code sdk-tests/package-lock.json} names, so other runs leave it out.
 */
class SdkSuite {
    @TempDir
    static Path folder;

    @Test
    void theOfficialSdksAreContent() throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("cloche.root"));
        try (TestServer people = new TestServer(); LiveDatabases live = live(people)) {
            TestServer.Client owner = people.byLink(people.firstLink());
            String token = owner.send("POST", "/api/tokens", Map.of("name", "t", "scopes", List.of("read", "write", "publish"))).json().path("secret").asText();
            Protocol protocol = new Protocol(new Protocol.Foundation(live.databases(), people.database().database(), people.identity(), Clock.systemUTC(), new SecureRandom()),
                    OidcSettings.none());
            try (RunningServer server = RunningServer.of(HttpConfig.on("127.0.0.1", 0), origins ->
                    new FrontDoor.Parts(protocol.routes(), List.of(), Assets.none(), people.identity().authenticator(), Contract.load()))) {
                Path tests = root.resolve("protocol/sdk-tests");
                int inNode = node(tests, "sdk", server.port(), token);
                int inChromium = node(tests, "chromium", server.port(), token);
                assertThat(inNode).isZero();
                assertThat(inChromium).isZero();
            }
        }
    }

    private static LiveDatabases live(TestServer people) {
        return new LiveDatabases(LiveDatabases.Settings.in(Optional.of(Path.of(System.getProperty("cloche.assets"))), folder), people.database().database(), Clock.systemUTC());
    }

    private static int node(Path tests, String where, int port, String token) throws IOException, InterruptedException {
        ProcessBuilder node = new ProcessBuilder("node", "--test-reporter=tap", where + ".test.mjs").directory(tests.toFile());
        node.environment().putAll(Map.of("SDK_PORT", Integer.toString(port), "SDK_TOKEN", token));
        File report = new File(System.getProperty("sdk.report", tests.resolve("../target/sdk.tap").toString()));
        node.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(report));
        return node.start().waitFor();
    }
}
