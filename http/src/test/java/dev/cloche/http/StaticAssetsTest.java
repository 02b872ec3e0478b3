package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticAssetsTest {
    private static final String ID = "0123456789abcdef";
    private static final String NAVIGATE = "Accept: text/html,*/*";

    @TempDir
    Path folder;

    private RunningServer server;

    @BeforeEach
    void start() throws IOException {
        write("ide/index.html", "<meta content=\"__CLOCHE_CONTROL_ORIGIN__\">");
        write("ide/theme-boot.js", "boot()");
        write("ide/assets/app-4f5a6b7c.js", "plain");
        write("ide/assets/app-4f5a6b7c.js.br", "brotli");
        write("ide/assets/app-4f5a6b7c.js.gz", "gzip");
        write("ide/.secret", "hidden");
        write("secret.txt", "outside");
        write("host/host.html", "host __CLOCHE_CONTROL_ORIGIN__ __CLOCHE_WORKSPACE_ID__ __CLOCHE_PREVIEW_ORIGIN__");
        write("host/app.html", "app __CLOCHE_APP_NAME__");
        write("host/bridge.html", "bridge __CLOCHE_WORKSPACE_ID__ __CLOCHE_PREVIEW_PORT__");
        write("host/workers.html", "workers __CLOCHE_CONTROL_ORIGIN__");
        write("host/sw.js", "worker");
        write("engine/pyodide/314.0.7/pyodide.asm.wasm", "x".repeat(1_000_000) + "end");
        server = RunningServer.of(HttpConfig.on("127.0.0.1", 0), origins -> {
            StaticAssets assets = new StaticAssets(folder, origins);
            Route app = Route.get("/{path*}", assets::appPage).open();
            return new FrontDoor.Parts(List.of(Route.get("/api/x", r -> Response.empty())), List.of(app), assets, Authenticator.nobody(), RequestCheck.none());
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void theBestCodingThatIsThereIsSent() {
        String path = "/assets/app-4f5a6b7c.js";

        assertThat(server.send("GET", path).text()).isEqualTo("plain");
        SocketClient.Answer brotli = server.send("GET", path, "Accept-Encoding: gzip, br");
        assertThat(brotli.text()).isEqualTo("brotli");
        assertThat(brotli.header("content-encoding")).contains("br");
        assertThat(brotli.header("content-type")).contains("text/javascript; charset=utf-8");
        assertThat(brotli.header("vary")).contains("accept-encoding");
        assertThat(server.send("GET", path, "Accept-Encoding: gzip").text()).isEqualTo("gzip");
        assertThat(server.send("GET", path, "Accept-Encoding: br;q=0, gzip;q=0.5").text()).isEqualTo("gzip");
    }

    @Test
    void namesWithAHashAreKeptForeverAndOthersAskedForAnew() {
        assertThat(server.send("GET", "/assets/app-4f5a6b7c.js").header("cache-control").orElseThrow()).contains("immutable");
        assertThat(server.send("GET", "/theme-boot.js").header("cache-control")).contains("no-cache");
        assertThat(server.send("GET", "/").header("cache-control")).contains("no-cache");
    }

    @Test
    void eachCodingHasItsOwnTagAndIsNotSentTwice() {
        String plain = server.send("GET", "/assets/app-4f5a6b7c.js").header("etag").orElseThrow();
        String brotli = server.send("GET", "/assets/app-4f5a6b7c.js", "Accept-Encoding: br").header("etag").orElseThrow();

        assertThat(plain).isNotEqualTo(brotli);
        assertThat(server.send("GET", "/assets/app-4f5a6b7c.js", "If-None-Match: " + plain).status()).isEqualTo(304);
        assertThat(server.send("GET", "/assets/app-4f5a6b7c.js", "If-None-Match: " + brotli).status()).isEqualTo(200);
    }

    @Test
    void screensGetTheOnePageWithItsPlacesFilled() {
        for (String screen : List.of("/", "/workspace/pyodide/" + ID, "/apps", "/settings/tokens", "/sign-in")) {
            SocketClient.Answer page = server.send("GET", screen, NAVIGATE);

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).contains("content=\"" + server.origins().control() + "\"");
            assertThat(page.header("content-security-policy").orElseThrow())
                    .contains("frame-src http://*.host.cloche.localhost:" + server.port()).contains("frame-ancestors 'none'")
                    .contains("require-trusted-types-for 'script'").doesNotContain("sandbox");
            assertThat(page.header("cross-origin-opener-policy")).contains("same-origin");
            assertThat(page.header("cross-origin-embedder-policy")).contains("require-corp");
        }
    }

    @Test
    void anUnknownPathIsThePageForPeopleAndAProblemForPrograms() {
        assertThat(server.send("GET", "/nowhere", NAVIGATE).status()).isEqualTo(404);
        assertThat(server.send("GET", "/nowhere", NAVIGATE).text()).contains("<meta");
        assertThat(server.send("GET", "/nowhere").header("content-type")).contains("application/problem+json");
        assertThat(server.send("GET", "/api/nowhere", NAVIGATE).header("content-type")).contains("application/problem+json");
        assertThat(server.send("GET", "/assets/nowhere.js", NAVIGATE).header("content-type")).contains("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/../secret.txt", "/assets/../../secret.txt", "/assets/%2e%2e/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e%5csecret.txt", "/..%5csecret.txt", "/.secret", "/assets/%00", "//etc/passwd", "/%2fetc/passwd", "/assets/", "/assets"})
    void nothingOutsideTheFolderIsFound(String path) {
        SocketClient.Answer answer = server.send("GET", path);

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text()).doesNotContain("outside").doesNotContain("hidden").doesNotContain("root:");
    }

    @Test
    void aLargeFileIsSentWholeAndInParts() {
        String host = "ws-" + ID + ".host." + server.controlHost();
        String path = "/__cloche/engine/pyodide/314.0.7/pyodide.asm.wasm";
        SocketClient.Answer whole = SocketClient.once(server.port(), "GET", path, host);

        assertThat(whole.header("content-type")).contains("application/wasm");
        assertThat(whole.header("cache-control").orElseThrow()).contains("immutable");
        assertThat(whole.body()).hasSize(1_000_003);
        SocketClient.Answer part = SocketClient.once(server.port(), "GET", path, host, "Range: bytes=-3");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo("end");
        assertThat(part.header("content-range")).contains("bytes 1000000-1000002/1000003");
        assertThat(SocketClient.once(server.port(), "GET", path, host, "Range: bytes=2000000-").status()).isEqualTo(416);
        assertThat(SocketClient.once(server.port(), "GET", path, host, "Range: bytes=0-1,5-6").body()).hasSize(1_000_003);
        assertThat(SocketClient.once(server.port(), "GET", path, host, "Range: bytes=0-0", "If-Range: \"old\"").body()).hasSize(1_000_003);
    }

    @Test
    void eachUserContentOriginHasItsPageAndItsFences() {
        SocketClient.Answer host = onHost("ws-" + ID + ".host.", "/");
        SocketClient.Answer preview = onHost("5000--ws-" + ID + ".host.", "/src/main.tsx");
        SocketClient.Answer app = onHost("todo.app.", "/any/path");

        assertThat(host.text()).isEqualTo("host " + server.origins().control() + " " + ID + " http://{port}--ws-{id}.host.cloche.localhost:" + server.port());
        assertThat(preview.text()).isEqualTo("bridge " + ID + " 5000");
        assertThat(app.text()).isEqualTo("app todo");
        for (SocketClient.Answer answer : List.of(host, preview, app)) {
            assertThat(answer.header("cross-origin-embedder-policy")).contains("require-corp");
            assertThat(answer.header("cross-origin-resource-policy")).contains("same-site");
            assertThat(answer.header("origin-agent-cluster")).contains("?1");
            assertThat(answer.header("x-content-type-options")).contains("nosniff");
            assertThat(answer.header("content-security-policy").orElseThrow()).contains("connect-src 'self'").contains("frame-ancestors");
        }
        assertThat(host.header("content-security-policy").orElseThrow()).endsWith("frame-ancestors " + server.origins().control());
    }

    @Test
    void thePageForWorkersConnectsToNobodyAndNothingElseIsServedThere() {
        SocketClient.Answer page = onHost("workers.host.", "/");

        assertThat(page.text()).isEqualTo("workers " + server.origins().control());
        assertThat(page.header("content-security-policy").orElseThrow()).contains("connect-src 'none'", "script-src 'self' 'wasm-unsafe-eval'").doesNotContain("'unsafe-eval'")
                .endsWith("frame-ancestors " + server.origins().control());
        assertThat(page.header("cross-origin-embedder-policy")).contains("require-corp");
        assertThat(page.header("cross-origin-opener-policy")).contains("same-origin");
        for (String path : List.of("/any", "/api/x", "/v1/ping")) {
            assertThat(onHost("workers.host.", path).status()).isEqualTo(404);
        }
    }

    @Test
    void theServiceWorkerMayRuleTheWholeOrigin() {
        SocketClient.Answer worker = onHost("todo.app.", "/__cloche/sw.js");

        assertThat(worker.text()).isEqualTo("worker");
        assertThat(worker.header("service-worker-allowed")).contains("/");
        assertThat(worker.header("cache-control")).contains("no-store");
    }

    @Test
    void anAppThatAnswersEverywhereDoesNotAnswerForReservedPaths() {
        assertThat(onHost("todo.app.", "/__cloche/anything").status()).isEqualTo(404);
        assertThat(onHost("todo.app.", "/%5f_cloche/host/sw.js").text()).isNotEqualTo("app todo");
    }

    @Test
    void whatChangesOnDiskIsSeen() throws IOException {
        String before = server.send("GET", "/theme-boot.js").header("etag").orElseThrow();
        write("ide/theme-boot.js", "boot() // again");

        assertThat(server.send("GET", "/theme-boot.js", "If-None-Match: " + before).text()).isEqualTo("boot() // again");
    }

    private SocketClient.Answer onHost(String prefix, String path) {
        return SocketClient.once(server.port(), "GET", path, prefix + server.controlHost(), NAVIGATE);
    }

    private void write(String path, String text) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
