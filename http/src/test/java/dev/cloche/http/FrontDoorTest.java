package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrontDoorTest {
    private static final String OWN = "http://cloche.localhost:3000";
    private static final String COOKIE = "__Host-cloche=good";

    private final AtomicInteger handled = new AtomicInteger();
    private final Route.Handler handler = request -> {
        handled.incrementAndGet();
        return Response.text(200, "done");
    };
    private final FrontDoor door = new FrontDoor(Origins.local(3000), new FrontDoor.Parts(
            List.of(
                    Route.get("/api/things", handler),
                    Route.post("/api/things", handler),
                    Route.post("/api/session", handler).open(),
                    Route.get("/health/live", handler).open(),
                    Route.get("/pypi/simple/", handler),
                    Route.get("/app/{name}/{path*}", request -> Response.bytes(200, "text/html", new byte[0])).open(),
                    Route.get("/app/{name}", request -> Response.bytes(200, "text/html", new byte[0])
                            .with("content-security-policy", "sandbox allow-scripts allow-same-origin; style-src 'unsafe-inline'")
                            .with("access-control-allow-origin", "*")).open()),
            List.of(Route.post("/__cloche/echo", handler).open()),
            Assets.none(),
            FrontDoorTest::authenticate,
            RequestCheck.none()));

    private static boolean authenticate(Request request, Credentials credentials) {
        return switch (credentials) {
            case Credentials.Session(String secret) -> secret.equals("good");
            case Credentials.Bearer(String secret) -> {
                if (!secret.equals("good")) {
                    throw Problem.of(ErrorCode.UNAUTHENTICATED, "no");
                }
                yield true;
            }
        };
    }

    /** Rows: what a sender shows; columns: GET of an actor's route, POST of one, POST to sign in, GET of something open. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        // cookie, site, origin, token, get, post, signIn, open
        "-, -, -, -, 401, 401, 200, 200",
        "-, same-origin, -, -, 401, 401, 200, 200",
        "good, same-origin, -, -, 200, 200, 200, 200",
        "good, same-origin, own, -, 200, 200, 200, 200",
        "bad, same-origin, own, -, 401, 401, 200, 200",
        "good, -, -, -, 403, 403, 200, 200",
        "good, none, -, -, 403, 403, 200, 200",
        "good, same-site, -, -, 403, 403, 403, 403",
        "good, cross-site, -, -, 403, 403, 403, 403",
        "good, same-site, http://5000--ws-0123456789abcdef.host.cloche.localhost:3000, -, 403, 403, 403, 403",
        "good, same-origin, http://a.app.cloche.localhost:3000, -, 403, 403, 403, 403",
        "good, same-origin, null, -, 403, 403, 403, 403",
        "good, same-origin, http://cloche.localhost:3000.evil.example, -, 403, 403, 403, 403",
        "good, -, http://evil.example, -, 403, 403, 403, 403",
        "good, something-new, -, -, 403, 403, 403, 403",
        "-, -, -, good, 200, 200, 200, 200",
        "-, -, -, bad, 401, 401, 200, 200",
        "good, same-origin, own, bad, 401, 401, 200, 200",
        "-, same-site, -, good, 403, 403, 403, 403",
        "-, -, http://evil.example, good, 403, 403, 403, 403",
        "-, same-origin, own, good, 200, 200, 200, 200",
    })
    void whoMayReachWhat(String cookie, String site, String origin, String token, int get, int post, int signIn, int open) {
        assertThat(send("GET", "/api/things", cookie, site, origin, token)).isEqualTo(get);
        assertThat(send("POST", "/api/things", cookie, site, origin, token)).isEqualTo(post);
        assertThat(send("POST", "/api/session", cookie, site, origin, token)).isEqualTo(signIn);
        assertThat(send("GET", "/health/live", cookie, site, origin, token)).isEqualTo(open);
        // a path or a method that is not there tells other pages nothing
        boolean refused = open == 403;
        assertThat(send("PUT", "/api/things", cookie, site, origin, token)).isEqualTo(refused ? 403 : 405);
        assertThat(send("GET", "/api/nowhere", cookie, site, origin, token)).isEqualTo(refused ? 403 : 404);
    }

    @Test
    void aLinkFromAnotherPageOpensAnAppButNotTheApi() {
        RequestBuilder app = control("GET", "/app/todo/").header("sec-fetch-site", "cross-site").header("sec-fetch-mode", "navigate");
        RequestBuilder api = control("GET", "/api/things").header("sec-fetch-site", "same-site").header("sec-fetch-mode", "navigate").header("cookie", COOKIE);

        assertThat(door.answer(app.build()).status()).isEqualTo(200);
        assertThat(door.answer(api.build()).status()).isEqualTo(403);
        assertThat(handled).hasValue(0);
    }

    @Test
    void aWebSocketOfTheOwnPageIsKnownByItsOriginSinceBrowsersSayNoMore() {
        assertThat(socketStatus("GET", OWN)).isEqualTo(200);
        assertThat(socketStatus("POST", OWN)).isEqualTo(403);
        for (String origin : new String[] {"http://a.app.cloche.localhost:3000", "http://workers.host.cloche.localhost:3000", "null", "http://evil.example"}) {
            assertThat(socketStatus("GET", origin)).isEqualTo(403);
        }
        RequestBuilder silent = control("GET", "/api/things").header("cookie", COOKIE).header("connection", "Upgrade").header("upgrade", "websocket");
        assertThat(door.answer(silent.build()).status()).isEqualTo(403);
    }

    private int socketStatus(String method, String origin) {
        return door.answer(control(method, "/api/things").header("cookie", COOKIE).header("origin", origin)
                .header("connection", "keep-alive, Upgrade").header("upgrade", "websocket").build()).status();
    }

    @Test
    void onlyTheOneCookieIsReadAndOnlyOnce() {
        assertThat(statusWithCookie("cloche=good")).isEqualTo(401);
        assertThat(statusWithCookie("__host-cloche=good")).isEqualTo(401);
        assertThat(statusWithCookie("x=1; __Host-cloche=good; y=2")).isEqualTo(200);
        assertThat(statusWithCookie("__Host-cloche=good; __Host-cloche=evil")).isEqualTo(401);
        assertThat(statusWithCookie("__Host-cloche=evil; __Host-cloche=good")).isEqualTo(401);
        assertThat(statusWithCookie("__Host-cloche=")).isEqualTo(401);
        assertThat(statusWithCookie("__Host-cloche-evil=good")).isEqualTo(401);
    }

    @Test
    void repeatedHeadersThatContradictAreAnotherPage() {
        RequestBuilder sites = control("GET", "/api/things").header("cookie", COOKIE).header("sec-fetch-site", "same-origin").header("sec-fetch-site", "same-site");
        RequestBuilder origins = control("GET", "/api/things").header("cookie", COOKIE).header("sec-fetch-site", "same-origin").header("origin", OWN).header("origin", OWN);

        assertThat(door.answer(sites.build()).status()).isEqualTo(403);
        assertThat(door.answer(origins.build()).status()).isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({"localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost"})
    void onLoopbackNamesPagesAreSentOnAndOnlyTokensCount(String host) {
        Response page = door.answer(Request.builder("GET", "/workspace/x").host(host).rawQuery("a=b").header("accept", "text/html").build());

        assertThat(page.status()).isEqualTo(302);
        assertThat(page.header("location")).contains(OWN + "/workspace/x?a=b");
        assertThat(onHost(host, "GET", "/api/things").header("authorization", "Bearer good").build()).satisfies(r -> assertThat(door.answer(r).status()).isEqualTo(200));
        assertThat(door.answer(onHost(host, "GET", "/health/live").build()).status()).isEqualTo(200);
        assertThat(door.answer(onHost(host, "GET", "/app/todo/").build()).status()).isEqualTo(200);
        assertThat(door.answer(onHost(host, "GET", "/api/things").build()).status()).isEqualTo(401);
        assertThat(door.answer(onHost(host, "GET", "/api/things").header("cookie", COOKIE).header("sec-fetch-site", "same-origin").build()).status()).isEqualTo(403);
        assertThat(door.answer(onHost(host, "POST", "/api/session").build()).status()).isEqualTo(403);
        assertThat(door.answer(onHost(host, "GET", "/api/things").header("authorization", "Bearer good").header("origin", "http://" + host).build()).status()).isEqualTo(403);
    }

    @Test
    void thePathOfARedirectCannotNameAnotherHost() {
        Response page = door.answer(Request.builder("GET", "//evil.example/x").host("localhost:3000").header("accept", "text/html").build());

        assertThat(page.header("location").orElse(OWN + "/")).startsWith(OWN + "/");
    }

    @Test
    void aHostThatIsNotOursIsMisdirected() {
        Response answer = door.answer(Request.builder("GET", "/api/things").host("evilcloche.localhost:3000").header("authorization", "Bearer good").build());

        assertThat(answer.status()).isEqualTo(421);
        assertThat(handled).hasValue(0);
    }

    @Test
    void pipShowsItsTokenAsAPassword() {
        String basic = "Basic " + java.util.Base64.getEncoder().encodeToString("anyone:good".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        assertThat(door.answer(control("GET", "/pypi/simple/").header("authorization", basic).build()).status()).isEqualTo(200);
        assertThat(door.answer(control("GET", "/api/things").header("authorization", basic).build()).status()).isEqualTo(401);
        assertThat(door.answer(control("GET", "/pypi/simple/").build()).header("www-authenticate").orElseThrow()).startsWith("Basic");
        assertThat(door.answer(control("GET", "/pypi/simple/").header("sec-fetch-site", "same-origin").build()).header("www-authenticate").orElseThrow()).startsWith("Bearer");
    }

    @Test
    void onUserContentNobodyIsSignedInAndTheApiIsNotThere() {
        String host = "ws-0123456789abcdef.host.cloche.localhost:3000";

        assertThat(door.answer(onHost(host, "GET", "/api/things").header("authorization", "Bearer good").build()).status()).isEqualTo(404);
        assertThat(door.answer(onHost(host, "POST", "/__cloche/echo").build()).status()).isEqualTo(200);
        assertThat(door.answer(onHost("cloche.localhost:3000", "POST", "/__cloche/echo").build()).status()).isEqualTo(404);
    }

    @Test
    void nothingThatARouteAnswersEverRunsAsAPageOfOurs() {
        Response answer = door.answer(control("GET", "/app/todo").build());

        assertThat(answer.header("content-security-policy").orElseThrow()).contains("sandbox allow-scripts").doesNotContain("allow-same-origin");
        assertThat(answer.headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(door.answer(control("GET", "/app/todo/").build()).header("content-security-policy").orElseThrow()).endsWith("sandbox");
        assertThat(door.answer(control("GET", "/api/things").build()).header("cross-origin-resource-policy")).contains("same-origin");
        assertThat(door.answer(control("GET", "/api/things").build()).header("cache-control")).contains("no-store");
    }

    @Test
    void aContentRouteThatWantsAnActorIsAMistake() {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new FrontDoor(Origins.local(1), new FrontDoor.Parts(
                        List.of(), List.of(Route.get("/x", handler)), Assets.none(), Authenticator.nobody(), RequestCheck.none())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private int send(String method, String path, String cookie, String site, String origin, String token) {
        RequestBuilder request = control(method, path);
        if (cookie != null) {
            request.header("cookie", "__Host-cloche=" + cookie);
        }
        if (site != null) {
            request.header("sec-fetch-site", site);
        }
        if (origin != null) {
            request.header("origin", origin.equals("own") ? OWN : origin);
        }
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        int before = handled.get();
        Response answer = door.answer(request.build());
        assertThat(handled.get() - before).isEqualTo(answer.status() == 200 ? 1 : 0);
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
        return answer.status();
    }

    private int statusWithCookie(String cookie) {
        return door.answer(control("GET", "/api/things").header("sec-fetch-site", "same-origin").header("cookie", cookie).build()).status();
    }

    private static RequestBuilder control(String method, String path) {
        return onHost("cloche.localhost:3000", method, path);
    }

    private static RequestBuilder onHost(String host, String method, String path) {
        return Request.builder(method, path).host(host);
    }
}
