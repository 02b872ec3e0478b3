package dev.cloche.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Compresses text and JSON above 1 KiB for clients that accept gzip (RFC 9110, section 12.5.3). */
final class Compression {
    private static final int FROM = 1024;

    private Compression() {}

    static Response apply(Request request, Response response) {
        if (!(response.body() instanceof Response.Body.Bytes(byte[] bytes))
                || bytes.length < FROM
                || response.headers().containsKey("content-encoding")
                || !isText(response.header("content-type").orElse(""))
                // a writer gets its strong tag unchanged, to send it back in If-Match
                || (response.headers().containsKey("etag") && !FetchRules.isRead(request))) {
            return response;
        }
        Response varying = response.with("vary", "accept-encoding");
        if (!accepts(request, "gzip")) {
            return varying;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>(varying.headers());
        headers.put("content-encoding", List.of("gzip"));
        headers.computeIfPresent("etag", (name, tags) -> List.of(weak(tags.getFirst())));
        return new Response(response.status(), headers, new Response.Body.Bytes(gzip(bytes)));
    }

    /** Whether the client takes this coding: named with a weight above zero. */
    static boolean accepts(Request request, String coding) {
        for (String line : request.headers("accept-encoding")) {
            for (String item : line.toLowerCase(Locale.ROOT).split(",")) {
                String[] parts = item.strip().split(";", 2);
                if (parts[0].strip().equals(coding)) {
                    return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0{0,3})?");
                }
            }
        }
        return false;
    }

    private static boolean isText(String contentType) {
        String media = contentType.split(";", 2)[0].strip();
        boolean events = media.equals("text/event-stream");
        return !events && (media.startsWith("text/") || media.endsWith("json") || media.endsWith("yaml") || media.endsWith("javascript") || media.endsWith("xml"));
    }

    private static String weak(String tag) {
        return tag.startsWith("W/") ? tag : "W/" + tag;
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }
}
