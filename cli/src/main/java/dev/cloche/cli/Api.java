package dev.cloche.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The public API of one server, with the caller's token. Anything but success is a {@link CommandFailure}. */
final class Api {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

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
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(PATIENCE).method(method, body)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json, application/problem+json, application/octet-stream");
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() >= 300) {
                throw CommandFailure.of(answer.statusCode(), problem(answer.body()));
            }
            return answer.body();
        } catch (ConnectException e) {
            throw CommandFailure.of(ExitStatus.UNREACHABLE, "No Cloche answers at " + base + "; start it with './cloche up', or name another with --url.");
        } catch (IOException e) {
            throw CommandFailure.of(ExitStatus.UNREACHABLE, "The connection to " + base + " failed: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.of(ExitStatus.FAILED, "Interrupted.");
        }
    }

    private static JsonNode json(byte[] body) {
        return body.length == 0 ? JsonNodeFactory.instance.objectNode() : Json.tree(body);
    }

    private static JsonNode problem(byte[] body) {
        try {
            JsonNode tree = json(body);
            return tree.isObject() ? tree : JsonNodeFactory.instance.objectNode();
        } catch (Problem notJson) {
            return JsonNodeFactory.instance.objectNode();
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
