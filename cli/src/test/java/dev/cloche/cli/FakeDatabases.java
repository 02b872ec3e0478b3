package dev.cloche.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A small server in the tests' process that answers routes of live databases with what a test says, and notes what it was asked. */
final class FakeDatabases implements AutoCloseable {
    static final String TOKEN = "secret";

    final List<String> requests = new ArrayList<>();
    final Map<String, byte[]> bodies = new HashMap<>();
    private final Map<String, Answer> answers = new HashMap<>();
    private final HttpServer server;

    private record Answer(int status, String body) {}

    FakeDatabases() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on, this answer; the request is its method, path and query. */
    FakeDatabases on(String request, int status, String body) {
        answers.put(request, new Answer(status, body));
        return this;
    }

    String body(String request) {
        return new String(bodies.getOrDefault(request, new byte[0]), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        requests.add(request);
        bodies.put(request, exchange.getRequestBody().readAllBytes());
        Answer answer = answers.getOrDefault(request, new Answer(404, "`" + exchange.getRequestURI() + "` not found"));
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer = new Answer(401, "Invalid token: InvalidToken");
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
