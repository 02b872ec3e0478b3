package dev.cloche.http;

import dev.cloche.kernel.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gathers the parts of a {@link Request}; the server and tests use it alike. */
public final class RequestBuilder {
    final String method;
    final String path;
    String rawQuery = "";
    String host = "cloche.localhost";
    String remoteAddress = "127.0.0.1";
    final Map<String, String> pathParameters = new HashMap<>();
    final Map<String, List<String>> query = new HashMap<>();
    final Map<String, List<String>> headers = new HashMap<>();
    byte[] body = new byte[0];

    RequestBuilder(String method, String path) {
        this.method = method;
        this.path = path;
    }

    /** The {@code Host} header. */
    public RequestBuilder host(String value) {
        host = value.toLowerCase(Locale.ROOT);
        return this;
    }

    /** The query as sent; does not set the parameters. */
    RequestBuilder rawQuery(String value) {
        rawQuery = value;
        return this;
    }

    /** The peer's numeric address. */
    public RequestBuilder remoteAddress(String value) {
        remoteAddress = value;
        return this;
    }

    /** A parameter of the route's path. */
    public RequestBuilder pathParameter(String name, String value) {
        pathParameters.put(name, value);
        return this;
    }

    /** One more value of a query parameter. */
    public RequestBuilder query(String name, String value) {
        query.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
        return this;
    }

    /** One more value of a header. */
    public RequestBuilder header(String name, String value) {
        headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(value);
        return this;
    }

    /** A raw body. */
    public RequestBuilder body(byte[] bytes) {
        body = bytes;
        return this;
    }

    /** A JSON body with its content type. */
    public RequestBuilder json(Object value) {
        return header("content-type", "application/json").body(Json.bytes(value));
    }

    /** The request. */
    public Request build() {
        return new Request(this);
    }
}
