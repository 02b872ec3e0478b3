package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A small server in the tests' process that keeps one workspace, with the rules of the contract that the command relies on. */
final class FakeServer implements AutoCloseable {
    static final String WORKSPACE = "abcdefgh01234567";
    static final String TOKEN = "secret";

    final Map<String, byte[]> files = new TreeMap<>();
    final Map<String, Long> revisions = new TreeMap<>();
    final List<String> requests = new ArrayList<>();
    final List<Integer> batches = new ArrayList<>();
    private final HttpServer server;
    private long revision;

    FakeServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void put(String path, String text) {
        files.put(path, text.getBytes(StandardCharsets.UTF_8));
        revisions.put(path, ++revision);
    }

    String text(String path) {
        return new String(files.get(path), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(exchange.getRequestMethod() + " " + path + (body.length > 0 && body.length < 500 ? " " + new String(body, StandardCharsets.UTF_8) : ""));
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            problem(exchange, 401, "Sign in first");
            return;
        }
        String tree = "/api/workspaces/" + WORKSPACE + "/files";
        switch (exchange.getRequestMethod() + " " + path) {
            case "POST /api/tokens" -> json(exchange, 201, Map.of("token", Map.of("id", "t"), "secret", "cloche_made"));
            case "GET /api/workspaces" -> json(exchange, 200, Map.of("workspaces", List.of(Map.of("id", WORKSPACE, "name", "mine", "type", "PYODIDE", "revision", 1, "editedAt", "now"))));
            case "GET /api/templates" -> json(exchange, 200, Map.of("templates", List.of(Map.of("id", "chat", "type", "PYODIDE", "description", "People who talk live."))));
            case "POST /api/workspaces" -> json(exchange, 201, Map.of("workspace", Map.of("id", WORKSPACE)));
            case "POST /api/apps" -> json(exchange, 201, Map.of("app", Map.of("url", "http://todo.app.cloche.localhost/")));
            case "POST /api/apps/gone/rollback" -> problem(exchange, 404, "No such app.");
            case "POST /api/apps/taken/rollback" -> problem(exchange, 409, "There is no older deployment.");
            default -> {
                if (path.equals(tree)) {
                    json(exchange, 200, Map.of("revision", revision, "files", entries()));
                } else if (path.startsWith(tree + "/") && exchange.getRequestMethod().equals("GET")) {
                    bytes(exchange, 200, files.get(path.substring(tree.length() + 1)));
                } else if (path.startsWith(tree + "/") && exchange.getRequestMethod().equals("PUT")) {
                    files.put(path.substring(tree.length() + 1), body);
                    json(exchange, 201, Map.of("path", "x", "revision", ++revision));
                } else if (path.endsWith("/changes")) {
                    change(exchange, Json.tree(body).path("changes"));
                } else {
                    problem(exchange, 404, "Nothing at " + path);
                }
            }
        }
    }

    private List<Map<String, Object>> entries() {
        List<Map<String, Object>> entries = new ArrayList<>();
        files.forEach((path, content) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("path", path);
            entry.put("kind", "file");
            entry.put("revision", revisions.getOrDefault(path, revision));
            entry.put("digest", Digest.of(content).hex());
            entries.add(entry);
        });
        return entries;
    }

    private void change(HttpExchange exchange, JsonNode changes) throws IOException {
        for (JsonNode change : changes) {
            long now = files.containsKey(change.path("path").asText()) ? revisions.getOrDefault(change.path("path").asText(), revision) : 0;
            if (change.has("ifRevision") && change.path("ifRevision").asLong() != now) {
                problem(exchange, 412, change.path("path").asText() + " changed in the meantime.");
                return;
            }
        }
        batches.add(changes.size());
        for (JsonNode change : changes) {
            String path = change.path("path").asText();
            if (change.path("op").asText().equals("delete")) {
                files.remove(path);
            } else {
                files.put(path, change.has("text") ? change.path("text").asText().getBytes(StandardCharsets.UTF_8) : Base64.getDecoder().decode(change.path("base64").asText()));
            }
            revisions.put(path, ++revision);
        }
        json(exchange, 200, Map.of("revision", revision, "files", List.of()));
    }

    private static void problem(HttpExchange exchange, int status, String detail) throws IOException {
        json(exchange, status, Map.of("status", status, "detail", detail, "error", "refused", "code", "X"));
    }

    private static void json(HttpExchange exchange, int status, Object value) throws IOException {
        bytes(exchange, status, Json.bytes(value));
    }

    private static void bytes(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
