package dev.cloche.identity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.Origins;
import dev.cloche.http.Request;
import dev.cloche.http.RequestBuilder;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.http.SystemRoutes;
import dev.cloche.kernel.Json;
import dev.cloche.storage.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server's front door over a database of its own, in process, with a clock that tests move. */
public final class TestServer implements AutoCloseable {
    /** The operator's key. */
    public static final String KEY = "operator-key-of-the-test";

    private static final Contract CONTRACT = Contract.load();

    private final TestDatabase database = TestDatabase.fresh();
    private final ManualClock clock = new ManualClock();
    private final Identity identity;
    private final FrontDoor door;
    private final String firstLink;

    /** An answer of the server. */
    public record Answer(Response response) {
        /** The status. */
        public int status() {
            return response.status();
        }

        /** The body as JSON. */
        public JsonNode json() {
            return Json.tree(((Response.Body.Bytes) response.body()).bytes());
        }

        /** The session's secret out of the cookie that was set. */
        public String cookie() {
            return response.header("set-cookie").orElseThrow().split("[=;]")[1];
        }
    }

    /** Somebody who sends requests. */
    public final class Client {
        private final Optional<String> cookie;
        private final Optional<String> token;

        private Client(Optional<String> cookie, Optional<String> token) {
            this.cookie = cookie;
            this.token = token;
        }

        /** The secret of its session, for requests to another server over the same people. */
        public String session() {
            return cookie.orElseThrow();
        }

        /** Sends a request without a body. */
        public Answer send(String method, String path) {
            return answer(request(method, path));
        }

        /** Sends a request with a JSON body. */
        public Answer send(String method, String path, Object body) {
            return answer(request(method, path).json(body));
        }

        private RequestBuilder request(String method, String path) {
            String[] parts = path.split("\\?", 2);
            RequestBuilder request = Request.builder(method, parts[0]).host("cloche.localhost:3000");
            if (parts.length > 1) {
                String[] pair = parts[1].split("=");
                request.query(pair[0], pair[1]);
            }
            cookie.ifPresent(c -> request.header("cookie", "__Host-cloche=" + c));
            if (token.isEmpty()) {
                request.header("sec-fetch-site", "same-origin").header("origin", "http://cloche.localhost:3000");
            }
            token.ifPresent(t -> request.header("authorization", "Bearer " + t));
            return request;
        }
    }

    /** A server as it is after its first start. */
    public TestServer() {
        Origins origins = Origins.local(3000);
        identity = new Identity(database.database(), origins, KEY, new Identity.Sources(clock, new SecureRandom()));
        firstLink = identity.start().orElseThrow();
        List<Route> routes = new ArrayList<>(identity.routes());
        routes.addAll(new SystemRoutes(CONTRACT, Optional::empty, Map::of).routes());
        door = new FrontDoor(origins, new FrontDoor.Parts(routes, List.of(), Assets.none(), identity.authenticator(), CONTRACT));
    }

    /** Sends any request. */
    public Answer answer(RequestBuilder request) {
        return new Answer(door.answer(request.build()));
    }

    /** The one-time link of the first start. */
    public String firstLink() {
        return firstLink;
    }

    /** What the server is made of. */
    public Identity identity() {
        return identity;
    }

    /** The clock. */
    public ManualClock clock() {
        return clock;
    }

    /** Its database. */
    public TestDatabase database() {
        return database;
    }

    /** Nobody in a browser. */
    public Client nobody() {
        return new Client(Optional.empty(), Optional.empty());
    }

    /** A browser with this session. */
    public Client browser(String cookie) {
        return new Client(Optional.of(cookie), Optional.empty());
    }

    /** A program with this token. */
    public Client program(String token) {
        return new Client(Optional.empty(), Optional.of(token));
    }

    /** The command on the machine itself. */
    public Client operator() {
        return program(KEY);
    }

    /** Uses a link; a browser with the session that it began. */
    public Client byLink(String link) {
        Answer answer = nobody().send("POST", "/api/session/link", Map.of("code", code(link)));
        if (answer.status() != 200) {
            throw new AssertionError(new String(((Response.Body.Bytes) answer.response().body()).bytes(), StandardCharsets.UTF_8));
        }
        return browser(answer.cookie());
    }

    /** A new person's browser. */
    public Client person(String name) {
        return byLink(operator().send("POST", "/api/people", Map.of("name", name)).json().path("link").asText());
    }

    /** The identifier of the person behind a client. */
    public String idOf(Client client) {
        return client.send("GET", "/api/session").json().at("/person/id").asText();
    }

    /** The code of a link. */
    public static String code(String link) {
        return link.substring(link.indexOf("#code=") + 6);
    }

    @Override
    public void close() {
        database.close();
    }
}
