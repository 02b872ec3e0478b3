package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cloche.databases.ReducerOutcome.Failure;
import dev.cloche.modules.HttpHeader;
import dev.cloche.storage.TestDatabase;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** HTTP handlers of a module of the public crate for Rust ({@code rust-web}, built by {@code build-rust.sh}), and of one in Python. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModuleHttpTest {
    private static final Identity OWNER = Identity.ofClaims("test", "owner");

    /** A webhook as one is written: it proves itself by a signature, and its message becomes a row. */
    private static final String HOOK = """
            import hashlib, hmac
            from cloche import HandlerContext, ReducerError, Request, Timestamp, U64, http_handler, procedure, reducer, table

            @table(public=True, primary_key="id", auto_inc="id")
            class Payment:
                id: U64
                amount: int
                seen: Timestamp

            @http_handler("/hooks/payment", methods=["POST"])
            def payment(ctx: HandlerContext, request: Request):
                expected = hmac.new(b"secret", request.body, hashlib.sha256).hexdigest()
                if not hmac.compare_digest(request.header("x-signature", ""), expected):
                    return "this is not from our bank", 401
                with ctx.transaction() as tx:
                    row = tx.db.payment.insert(Payment(request.json()["amount"], tx.timestamp))
                    if row.amount < 0:
                        raise ReducerError("an amount is above 0")
                    return {"amount": row.amount}, 201

            @http_handler("/slow")
            def slow(ctx, request):
                ctx.sleep_until(ctx.timestamp + int(request.query["micros"]))
                return "awake"

            @http_handler("/broken")
            def broken(ctx, request):
                return {}["x"]

            @procedure
            def rate(ctx, url: str) -> str:
                answer = ctx.http.post(url, json={"from": "EUR"}, headers={"X-Key": "k"}, timeout=5)
                return f"{answer.status} {answer.header('X-Said')} {answer.text()}"

            @procedure
            def inside(ctx, url: str) -> str:
                with ctx.transaction() as tx:
                    return ctx.http.get(url).text()

            @procedure
            def settle(ctx) -> str:
                with ctx.transaction() as tx:
                    tx.db.payment.insert(Payment(7, tx.timestamp))
                return "settled"

            @reducer
            def pay(ctx, amount: int):
                ctx.db.payment.insert(Payment(amount, ctx.timestamp))
            """;

    private final TestDatabase postgres = TestProject.database();
    private HttpServer server;
    private LiveDatabases live;
    private LiveDatabase rust;
    private LiveDatabase python;

    /** Kept, so that the interpreter is compiled once for all tests that run it. */
    private static final Path FOLDER = Path.of("target", "modules");

    @BeforeAll
    void start() throws IOException {
        Path assets = Path.of(System.getProperty("cloche.assets"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", ModuleHttpTest::answer);
        server.start();
        OutboundSettings outbound = new OutboundSettings(List.of(OutboundSettings.host("127.0.0.1:" + server.getAddress().getPort())), "", true);
        live = new LiveDatabases(LiveDatabases.Settings.in(Optional.of(assets), FOLDER).reaching(outbound), postgres.database(), Clock.systemUTC());
        try (InputStream module = Objects.requireNonNull(ModuleHttpTest.class.getResourceAsStream("/rust-web/web.wasm"))) {
            rust = publish("rust-web", module.readAllBytes());
        }
        python = publish("python-web", HOOK.getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    void stop() {
        live.close();
        server.stop(0);
        postgres.close();
    }

    /** The server that modules ask: says what it heard. */
    private static void answer(HttpExchange asked) throws IOException {
        String heard = asked.getRequestMethod() + " " + asked.getRequestURI() + " " + asked.getRequestHeaders().get("X-Asked") + " "
                + asked.getRequestHeaders().get("X-Key") + " " + new String(asked.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.getResponseHeaders().add("X-Said", "yes");
        asked.sendResponseHeaders(418, 0);
        asked.getResponseBody().write(heard.getBytes(StandardCharsets.UTF_8));
        asked.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Calls a procedure of strings and a number that returns a string. */
    private static String procedure(LiveDatabase database, String name, BsatnWriter arguments) throws Exception {
        var answer = database.call(OWNER, name, arguments.toArray()).toCompletableFuture().get(60, TimeUnit.SECONDS);
        return switch (((LiveDatabase.CallAnswer.OfProcedure) answer).outcome()) {
            case ProcedureOutcome.Returned(byte[] value) -> new BsatnReader(value).readString();
            case ProcedureOutcome.Failed(Failure failure, String message) -> failure + ": " + message;
        };
    }

    private LiveDatabase publish(String name, byte[] module) {
        PublishOutcome outcome = live.databases().create(
                new NewDatabase(Optional.of(new DatabaseName(name)), TestProject.ID, OWNER), new ModuleFile(ModuleFile.Host.WASM, module));
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

        assertThat(text(answer)).matches("[0-9]+");
        assertThat(answer.offset()).isPositive();
        assertThat(client.next()).isEqualTo("changed 1/note +1 -0");
        assertThat(count("from outside")).isEqualTo(1);
        rust.disconnect(client);
    }

    @Test
    void aHandlerThatBreaksCostsItsOwnRequestOnlyAndLeavesNoRow() throws Exception {
        HandlerOutcome outcome = ask(rust, "PUT", "/broken", "", "");
        assertThat(outcome).isInstanceOf(HandlerOutcome.Failed.class);
        assertThat(((HandlerOutcome.Failed) outcome).failure()).isEqualTo(Failure.TRAP);
        assertThat(((HandlerOutcome.Failed) outcome).message()).startsWith("The instance encountered a fatal error.");

        assertThat(answer(rust, "GET", "", "", "").status()).isEqualTo(204);
        assertThat(count("never")).isZero();
    }

    private int count(String text) throws Exception {
        return rust.sql(OWNER, true, "SELECT * FROM note WHERE text = '" + text + "'").toCompletableFuture().get(60, TimeUnit.SECONDS).rows().count();
    }

    @Test
    void aProceduresAnswerNamesItsOwnTransactionSoThatItCanBeAwaited() throws Exception {
        LiveDatabase database = publish("python-settles", HOOK.getBytes(StandardCharsets.UTF_8));
        for (int call = 0; call < 10; call++) {
            var answer = (LiveDatabase.CallAnswer.OfProcedure) database.call(OWNER, "settle", new byte[0]).toCompletableFuture().get(60, TimeUnit.SECONDS);
            long last = database.sql(OWNER, true, "SELECT * FROM payment").toCompletableFuture().get(60, TimeUnit.SECONDS).offset();
            assertThat(answer.outcome()).isInstanceOf(ProcedureOutcome.Returned.class);
            assertThat(answer.offset()).isEqualTo(last);
        }
    }

    @Test
    void aWebhookInPythonProvesItselfAndWritesARowThatSubscribersHear() throws Exception {
        HeardClient client = new HeardClient("shop");
        python.connect(client);
        assertThat(client.next()).isEqualTo("opened");
        python.subscribe(client, 1, 1, List.of("SELECT * FROM payment"));
        client.next();

        HandlerOutcome.Answered forged = answer(python, "POST", "/hooks/payment", "", "{\"amount\": 5}", new HttpHeader("x-signature", "00"));
        assertThat(forged.status()).isEqualTo(401);
        assertThat(text(forged)).isEqualTo("this is not from our bank");

        HandlerOutcome.Answered paid = answer(python, "POST", "/hooks/payment", "", "{\"amount\": 5}", new HttpHeader("x-signature", signed("{\"amount\": 5}")));
        assertThat(paid.status()).isEqualTo(201);
        assertThat(paid.headers()).contains(new HttpHeader("content-type", "application/json"));
        assertThat(text(paid)).isEqualTo("{\"amount\": 5}");
        assertThat(client.next()).isEqualTo("changed 1/payment +1 -0");
        python.disconnect(client);
    }

    @Test
    void aMistakeInAHandlerOfPythonNamesItsPlaceAndUndoesItsTransaction() throws Exception {
        HandlerOutcome.Answered broken = answer(python, "GET", "/broken", "", "");
        assertThat(broken.status()).isEqualTo(500);
        assertThat(text(broken)).startsWith("KeyError: 'x' (").contains(":" + line("return {}[\"x\"]") + " in broken)");

        HandlerOutcome.Answered refused = answer(python, "POST", "/hooks/payment", "", "{\"amount\": -1}", new HttpHeader("x-signature", signed("{\"amount\": -1}")));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(text(refused)).isEqualTo("an amount is above 0");
        assertThat(python.sql(OWNER, true, "SELECT * FROM payment WHERE amount = -1").toCompletableFuture().get(60, TimeUnit.SECONDS).rows().count()).isZero();
    }

    @Test
    void aSlowHandlerHoldsUpNoReducer() throws Exception {
        HandlerRequest slow = new HandlerRequest("GET", "/slow", "micros=3000000", List.of(), new byte[0]);
        var waiting = python.handle(slow).toCompletableFuture();

        var paid = python.call(OWNER, "pay", new BsatnWriter().writeU64(7).toArray()).toCompletableFuture().get(60, TimeUnit.SECONDS);

        assertThat(((LiveDatabase.CallAnswer.OfReducer) paid).outcome()).isInstanceOf(ReducerOutcome.Committed.class);
        assertThat(waiting).isNotDone();
        assertThat(text((HandlerOutcome.Answered) waiting.get(60, TimeUnit.SECONDS))).isEqualTo("awake");
    }

    @Test
    void aProcedureInRustAsksAServerThatIsAllowed() throws Exception {
        BsatnWriter get = new BsatnWriter().writeString("QUERY").writeString(url("/a?b=c")).writeString("body").writeU64(5_000);
        assertThat(procedure(rust, "fetch", get)).isEqualTo("418 I'm a teapot HTTP/1.1 Some(\"yes\") QUERY /a?b=c [yes, twice] null body");

        BsatnWriter other = new BsatnWriter().writeString("GET").writeString("http://localhost:9/x").writeString("").writeU64(0);
        assertThat(procedure(rust, "fetch", other)).isEqualTo(
                "error: GET http://localhost:9/x: this server's administrator does not allow requests to localhost:9 (setting databases.outbound)");
    }

    @Test
    void aProcedureInPythonAsksAServerButNotInATransaction() throws Exception {
        assertThat(procedure(python, "rate", new BsatnWriter().writeString(url("/rates")))).isEqualTo("418 yes POST /rates null [k] {\"from\": \"EUR\"}");

        assertThat(procedure(python, "inside", new BsatnWriter().writeString(url("/"))))
                .startsWith("TRAP: HttpError: GET " + url("/") + ": not possible here; close the transaction first (").endsWith("in inside)");
        assertThat(procedure(python, "rate", new BsatnWriter().writeString("https://example.org/")))
                .contains("HttpError: POST https://example.org/: this server's administrator does not allow requests to example.org").contains(" in rate)");
    }

    private static int line(String text) {
        return (int) HOOK.substring(0, HOOK.indexOf(text)).lines().count() + (HOOK.charAt(HOOK.indexOf(text) - 1) == '\n' ? 1 : 0);
    }

    private static String signed(String body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
    }
}
