package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.packages.HttpUpstream.Limits;
import dev.cloche.packages.PackageSource.Unreachable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The limits of what an index may send; that nothing is kept of it then, {@link ProxyRoutesTest} has. */
class HttpUpstreamTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(700);
    private static final Limits PATIENT = new Limits(LONG, LONG, LONG, LONG, LONG, 32 * 1024 * 1024);
    private static final ProjectName MANY = new ProjectName("many");

    private final FakeRegistry registry = new FakeRegistry();
    private final TestWheels.Made rich = TestWheels.pure("rich", "13.0");

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aPageInEitherFormListsSoManyFilesAtMost() throws Exception {
        String link = "<a href='/f/many-%d-py3-none-any.whl#sha256=" + "0".repeat(64) + "'>x</a>";
        String item = "{\"filename\":\"many-%d-py3-none-any.whl\",\"url\":\"/f/x\",\"hashes\":{\"sha256\":\"" + "0".repeat(64) + "\"}}";
        try (HttpUpstream upstream = upstream(PATIENT)) {
            for (int count : List.of(SimplePage.MOST_FILES, SimplePage.MOST_FILES + 1)) {
                byte[] json = ("{\"files\":[" + repeated(item, count, ",") + "]}").getBytes(StandardCharsets.UTF_8);
                registry.page("html-" + count, repeated(link, count, "")).at("/simple/json-" + count + "/", FakeRegistry.ok(SimpleJson.MEDIA_TYPE, json));
            }
            for (String form : List.of("html-", "json-")) {
                assertThat(upstream.project(new ProjectName(form + SimplePage.MOST_FILES)).orElseThrow()).hasSize(SimplePage.MOST_FILES);
                refuses("it lists more than 50000 files", () -> upstream.project(new ProjectName(form + (SimplePage.MOST_FILES + 1))));
            }
        }
    }

    @Test
    void pagesAndMetadataHaveALargestSize() throws Exception {
        registry.page("many", "x".repeat(1001)).project("rich", rich).at("/files/" + rich.file() + ".metadata", FakeRegistry.ok("x", new byte[4 * 1024 * 1024 + 1]));
        try (HttpUpstream upstream = upstream(new Limits(LONG, LONG, LONG, LONG, LONG, 1000))) {
            refuses("its page is larger than 1000 bytes", () -> upstream.project(MANY));
            refuses("its metadata is larger than 4194304 bytes", () -> upstream.metadata(listed(upstream)));
        }
    }

    @Test
    void anIndexThatNeverAnswersIsGivenUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        registry.at("/simple/many/", out -> await(end));
        try (HttpUpstream upstream = upstream(new Limits(LONG, SHORT, LONG, LONG, LONG, 1000))) {
            refuses("does not answer in time", () -> upstream.project(MANY));
        }
        end.countDown();
    }

    @Test
    void whatStallsIsGivenUp() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        registry.at("/simple/many/", out -> {
            head(out);
            await(end);
        });
        try (HttpUpstream upstream = upstream(new Limits(LONG, LONG, SHORT, LONG, LONG, 1000))) {
            refuses("stopped sending", () -> upstream.project(MANY));
        }
        end.countDown();
    }

    @Test
    void whatDripsInWithoutEndIsGivenUp() throws Exception {
        registry.at("/simple/many/", HttpUpstreamTest::drip).project("rich", rich);
        try (HttpUpstream upstream = upstream(new Limits(LONG, LONG, LONG, SHORT, LONG, 100_000_000))) {
            refuses("stopped sending", () -> upstream.project(MANY));
        }
        registry.at("/files/" + rich.file(), HttpUpstreamTest::drip);
        try (HttpUpstream upstream = upstream(new Limits(LONG, LONG, LONG, LONG, SHORT, 100_000_000))) {
            refuses("stopped sending", () -> upstream.file(listed(upstream), InputStream::readAllBytes));
        }
    }

    private HttpUpstream upstream(Limits limits) {
        return new HttpUpstream(UpstreamAddress.of(registry.url("/simple/").toString(), Optional.empty()), Trust.context(Map.of(), Optional.empty()), limits);
    }

    private static IndexFile listed(HttpUpstream upstream) throws Unreachable {
        return upstream.project(new ProjectName("rich")).orElseThrow().getFirst();
    }

    private static void refuses(String why, ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOfSatisfying(Unreachable.class, failure -> assertThat(failure.why()).contains(why));
    }

    private static String repeated(String text, int count, String between) {
        return IntStream.range(0, count).mapToObj(i -> text.replace("%d", "" + i)).collect(Collectors.joining(between));
    }

    private static void head(OutputStream out) throws IOException {
        out.write("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 100000000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** A byte now and then until nobody listens any more: never long enough without one to count as stalled. */
    private static void drip(OutputStream out) throws IOException {
        head(out);
        while (true) {
            out.write('x');
            out.flush();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
