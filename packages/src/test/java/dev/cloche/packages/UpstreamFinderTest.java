package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamFinderTest {
    @TempDir
    private Path machine;

    private final Map<String, String> environment = new HashMap<>();

    @Test
    void theSettingWinsOverAll() throws IOException {
        environment.put("PIP_INDEX_URL", "https://env.example/simple");
        environment.put("PIP_NO_INDEX", "1");

        assertThat(found(Optional.of(URI.create("https://set.example/simple")))).isEqualTo("setting https://set.example/simple/");
    }

    @Test
    void theEnvironmentWinsOverTheFiles() throws IOException {
        file("etc/pip.conf", "[global]\nindex-url = https://etc.example/simple\n");
        assertThat(found()).isEqualTo("pip.conf https://etc.example/simple/");

        environment.put("UV_INDEX_URL", "https://uv.example/simple/");
        assertThat(found()).isEqualTo("UV_INDEX_URL https://uv.example/simple/");

        environment.put("PIP_INDEX_URL", "https://env.example:8443/root/simple");
        assertThat(found()).isEqualTo("PIP_INDEX_URL https://env.example:8443/root/simple/");
    }

    @Test
    void laterFilesWinOverEarlierOnes() throws IOException {
        file("etc/xdg/pip/pip.conf", "[global]\nindex-url: https://xdg.example/\n");
        file("etc/pip.conf", "# comment\n[freeze]\nindex-url=https://no.example/\n[global]\ntimeout = 5\n");
        assertThat(found()).isEqualTo("pip.conf https://xdg.example/");

        file("home/.config/pip/pip.conf", "[global]\r\nindex_url = https://user.example/\r\n");
        assertThat(found()).isEqualTo("pip.conf https://user.example/");

        environment.put("PIP_CONFIG_FILE", file("own.conf", "[install]\nindex-url = https://own.example/\n").toString());
        assertThat(found()).isEqualTo("pip.conf https://own.example/");

        environment.put("PIP_CONFIG_FILE", "/dev/null");
        assertThat(found()).isEqualTo("pip https://default.example/simple/");
    }

    @Test
    void pipItselfKnowsTheDefault() throws IOException {
        assertThat(found()).isEqualTo("pip https://default.example/simple/");
    }

    @Test
    void aMachineWithoutPipHasNone() throws IOException {
        UpstreamFinder finder = new UpstreamFinder(Optional.empty(), environment, pip(), List.of("/nowhere/python"));

        assertThat(((UpstreamFinder.Found.Nothing) finder.find()).why()).contains("packages.index");
    }

    @Test
    void noIndexMeansNone() throws IOException {
        file("etc/pip.conf", "[global]\nno-index = true\nindex-url = https://etc.example/\n");

        assertThat(found()).startsWith("nothing: ").contains("no package index");
    }

    @Test
    void passwordsAreNotInMessages() throws IOException {
        environment.put("PIP_INDEX_URL", "https://me:sec ret@host/simple");
        assertThat(found()).startsWith("nothing: ").doesNotContain("sec");

        environment.put("PIP_INDEX_URL", "ftp://me:secret@host/simple");
        assertThat(found()).startsWith("nothing: ").doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "https_proxy, http://proxy.example:3128, '', http://proxy.example:3128", "HTTPS_PROXY, proxy.example:3128, '', http://proxy.example:3128",
        "http_proxy, http://proxy.example, '', ''", "HTTPS_PROXY, http://proxy.example, default.example, ''",
        "HTTPS_PROXY, http://proxy.example, '.example, x', ''", "HTTPS_PROXY, http://proxy.example, ault.example, http://proxy.example",
        "ALL_PROXY, http://proxy.example, '', http://proxy.example", "HTTPS_PROXY, http://proxy.example, *, ''"
    })
    void theProxyOfTheMachineIsUsed(String variable, String value, String without, String expected) throws IOException {
        environment.put(variable, value);
        environment.put("NO_PROXY", without);

        UpstreamFinder.Found.Index index = (UpstreamFinder.Found.Index) finder(Optional.empty()).find();

        assertThat(index.address().proxy().map(URI::toString).orElse("")).isEqualTo(expected);
    }

    @Test
    void onlyHostsThatPagesNameAreAsked() throws Exception {
        HostPolicy policy = new HostPolicy(UpstreamAddress.of("https://localhost/simple", Optional.empty()));
        policy.name(URI.create("https://127.0.0.1/f"));

        policy.check(URI.create("https://localhost:443/simple/x/"));
        policy.check(URI.create("https://127.0.0.1/other"));
        for (String url : List.of("http://localhost/simple/", "https://localhost:444/", "https://localhost.evil.example/", "https://127.0.0.1:8443/",
                "https://user@localhost/", "file:///etc/passwd", "https:///x", "https://169.254.169.254/", "ftp://localhost/")) {
            assertThatThrownBy(() -> policy.check(URI.create(url))).as(url).isInstanceOf(HostPolicy.Forbidden.class);
        }
    }

    @Test
    void aPublicUpstreamCannotLeadToPrivateAddresses() {
        HostPolicy policy = new HostPolicy(UpstreamAddress.of("https://203.0.113.1/simple", Optional.empty()));
        for (String host : List.of("127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "[::1]", "[fd00::1]", "100.64.0.1", "0.0.0.0", "[::ffff:127.0.0.1]")) {
            URI url = URI.create("https://" + host + "/f");
            policy.name(url);
            assertThatThrownBy(() -> policy.check(url)).as(host).isInstanceOf(HostPolicy.Forbidden.class).hasMessageContaining("private");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"203.0.113.1", "8.8.8.8", "2001:db8::1", "100.128.0.1"})
    void publicAddressesArePublic(String address) throws Exception {
        assertThat(HostPolicy.isPrivate(InetAddress.getByName(address))).isFalse();
    }

    @Test
    void anyBytesAsAPageDoNoHarm() {
        Random random = new Random(3);
        String alphabet = "<aA href='\"=#sha256>&;/-.\n x09";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(120); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            SimpleHtml.read(text.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8), URI.create("https://x.example/simple/p/"));
        }
        long start = System.nanoTime();
        SimpleHtml.read("<a ".repeat(1_000_000).getBytes(java.nio.charset.StandardCharsets.UTF_8), URI.create("https://x.example/"));
        SimpleHtml.read(("<a href='" + "x".repeat(19_000) + "'>").repeat(500).getBytes(java.nio.charset.StandardCharsets.UTF_8), URI.create("https://x.example/"));
        assertThat(java.time.Duration.ofNanos(System.nanoTime() - start)).isLessThan(java.time.Duration.ofSeconds(60));
    }

    private String found() throws IOException {
        return found(Optional.empty());
    }

    private String found(Optional<URI> setting) throws IOException {
        return switch (finder(setting).find()) {
            case UpstreamFinder.Found.Index(UpstreamAddress address, String origin) -> origin + " " + address;
            case UpstreamFinder.Found.Nothing(String why) -> "nothing: " + why;
        };
    }

    private UpstreamFinder finder(Optional<URI> setting) throws IOException {
        return new UpstreamFinder(setting, environment, pip(), List.of("echo", "https://default.example/simple"));
    }

    private PipConfiguration pip() throws IOException {
        Path home = Files.createDirectories(machine.resolve("home"));
        return new PipConfiguration(environment, machine, home);
    }

    private Path file(String path, String text) throws IOException {
        Path file = machine.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}
