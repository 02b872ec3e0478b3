package dev.cloche.http;

import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer: status, headers, body. The server adds the security headers of the site.
 *
 * @param status the HTTP status code
 * @param headers each name in lower case with its values
 * @param body what follows
 */
public record Response(int status, Map<String, List<String>> headers, Body body) {
    /** What follows the headers. */
    public sealed interface Body {
        /** All bytes at once; sent with a length. */
        record Bytes(byte[] bytes) implements Body {}

        /** Bytes written as they come, on a virtual thread; the client's pace holds the writer back. */
        record Stream(Writer writer) implements Body {}

        /** A part of a file on disk, sent with a length and without passing through the heap. */
        record File(Path path, long offset, long length) implements Body {}

        /** Nothing: the connection becomes a WebSocket; see {@link Handshake#accept}. */
        record Upgrade(SocketOpener opener) implements Body {}
    }

    /**
     * Writes a streamed body; returning ends it, an exception cuts the connection. Its thread is interrupted when the client
     * goes away or the server stops, so a writer that waits for events must let {@link InterruptedException} end it.
     */
    @FunctionalInterface
    public interface Writer {
        /** Writes and flushes; a client that went away is an {@link IOException}. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** Copies the headers. */
    public Response {
        headers = Map.copyOf(headers);
    }

    /** A value as JSON with status 200. */
    public static Response json(Object value) {
        return json(200, value);
    }

    /** A value as JSON. */
    public static Response json(int status, Object value) {
        return bytes(status, "application/json", Json.bytes(value));
    }

    /** Plain text in UTF-8. */
    public static Response text(int status, String text) {
        return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** These bytes as this media type. */
    public static Response bytes(int status, String contentType, byte[] bytes) {
        return new Response(status, Map.of("content-type", List.of(contentType)), new Body.Bytes(bytes));
    }

    /** A body that is written as it comes. */
    public static Response stream(String contentType, Writer writer) {
        return new Response(200, Map.of("content-type", List.of(contentType)), new Body.Stream(writer));
    }

    /** 204 without a body. */
    public static Response empty() {
        return new Response(204, Map.of(), new Body.Bytes(new byte[0]));
    }

    /** 303: look there by GET. */
    public static Response seeOther(String location) {
        return new Response(303, Map.of("location", List.of(location)), new Body.Bytes(new byte[0]));
    }

    /** The problem as problem JSON (RFC 9457). */
    public static Response problem(Problem problem) {
        return ProblemJson.response(problem);
    }

    /** The first value of a header; the name in lower case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name)).map(List::getFirst);
    }

    /** The same answer with a header in place of those of this name. */
    public Response replacing(String name, String value) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        all.put(name, List.of(value));
        return new Response(status, all, body);
    }

    /**
     * The same answer with this strong entity tag, or 304 without a body if the client's copy has it (RFC 9110, 13.1.2).
     *
     * @param tag without quotes
     */
    public Response tagged(Request request, String tag) {
        return Conditional.tagged(this, request, tag);
    }

    /** The same answer with one more header. */
    public Response with(String name, String value) {
        Map<String, List<String>> all = new LinkedHashMap<>(headers);
        all.merge(name, List.of(value), (a, b) -> java.util.stream.Stream.concat(a.stream(), b.stream()).toList());
        return new Response(status, all, body);
    }
}
