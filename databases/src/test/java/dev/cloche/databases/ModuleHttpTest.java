package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.identity.ProjectId;
import dev.cloche.modules.HttpHeader;
import dev.cloche.storage.TestDatabase;
import dev.cloche.values.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** HTTP handlers of a module of the public crate for Rust ({@code rust-web}, built by {@code build-rust.sh}). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModuleHttpTest {
    private static final ProjectId PROJECT = new ProjectId("eeeeeeeeeeeeeeee");
    private static final Identity OWNER = Identity.ofClaims("test", "owner");

    private final TestDatabase postgres = TestDatabase.fresh();
    private LiveDatabases live;
    private LiveDatabase rust;

    @TempDir
    static Path folder;

    @BeforeAll
    void start() throws IOException {
        postgres.database().write(handle -> handle.execute(
                "INSERT INTO project (id, slug, name, created_at) VALUES (?, 'test', 'Test', now())", PROJECT.value()));
        Path assets = Path.of(System.getProperty("cloche.assets"));
        live = new LiveDatabases(LiveDatabases.Settings.in(Optional.of(assets), folder), postgres.database(), Clock.systemUTC());
        try (InputStream module = Objects.requireNonNull(ModuleHttpTest.class.getResourceAsStream("/rust-web/web.wasm"))) {
            rust = publish("rust-web", module.readAllBytes());
        }
    }

    @AfterAll
    void stop() {
        live.close();
        postgres.close();
    }

    private LiveDatabase publish(String name, byte[] module) {
        PublishOutcome outcome = live.databases().create(
                new NewDatabase(Optional.of(new DatabaseName(name)), PROJECT, OWNER), new ModuleFile(ModuleFile.Host.WASM, module));
        assertThat(outcome).isInstanceOf(PublishOutcome.Created.class);
        return live.databases().open(((PublishOutcome.Created) outcome).database().identity());
    }

    private static HandlerOutcome ask(LiveDatabase database, String method, String path, String query, String body, HttpHeader... headers) throws Exception {
        HandlerRequest request = new HandlerRequest(method, path, query, List.of(headers), body.getBytes(StandardCharsets.UTF_8));
        return database.handle(request).toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static HandlerOutcome.Answered answer(LiveDatabase database, String method, String path, String query, String body, HttpHeader... headers) throws Exception {
        HandlerOutcome outcome = ask(database, method, path, query, body, headers);
        assertThat(outcome).isInstanceOf(HandlerOutcome.Answered.class);
        return (HandlerOutcome.Answered) outcome;
    }

    private static String text(HandlerOutcome.Answered answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    @Test
    void aHandlerGetsTheRequestAndItsAnswerComesBack() throws Exception {
        HandlerOutcome.Answered answer = answer(rust, "POST", "/echo", "a=%20b", "the body", new HttpHeader("x-up", "caf\u00e9"), new HttpHeader("x-up", "b"));

        assertThat(answer.status()).isEqualTo(203);
        assertThat(answer.headers()).containsExactly(new HttpHeader("x-one", "1"), new HttpHeader("x-one", "2"), new HttpHeader("set-cookie", "a=b"));
        assertThat(text(answer)).isEqualTo("POST /echo?a=%20b HTTP/1.1\nx-up: \"caf\\xe9\"\nx-up: \"b\"\nthe body");
    }

    @Test
    void routesAreExact() throws Exception {
        assertThat(answer(rust, "GET", "", "", "").status()).isEqualTo(204);
        assertThat(text(answer(rust, "GET", "/", "", ""))).startsWith("GET / ");
        assertThat(text(answer(rust, "GET", "/inner/deep", "", ""))).startsWith("GET /inner/deep ");
        assertThat(ask(rust, "GET", "/inner", "", "")).isEqualTo(new HandlerOutcome.NoRoute());
        assertThat(ask(rust, "GET", "/echo/", "", "")).isEqualTo(new HandlerOutcome.NoRoute());
        assertThat(ask(rust, "DELETE", "/notes", "", "")).isEqualTo(new HandlerOutcome.OtherMethod(List.of("GET", "POST")));
        assertThat(text(answer(rust, "HEAD", "/notes", "", ""))).startsWith("HEAD /notes ");
        assertThat(text(answer(rust, "OPTIONS", "/echo", "", ""))).startsWith("OPTIONS /echo ");
    }

    @Test
    void aRowThatAHandlerWritesIsHeardAndCounted() throws Exception {
        HeardClient client = new HeardClient("listener");
        rust.connect(client);
        assertThat(client.next()).isEqualTo("opened");
        rust.subscribe(client, 1, 1, List.of("SELECT * FROM note"));
        client.next();

        HandlerOutcome.Answered answer = answer(rust, "POST", "/notes", "", "from outside");

        assertThat(text(answer)).isEqualTo("1");
        assertThat(answer.offset()).isPositive();
        assertThat(client.next()).isEqualTo("changed 1/note +1 -0");
        assertThat(count("from outside")).isEqualTo(1);
        rust.disconnect(client);
    }

    @Test
    void aHandlerThatBreaksCostsItsOwnRequestOnlyAndLeavesNoRow() throws Exception {
        assertThat(ask(rust, "PUT", "/broken", "", "")).isEqualTo(new HandlerOutcome.Failed(Failure.TRAP, "The instance encountered a fatal error."));

        assertThat(answer(rust, "GET", "", "", "").status()).isEqualTo(204);
        assertThat(count("never")).isZero();
    }

    private int count(String text) throws Exception {
        return rust.sql(OWNER, true, "SELECT * FROM note WHERE text = '" + text + "'").toCompletableFuture().get(60, TimeUnit.SECONDS).rows().count();
    }
}
