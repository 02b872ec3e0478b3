package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public API of one server, with the caller's token. Anything but success is a {@link CommandFailure}. */
final class Api {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int LONGEST_TEXT = 100_000;

    private final URI base;
    private final String token;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();

    /** The API below this URL. */
    Api(URI base, String token) {
        this.base = reachable(base);
        this.token = token;
    }

    JsonNode get(String path) {
        return json(send("GET", path, BodyPublishers.noBody(), ""));
    }

    byte[] bytes(String path) {
        return send("GET", path, BodyPublishers.noBody(), "");
    }

    JsonNode post(String path, Object body) {
        return json(send("POST", path, BodyPublishers.ofByteArray(Json.bytes(body)), "application/json"));
    }

    JsonNode put(String path, byte[] content) {
        return json(send("PUT", path, BodyPublishers.ofByteArray(content), "application/octet-stream"));
    }

    JsonNode put(String path, byte[] content, String contentType) {
        return json(send("PUT", path, BodyPublishers.ofByteArray(content), contentType));
    }

    byte[] post(String path, byte[] content, String contentType) {
        return send("POST", path, BodyPublishers.ofByteArray(content), contentType);
    }

    /** Makes a call of a node by a ticket of the server; empty if the node was not reached, or did not take the call. */
    Optional<byte[]> ofNode(URI url, String ticket, byte[] content) {
        HttpRequest request = HttpRequest.newBuilder(url).timeout(PATIENCE).header("Authorization", "Bearer " + ticket).header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(content)).build();
        try {
            HttpResponse<byte[]> answer = client.send(request, BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                if (wasNotTaken(answer)) {
                    return Optional.empty();
                }
                throw CommandFailure.of(answer.statusCode(), problem(answer.body()));
            }
            return Optional.of(answer.body());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return Optional.empty();
        } catch (IOException e) {
            // it may have run there: who asked decides whether to ask again
            throw CommandFailure.of(ExitStatus.UNREACHABLE, "The connection to the node at " + url.getAuthority() + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /** Whether a node ran nothing: the ticket was worth nothing there, or all its slots and places in the queue are taken. */
    private static boolean wasNotTaken(HttpResponse<byte[]> answer) {
        return answer.statusCode() == 401 || answer.statusCode() == 409
                || answer.statusCode() == 503 && new String(answer.body(), StandardCharsets.UTF_8).contains("\"value\":\"busy\"");
    }

    /** What {@link #get} gives; empty if there is no such thing. */
    Optional<JsonNode> find(String path) {
        try {
            return Optional.of(get(path));
        } catch (CommandFailure e) {
            if (e.status() == ExitStatus.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Hands over the lines of an answer as they come, until it ends. */
    void lines(String path, Consumer<String> each) {
        HttpRequest request = request(path).GET().build();
        answered(() -> {
            HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
            try (Stream<String> lines = answer.body()) {
                if (answer.statusCode() >= 300) {
                    throw CommandFailure.of(answer.statusCode(), problem(lines.collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8)));
                }
                lines.forEach(each);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            return answer;
        });
    }

    void delete(String path) {
        send("DELETE", path, BodyPublishers.noBody(), "");
    }

    /** One segment of a path, percent-encoded. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A file's path, its segments percent-encoded. */
    static String segments(String path) {
        return Arrays.stream(path.split("/")).map(Api::segment).collect(Collectors.joining("/"));
    }

    private byte[] send(String method, String path, HttpRequest.BodyPublisher body, String contentType) {
        HttpRequest.Builder request = request(path).timeout(PATIENCE).method(method, body);
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        return answered(() -> {
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw CommandFailure.of(answer.statusCode(), problem(answer.body()));
            }
            return answer;
        }).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json, application/octet-stream");
    }

    private interface Exchange<T> {
        HttpResponse<T> run() throws IOException, InterruptedException;
    }

    private <T> HttpResponse<T> answered(Exchange<T> exchange) {
        try {
            return exchange.run();
        } catch (ConnectException e) {
            throw CommandFailure.of(ExitStatus.UNREACHABLE, "No Cloche answers at " + base + "; start it with './cloche up', or name another with --url.");
        } catch (IOException e) {
            throw CommandFailure.of(ExitStatus.UNREACHABLE, "The connection to " + base + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static CommandFailure interrupted() {
        Thread.currentThread().interrupt();
        return CommandFailure.of(ExitStatus.FAILED, "Interrupted.");
    }

    private static JsonNode json(byte[] body) {
        return body.length == 0 ? JsonNodeFactory.instance.objectNode() : Json.tree(body);
    }

    private static JsonNode problem(byte[] body) {
        try {
            JsonNode tree = json(body);
            if (tree.path("meta").isArray()) {
                // the envelope of a node
                return JsonNodeFactory.instance.objectNode().put("detail", tree.path("content").asText());
            }
            return tree.isObject() ? tree : JsonNodeFactory.instance.objectNode();
        } catch (Problem notJson) {
            // routes of the public protocol refuse in plain text
            String text = new String(body, StandardCharsets.UTF_8).strip();
            boolean page = text.startsWith("<") || text.length() > LONGEST_TEXT;
            return page ? JsonNodeFactory.instance.objectNode() : JsonNodeFactory.instance.objectNode().put("detail", text);
        }
    }

    /** Names below {@code localhost} are this machine, which browsers know and most resolvers do not. */
    private static URI reachable(URI url) {
        String host = url.getHost();
        if (host == null || !host.endsWith(".localhost")) {
            return url;
        }
        return URI.create(url.getScheme() + "://127.0.0.1" + (url.getPort() < 0 ? "" : ":" + url.getPort()) + "/");
    }
}
