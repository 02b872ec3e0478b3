package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private static final String ID = "0123456789abcdef";
    private final Origins origins = Origins.local(3000);

    @Test
    void eachSiteHasItsHost() {
        assertThat(origins.site("cloche.localhost:3000")).contains(new Site.Control());
        assertThat(origins.site("ws-" + ID + ".host.cloche.localhost:3000")).contains(new Site.EngineHost(ID));
        assertThat(origins.site("5000--ws-" + ID + ".host.cloche.localhost:3000")).contains(new Site.Preview(ID, 5000));
        assertThat(origins.site("my-app.app.cloche.localhost:3000")).contains(new Site.App("my-app"));
        assertThat(origins.site("workers.host.cloche.localhost:3000")).contains(new Site.WorkerHost());
        assertThat(origins.workerHost()).isEqualTo("http://workers.host.cloche.localhost:3000");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "cloche.localhost", "cloche.localhost:3001", "cloche.localhost.:3000", "evilcloche.localhost:3000", "cloche.localhost:3000.evil",
        "x.cloche.localhost:3000", "host.cloche.localhost:3000", ".host.cloche.localhost:3000", "ws-.host.cloche.localhost:3000",
        "ws-0123456789abcdeu.host.cloche.localhost:3000", "ws-0123456789abcde.host.cloche.localhost:3000",
        "0--ws-0123456789abcdef.host.cloche.localhost:3000", "65536--ws-0123456789abcdef.host.cloche.localhost:3000",
        "080--ws-0123456789abcdef.host.cloche.localhost:3000", "-a.app.cloche.localhost:3000", "a.b.app.cloche.localhost:3000",
        "app.cloche.localhost:3000", "workers.cloche.localhost:3000", "3--workers.host.cloche.localhost:3000", "a.app.cloche.localhost:3000:3000", "evil.host.cloche.localhost:3000", "cloche.localhost:03000",
        "", "cloche.localhost:3000@evil.example", "user@cloche.localhost:3000"
    })
    void aHostThatOnlyLooksAlikeIsNobody(String host) {
        assertThat(origins.site(host)).isEmpty();
        assertThat(Origins.isLoopback(host)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost.evil.example", "127.0.0.1.evil.example:3000", "127.0.0.2:3000", "localhost:abc", "xlocalhost", "localhost:3000:1"})
    void onlyTheThreeLoopbackNamesAreLoopback(String host) {
        assertThat(Origins.isLoopback(host)).isFalse();
        assertThat(Origins.isLoopback("localhost:3000")).isTrue();
        assertThat(Origins.isLoopback("[::1]:3000")).isTrue();
        assertThat(Origins.isLoopback("127.0.0.1")).isTrue();
    }

    @Test
    void theStandardPortIsNotNamed() {
        Origins https = new Origins("https", "cloche.example.org", 443);

        assertThat(https.control()).isEqualTo("https://cloche.example.org");
        assertThat(https.site("a.app.cloche.example.org")).contains(new Site.App("a"));
        assertThat(https.anyHost()).isEqualTo("https://*.host.cloche.example.org");
    }
}
