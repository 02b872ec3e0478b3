package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A request as a handler sees it: parsed, limited, its body read.
 *
 * <p>Immutable but for its attributes, which earlier stages (authentication) set for later ones. Make one by
 * {@link #builder} to test a handler without a socket.
 */
public final class Request {
    private final String method;
    private final String host;
    private final String path;
    private final String rawQuery;
    private final String remoteAddress;
    private final Map<String, String> pathParameters;
    private final Map<String, List<String>> query;
    private final Map<String, List<String>> headers;
    private final byte[] body;
    private final Map<Attribute<?>, Object> attributes;

    /** A typed name for something that one stage leaves for a later one. */
    public record Attribute<T>(String name, Class<T> type) {}

    Request(RequestBuilder from) {
        this.method = from.method;
        this.host = from.host;
        this.path = from.path;
        this.rawQuery = from.rawQuery;
        this.remoteAddress = from.remoteAddress;
        this.pathParameters = Map.copyOf(from.pathParameters);
        this.query = Map.copyOf(from.query);
        this.headers = Map.copyOf(from.headers);
        this.body = from.body;
        this.attributes = new ConcurrentHashMap<>();
    }

    private Request(Request from, Map<String, String> pathParameters, byte[] body) {
        this.method = from.method;
        this.host = from.host;
        this.path = from.path;
        this.rawQuery = from.rawQuery;
        this.remoteAddress = from.remoteAddress;
        this.pathParameters = Map.copyOf(pathParameters);
        this.query = from.query;
        this.headers = from.headers;
        this.body = body;
        this.attributes = from.attributes;
    }

    /** The same request, attributes shared, with the parameters of its route's path. */
    Request withPathParameters(Map<String, String> parameters) {
        return new Request(this, parameters, body);
    }

    /** The same request, attributes shared, with its body read. */
    Request withBody(byte[] bytes) {
        return new Request(this, pathParameters, bytes);
    }

    /** A request to build up by hand. */
    public static RequestBuilder builder(String method, String path) {
        return new RequestBuilder(method, path);
    }

    /** The method in capitals. */
    public String method() {
        return method;
    }

    /** The {@code Host} with its port, in lower case, as sent. */
    public String host() {
        return host;
    }

    /** The raw path without the query. */
    public String path() {
        return path;
    }

    /** The query as sent, without the question mark; empty if there is none. */
    public String rawQuery() {
        return rawQuery;
    }

    /** The numeric address of the peer. */
    public String remoteAddress() {
        return remoteAddress;
    }

    /** A parameter of the route's path, decoded; the router sets all names of the route. */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no parameter " + name);
        }
        return value;
    }

    /** All parameters of the route's path by name. */
    Map<String, String> pathParameters() {
        return pathParameters;
    }

    /** All query parameters with their values, in the order sent. */
    public Map<String, List<String>> query() {
        return query;
    }

    /** The first value of a query parameter. */
    public Optional<String> query(String name) {
        return Optional.ofNullable(query.get(name)).map(List::getFirst);
    }

    /** A whole number from the query, within bounds; anything else is a problem that names it. */
    public int queryInt(String name, int fallback, int min, int max) {
        Optional<String> text = query(name);
        if (text.isEmpty()) {
            return fallback;
        }
        try {
            int value = Integer.parseInt(text.get());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // answered below, like a value out of bounds
        }
        throw Problem.field(name, "range", "'" + name + "' is a whole number from " + min + " to " + max + ".");
    }

    /** The first value of a header; names are not case-sensitive. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).map(List::getFirst);
    }

    /** All headers by their names in lower case, with their values in the order sent. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** All values of a header, in the order sent; names are not case-sensitive. */
    public List<String> headers(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The body's bytes, empty if there is none; do not change them. */
    public byte[] body() {
        return body;
    }

    /** The body read as JSON into a record; needs {@code Content-Type: application/json}. */
    public <T> T json(Class<T> type) {
        if (!mediaType().equals("application/json")) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as Content-Type: application/json.");
        }
        return Json.read(body, type);
    }

    /** The media type of the body in lower case without its parameters; empty if none is named. */
    public String mediaType() {
        return header("content-type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** What a handler waits for. */
    @FunctionalInterface
    public interface Wait<T> {
        /** Waits. */
        T run() throws InterruptedException;
    }

    /**
     * Waits for something only as long as the client does: this thread is interrupted when the client goes away meanwhile. What
     * must not be broken off, such as a question to the database, does not belong in there.
     *
     * @throws InterruptedException if the client has gone, to be handed on: nobody hears an answer
     */
    public <T> T whileClientWaits(Wait<T> wait) throws InterruptedException {
        Optional<Presence> client = get(Presence.ATTRIBUTE);
        if (client.isEmpty()) {
            return wait.run();
        }
        client.get().watch();
        try {
            return wait.run();
        } finally {
            client.get().unwatch();
        }
    }

    /** Leaves a value for later stages. */
    public <T> void set(Attribute<T> attribute, T value) {
        attributes.put(attribute, value);
    }

    /** What an earlier stage left. */
    public <T> Optional<T> get(Attribute<T> attribute) {
        return Optional.ofNullable(attribute.type().cast(attributes.get(attribute)));
    }
}
