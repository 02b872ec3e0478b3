package dev.cloche.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates: they are for the name in the URL, whatever the address. What is sent is tried in the room {@code databases}. */
class PinnedClientTest {
    private static final char[] WORD = "secret".toCharArray();

    @TempDir
    static Path folder;

    private static HttpsServer server;

    @BeforeAll
    static void start() throws Exception {
        Path keys = folder.resolve("keys.p12");
        keytool("-genkeypair", "-alias", "a", "-keyalg", "EC", "-dname", "CN=api.test", "-ext", "san=dns:api.test", "-validity", "2", "-storetype", "PKCS12", "-keystore", keys.toString());
        keytool("-exportcert", "-rfc", "-alias", "a", "-keystore", keys.toString(), "-file", folder.resolve("api.pem").toString());
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, WORD);
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, WORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (exchange) {
                exchange.getResponseBody().write(exchange.getRequestHeaders().getFirst("Host").getBytes(StandardCharsets.UTF_8));
            }
        });
        server.start();
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    private static void keytool(String... words) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("-storepass", new String(WORD)));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("keytool.log").toFile()).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("keytool.log"))).isZero();
    }

    private static PinnedClient.Answer ask(PinnedClient client, String host) throws IOException {
        return client.send(new PinnedClient.Call("GET", URI.create("https://" + host + ":" + server.getAddress().getPort() + "/"), InetAddress.getLoopbackAddress(),
                List.of(), new byte[0], Duration.ofSeconds(30), 1000), () -> false);
    }

    @Test
    void aCertificateMustBeForTheNameAndFromSomebodyWhoIsBelieved() throws IOException {
        try (PinnedClient believing = new PinnedClient(Optional.of(folder.resolve("api.pem"))); PinnedClient usual = new PinnedClient()) {
            assertThat(new String(ask(believing, "api.test").body(), StandardCharsets.UTF_8)).isEqualTo("api.test:" + server.getAddress().getPort());
            assertThatThrownBy(() -> ask(believing, "other.test")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> ask(usual, "api.test")).isInstanceOf(IOException.class);
        }
    }
}
