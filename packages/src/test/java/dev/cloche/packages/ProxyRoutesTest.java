package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Router;
import dev.cloche.identity.Access;
import dev.cloche.identity.Actor;
import dev.cloche.identity.ManualClock;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.Scope;
import dev.cloche.kernel.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyRoutesTest {
    private static final PersonId PERSON = new PersonId("member0000000000");

    @TempDir
    private Path folder;

    private final FakeRegistry registry = new FakeRegistry();
    private final ManualClock clock = new ManualClock();
    private final TestWheels.Made rich = TestWheels.pure("rich", "13.0", "pygments>=2");
    private final TestWheels.Made numpy = TestWheels.tagged("numpy", "2.4.6", "cp314-cp314-pyemscripten_2026_0_wasm32");
    private HttpUpstream upstream = upstream(Optional.empty());
    private Router router = new Router(List.of());

    @BeforeEach
    void start() throws IOException {
        TestWheels.shelf(folder.resolve("shelf"), numpy);
        router = open(100_000_000);
    }

    @AfterEach
    void stop() {
        upstream.close();
        registry.close();
    }

    private HttpUpstream upstream(Optional<String> credentials) {
        URI url = registry.url("/simple/");
        String text = credentials.map(c -> "http://" + c + "@" + url.getAuthority() + "/simple").orElse(url.toString());
        HttpUpstream.Limits limits = new HttpUpstream.Limits(
                Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(2), Duration.ofSeconds(60), Duration.ofSeconds(60), 1_000_000);
        return new HttpUpstream(UpstreamAddress.of(text, Optional.empty()), Trust.context(Map.of(), Optional.empty()), limits);
    }

    private Router open(long cacheLimit) {
        PackagesConfig config = new PackagesConfig(folder.resolve("shelf"), folder.resolve("data"), new PackagesConfig.Index.None(), cacheLimit, 5_000_000);
        return new Router(new PythonPackages(config, upstream, new FakeCatalog(), new Access(new Nobody()), clock).routes());
    }

    @Test
    void anHtmlOnlyIndexIsGivenAsJsonWithMetadata() {
        registry.project("rich", rich);

        Response response = get("/pypi/simple/rich/", "accept", SimpleJson.MEDIA_TYPE);

        JsonNode file = Json.tree(bytes(response)).path("files").get(0);
        assertThat(response.header("content-type")).contains(SimpleJson.MEDIA_TYPE);
        assertThat(file.path("filename").asText()).isEqualTo(rich.file());
        assertThat(file.path("url").asText()).isEqualTo("../../files/" + rich.digest() + "/" + rich.file());
        assertThat(file.path("hashes").path("sha256").asText()).isEqualTo(rich.digest().hex());
        assertThat(file.path("requires-python").asText()).isEqualTo(">=3.8");
        assertThat(file.path("core-metadata").asBoolean()).isTrue();
    }

    @Test
    void theSameIsGivenAsHtml() {
        registry.project("rich", rich);

        String html = text(get("/pypi/simple/rich/"));

        assertThat(html).contains("href=\"../../files/" + rich.digest() + "/" + rich.file() + "#sha256=" + rich.digest() + "\"")
                .contains("data-requires-python=\"&gt;=3.8\"").contains("data-core-metadata=\"true\"");
        assertThat(SimpleHtml.read(html.getBytes(StandardCharsets.UTF_8), URI.create("http://x/pypi/simple/rich/"))).hasSize(1);
    }

    @Test
    void theFormIsChosenByQuality() {
        registry.project("rich", rich);

        assertThat(type("text/html;q=0.5, " + SimpleJson.MEDIA_TYPE + ";q=0.9")).isEqualTo(SimpleJson.MEDIA_TYPE);
        assertThat(type("text/html, " + SimpleJson.MEDIA_TYPE + ";q=0.9")).startsWith("text/html");
        assertThat(type("application/vnd.pypi.simple.latest+json")).isEqualTo(SimpleJson.MEDIA_TYPE);
        assertThat(type("*/*")).startsWith("text/html");
        assertThat(type("application/xml")).startsWith("text/html");
        assertThat(type(SimpleJson.MEDIA_TYPE + ";q=0, " + SimpleHtml.MEDIA_TYPE + ";q=abc")).startsWith("text/html");
    }

    private String type(String accept) {
        return get("/pypi/simple/rich/", "accept", accept).header("content-type").orElseThrow();
    }

    @Test
    void aJsonIndexIsReadToo() {
        String json = "{\"meta\":{\"api-version\":\"1.1\"},\"name\":\"rich\",\"files\":[{\"filename\":\"" + rich.file() + "\",\"url\":\"/files/" + rich.file()
                + "\",\"hashes\":{\"sha256\":\"" + rich.digest() + "\"},\"requires-python\":null,\"size\":" + rich.bytes().length + ",\"yanked\":\"why\"},"
                + "{\"filename\":\"md5-1-py3-none-any.whl\",\"url\":\"/files/x\",\"hashes\":{\"md5\":\"1\"}}]}";
        registry.at("/simple/rich/", FakeRegistry.ok(SimpleJson.MEDIA_TYPE, json.getBytes(StandardCharsets.UTF_8)))
                .at("/files/" + rich.file(), FakeRegistry.ok("x", rich.bytes()));

        JsonNode files = Json.tree(bytes(get("/pypi/simple/rich/", "accept", SimpleJson.MEDIA_TYPE))).path("files");

        assertThat(files).hasSize(1);
        assertThat(files.get(0).path("yanked").asText()).isEqualTo("why");
        assertThat(files.get(0).path("size").asInt()).isEqualTo(rich.bytes().length);
        assertThat(get("/pypi/files/" + rich.digest() + "/" + rich.file()).status()).isEqualTo(200);
    }

    @Test
    void anUnchangedPageIsNotSentAgain() {
        registry.project("rich", rich);
        String tag = get("/pypi/simple/rich/").header("etag").orElseThrow();

        assertThat(get("/pypi/simple/rich/", "if-none-match", tag).status()).isEqualTo(304);
        assertThat(get("/pypi/simple/rich/", "if-none-match", "\"other\"").status()).isEqualTo(200);
    }

    @Test
    void pagesAreRememberedForFiveMinutes() {
        registry.project("rich", rich);
        get("/pypi/simple/rich/");
        clock.pass(Duration.ofMinutes(4));
        get("/pypi/simple/rich/");
        assertThat(registry.count("/simple/rich/")).isEqualTo(1);

        clock.pass(Duration.ofMinutes(2));
        get("/pypi/simple/rich/");

        assertThat(registry.count("/simple/rich/")).isEqualTo(2);
    }

    @Test
    void whatIsMissingIsRememberedForAMinute() {
        assertThat(get("/pypi/simple/nosuch/").status()).isEqualTo(404);
        assertThat(get("/pypi/simple/nosuch/").status()).isEqualTo(404);
        assertThat(registry.count("/simple/nosuch/")).isEqualTo(1);

        clock.pass(Duration.ofMinutes(2));
        registry.project("nosuch", rich);

        assertThat(get("/pypi/simple/nosuch/").status()).isEqualTo(200);
    }

    @Test
    void onceWarmItWorksWithoutTheNetworkAlsoAfterARestart() {
        registry.project("rich", rich);
        get("/pypi/simple/rich/");
        get("/pypi/files/" + rich.digest() + "/" + rich.file());
        get("/pypi/files/" + rich.digest() + "/" + rich.file() + ".metadata");
        registry.close();
        clock.pass(Duration.ofDays(30));

        router = open(100_000_000);

        Response page = get("/pypi/simple/rich/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("warning").orElse("")).startsWith("110");
        assertThat(Long.parseLong(page.header("age").orElseThrow())).isEqualTo(Duration.ofDays(30).toSeconds());
        assertThat(get("/pypi/files/" + rich.digest() + "/" + rich.file()).status()).isEqualTo(200);
        assertThat(text(get("/pypi/files/" + rich.digest() + "/" + rich.file() + ".metadata"))).contains("Name: rich");
        assertThat(get("/pypi/simple/other/").status()).isEqualTo(502);
    }

    @Test
    void theShelfIsThereWithoutAnyIndex() {
        registry.close();

        assertThat(text(get("/pypi/simple/numpy/"))).contains(numpy.file());
        assertThat(text(get("/pypi/simple/"))).contains("<a href=\"numpy/\">");
        assertThat(content(get("/pypi/files/" + numpy.digest() + "/" + numpy.file()))).isEqualTo(numpy.bytes());
    }

    @Test
    void shelfAndIndexAreOnePage() {
        TestWheels.Made newer = TestWheels.pure("numpy", "9.0");
        registry.project("numpy", newer);

        assertThat(text(get("/pypi/simple/numpy/"))).contains(numpy.file()).contains(newer.file());
    }

    @Test
    void ourOwnPackagesAreNeverAskedForOutside() throws IOException {
        TestWheels.Made own = TestWheels.pure("cloche", "0.1");
        TestWheels.Made squatter = TestWheels.pure("cloche", "9.0");
        TestWheels.shelf(folder.resolve("shelf"), own);
        router = open(100_000_000);
        registry.project("cloche", squatter);

        assertThat(text(get("/pypi/simple/cloche/"))).contains(own.file()).doesNotContain(squatter.file());
        assertThat(get("/pypi/files/" + squatter.digest() + "/" + squatter.file()).status()).isEqualTo(404);
    }

    @Test
    void metadataComesFromTheSeparateFileOrElseFromTheWheel() {
        TestWheels.Made plain = TestWheels.pure("plain", "1.0");
        registry.project("rich", rich).project("plain", plain)
                .at("/files/" + rich.file() + ".metadata", FakeRegistry.ok("x", "Metadata-Version: 2.1\nName: rich\nVersion: 13.0\n".getBytes(StandardCharsets.UTF_8)))
                .at("/files/" + plain.file() + ".metadata", FakeRegistry.ok("text/html", "<h1>Sorry</h1>".getBytes(StandardCharsets.UTF_8)));

        assertThat(text(get("/pypi/files/" + rich.digest() + "/" + rich.file() + ".metadata"))).startsWith("Metadata-Version: 2.1\nName: rich\nVersion: 13.0\n").doesNotContain("Summary");
        assertThat(registry.count("/files/" + rich.file())).isZero();
        assertThat(text(get("/pypi/files/" + plain.digest() + "/" + plain.file() + ".metadata"))).contains("Summary: The package plain");
    }

    @Test
    void aWrongHashIsTriedOnceMoreThenRefusedAndNothingKept() throws IOException {
        registry.project("rich", rich).at("/files/" + rich.file(), FakeRegistry.ok("x", "something else".getBytes(StandardCharsets.UTF_8)));

        Response response = get("/pypi/files/" + rich.digest() + "/" + rich.file());

        assertThat(response.status()).isEqualTo(502);
        assertThat(text(response)).contains("does not match its SHA-256");
        assertThat(registry.count("/files/" + rich.file())).isEqualTo(2);
        assertThat(files()).isEmpty();
    }

    @Test
    void aWrongHashThatIsRightTheSecondTimeIsTaken() {
        registry.project("rich", rich);
        CountDownLatch first = new CountDownLatch(1);
        registry.at("/files/" + rich.file(), out -> {
            boolean broken = first.getCount() == 1;
            first.countDown();
            FakeRegistry.ok("x", broken ? new byte[10] : rich.bytes()).write(out);
        });

        assertThat(content(get("/pypi/files/" + rich.digest() + "/" + rich.file()))).isEqualTo(rich.bytes());
    }

    @Test
    void aTransferThatStallsOrBreaksOffIsGivenUp() throws IOException {
        CountDownLatch end = new CountDownLatch(1);
        registry.project("rich", rich).at("/files/" + rich.file(), out -> {
            out.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            await(end);
        });
        assertThat(get("/pypi/files/" + rich.digest() + "/" + rich.file()).status()).isEqualTo(502);
        end.countDown();

        registry.at("/files/" + rich.file(), out -> out.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\nabc".getBytes(StandardCharsets.US_ASCII)));
        assertThat(get("/pypi/files/" + rich.digest() + "/" + rich.file()).status()).isEqualTo(502);
        assertThat(files()).isEmpty();

        registry.at("/files/" + rich.file(), FakeRegistry.ok("x", rich.bytes()));
        assertThat(get("/pypi/files/" + rich.digest() + "/" + rich.file()).status()).isEqualTo(200);
    }

    @Test
    void hugePagesAndFilesAreRefused() throws IOException {
        registry.page("huge", "x".repeat(1_000_001));
        TestWheels.Made big = new TestWheels.Made("big-1-py3-none-any.whl", new byte[5_000_001], List.of());
        registry.project("big", big);

        assertThat(get("/pypi/simple/huge/").status()).isEqualTo(502);
        clock.pass(Duration.ofMinutes(1));
        assertThat(text(get("/pypi/files/" + big.digest() + "/" + big.file()))).contains("larger than");
        assertThat(files()).isEmpty();
    }

    @Test
    void redirectsAreFollowedOnTheSameHostOnly() {
        registry.project("rich", rich)
                .at("/simple/Moved/", FakeRegistry.status(301, "location: /simple/rich/"))
                .at("/simple/moved/", FakeRegistry.status(301, "location: /simple/Moved/"));
        assertThat(get("/pypi/simple/moved/").status()).isEqualTo(200);

        for (String target : List.of("http://127.0.0.1:1/", "http://169.254.169.254/latest/", "file:///etc/passwd", "http://[::1]/", "//localhost/x", "https://evil.example/")) {
            clock.pass(Duration.ofMinutes(1));
            registry.at("/simple/away/", FakeRegistry.status(302, "location: " + target));
            assertThat(get("/pypi/simple/away/").status()).as(target).isEqualTo(502);
            clock.pass(Duration.ofMinutes(1));
        }
        registry.at("/simple/loop/", FakeRegistry.status(302, "location: /simple/loop/"));
        clock.pass(Duration.ofMinutes(1));
        assertThat(text(get("/pypi/simple/loop/"))).contains("redirects too often");
    }

    @Test
    void anIndexThatFailsIsNotAskedForEachPackageAnew() {
        registry.at("/simple/a/", FakeRegistry.status(500)).at("/simple/b/", FakeRegistry.status(500));

        assertThat(get("/pypi/simple/a/").status()).isEqualTo(502);
        assertThat(get("/pypi/simple/b/").status()).isEqualTo(502);
        assertThat(registry.requests).hasSize(1);

        clock.pass(Duration.ofSeconds(11));
        registry.project("b", rich);
        assertThat(get("/pypi/simple/b/").status()).isEqualTo(200);
    }

    @Test
    void manyWhoWantTheSameFileFetchItOnce() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        registry.project("rich", rich).at("/files/" + rich.file(), out -> {
            await(go);
            FakeRegistry.ok("x", rich.bytes()).write(out);
        });
        get("/pypi/simple/rich/");
        List<Thread> clients = new ArrayList<>();
        List<Integer> statuses = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 20; i++) {
            clients.add(Thread.startVirtualThread(() -> statuses.add(get("/pypi/files/" + rich.digest() + "/" + rich.file()).status())));
        }
        go.countDown();
        for (Thread client : clients) {
            client.join();
        }

        assertThat(statuses).hasSize(20).containsOnly(200);
        assertThat(registry.count("/files/" + rich.file())).isEqualTo(1);
    }

    @Test
    void theCacheStaysWithinItsLimitAndTheOldestGoes() throws IOException {
        TestWheels.Made a = new TestWheels.Made("a-1-py3-none-any.whl", filled(1, 40_000), List.of());
        TestWheels.Made b = new TestWheels.Made("b-1-py3-none-any.whl", filled(2, 40_000), List.of());
        TestWheels.Made c = new TestWheels.Made("c-1-py3-none-any.whl", filled(3, 40_000), List.of());
        registry.project("a", a).project("b", b).project("c", c);
        router = open(100_000);
        for (TestWheels.Made wheel : List.of(a, b)) {
            get("/pypi/files/" + wheel.digest() + "/" + wheel.file());
        }
        Files.setLastModifiedTime(files().stream().filter(f -> f.endsWith(b.file())).findFirst().orElseThrow(), java.nio.file.attribute.FileTime.fromMillis(0));

        get("/pypi/files/" + c.digest() + "/" + c.file());

        assertThat(files()).map(f -> f.getFileName().toString()).containsExactlyInAnyOrder(a.file(), c.file());
    }

    @Test
    void hostileNamesLeadNowhere() {
        registry.project("rich", rich);
        String digest = rich.digest().hex();
        for (String path : List.of("/pypi/simple/..%2f..%2fetc/", "/pypi/simple/%00/", "/pypi/simple/r%C3%AFch/", "/pypi/simple/a b/",
                "/pypi/files/" + digest + "/..%2frich", "/pypi/files/" + digest + "/%2e%2e", "/pypi/files/zz/" + rich.file(),
                "/pypi/files/" + digest + "/rich.metadata", "/pypi/files/" + "0".repeat(64) + "/" + rich.file(), "/pypi/files/" + digest + "/other-1-py3-none-any.whl")) {
            assertThat(get(path).status()).as(path).isIn(400, 404);
        }
    }

    @Test
    void hostilePagesOfferNothingHarmful() {
        registry.page("evil", "<a href='file:///etc/passwd#sha256=" + "0".repeat(64) + "'>x</a><a href=\"javascript:alert(1)\">y</a>"
                + "<a href='http://user:pw@127.0.0.1/a-1-py3-none-any.whl#sha256=" + "0".repeat(64) + "'>z</a>"
                + "<a href='/f/..%2f..%2fx-1-py3-none-any.whl#sha256=" + "0".repeat(64) + "'>t</a>"
                + "<a href='/f/evil-1-py3-none-any.whl#md5=1'>m</a><a href='/f/evil-2-py3-none-any.whl#sha256=" + "1".repeat(64)
                + "' data-requires-python='&lt;3&quot;&gt;&#60;script&#x3e;' data-yanked>ok</a><a href='unclosed");

        String html = text(get("/pypi/simple/evil/"));

        assertThat(html).contains("evil-2").doesNotContain("evil-1").doesNotContain("passwd").doesNotContain("<script").doesNotContain("..%2f..");
        assertThat(html).contains("data-requires-python=\"&lt;3&quot;&gt;&lt;script&gt;\"").contains("data-yanked=\"\"");
    }

    @Test
    void credentialsGoToTheUpstreamOnlyAndAreShownNowhere() {
        upstream.close();
        upstream = upstream(Optional.of("me:secret"));
        router = open(100_000_000);
        registry.project("rich", rich);

        Response page = get("/pypi/simple/rich/");

        assertThat(registry.heads.getFirst().toLowerCase(java.util.Locale.ROOT)).contains("authorization: basic bwu6c2vjcmv0");
        assertThat(text(page)).doesNotContain("secret");
        assertThat(UpstreamAddress.of("https://me:secret@host/simple", Optional.empty()).toString()).doesNotContain("secret");
    }

    @Test
    void thePathWithoutSlashLeadsToTheOneWith() {
        Response response = get("/pypi/simple/Ri_ch");

        assertThat(response.status()).isEqualTo(308);
        assertThat(response.header("location")).contains("/pypi/simple/ri-ch/");
    }

    @Test
    void onlyActorsWithTheScopeAreServed() {
        Request nobody = Request.builder("GET", "/pypi/simple/").build();
        Request publisher = Request.builder("GET", "/pypi/simple/").build();
        publisher.set(Actor.ATTRIBUTE, new Actor.Token(PERSON, "t", Set.of(Scope.PUBLISH)));

        assertThat(router.handle(nobody).status()).isEqualTo(401);
        assertThat(router.handle(publisher).status()).isEqualTo(403);
    }

    private Response get(String path, String... headers) {
        var builder = Request.builder("GET", path);
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        Request request = builder.build();
        request.set(Actor.ATTRIBUTE, new Actor.Session(PERSON, "s"));
        return router.handle(request);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("data").resolve("files"))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static byte[] filled(int value, int size) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static byte[] bytes(Response response) {
        return ((Response.Body.Bytes) response.body()).bytes();
    }

    private static byte[] content(Response response) {
        try {
            return Files.readAllBytes(((Response.Body.File) response.body()).path());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Response response) {
        return new String(bytes(response), StandardCharsets.UTF_8);
    }

    private static final class Nobody implements Access.Memberships {
        @Override
        public Optional<dev.cloche.identity.Role> role(PersonId person, dev.cloche.identity.ProjectId project) {
            return Optional.empty();
        }

        @Override
        public Map<dev.cloche.identity.ProjectId, dev.cloche.identity.Role> projects(PersonId person) {
            return Map.of();
        }

        @Override
        public boolean isServerOwner(PersonId person) {
            return false;
        }
    }
}
