package dev.cloche.http;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Conditional requests by entity tag (RFC 9110, section 13). */
final class Conditional {
    private Conditional() {}

    static Response tagged(Response response, Request request, String tag) {
        Response tagged = response.replacing("etag", '"' + tag + '"');
        boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
        return reads && response.status() == 200 && matches(request, tag) ? notModified(tagged) : tagged;
    }

    /** Whether one of the tags in {@code If-None-Match} is this one; weak and strong compare alike, as for reading. */
    static boolean matches(Request request, String tag) {
        for (String line : request.headers("if-none-match")) {
            for (String candidate : line.split(",")) {
                String stripped = candidate.strip();
                String strong = stripped.startsWith("W/") ? stripped.substring(2) : stripped;
                if (strong.equals("*") || strong.equals('"' + tag + '"')) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Response notModified(Response response) {
        Map<String, List<String>> kept = response.headers().entrySet().stream()
                .filter(header -> !header.getKey().startsWith("content-"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new Response(304, kept, new Response.Body.Bytes(new byte[0]));
    }
}
