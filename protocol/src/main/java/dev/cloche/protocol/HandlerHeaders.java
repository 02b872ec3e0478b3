package dev.cloche.protocol;

import dev.cloche.http.Request;
import dev.cloche.modules.HttpHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Which headers pass between the network and a module's HTTP handlers (decision 0026). A module learns nothing by which
 * somebody proves who they are to the platform; and since its answers stand at the platform's own origin, they can neither
 * set its cookies nor change its rules, and a browser does not show them as pages of it.
 */
final class HandlerHeaders {
    /** Of one connection only (RFC 9110, 7.6.1), or the platform's business. */
    private static final Set<String> NOT_TOLD = Set.of(
            "authorization", "cookie", "proxy-authorization", "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
            "content-length", "expect", "forwarded", "via", "x-real-ip");

    private static final Set<String> SAID = Set.of(
            "accept-ranges", "allow", "cache-control", "content-disposition", "content-encoding", "content-language", "content-location", "content-range",
            "content-type", "deprecation", "etag", "expires", "last-modified", "location", "retry-after", "sunset", "vary");

    /** Words with an x that browsers or servers between take as orders. */
    private static final Set<String> ORDERS = Set.of(
            "x-content-security-policy", "x-content-type-options", "x-dns-prefetch-control", "x-download-options", "x-frame-options",
            "x-permitted-cross-domain-policies", "x-sendfile", "x-sourcemap", "x-ua-compatible", "x-webkit-csp", "x-xss-protection");

    /** What a browser shows without running anything in it. */
    private static final Set<String> PLAIN = Set.of(
            "text/plain", "text/csv", "text/event-stream", "application/json", "application/problem+json",
            "image/avif", "image/gif", "image/jpeg", "image/png", "image/webp");

    /** The control plane adds the same where nothing is said; here it must not depend on the place. */
    private static final String NOTHING_RUNS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private static final String OF_A_QUERY = "-._~!$&'()*+,;=:@/?%";

    private HandlerHeaders() {}

    /** What a module may know of a request. */
    static List<HttpHeader> passed(Request request) {
        Set<String> ofConnection = new HashSet<>();
        request.headers("connection").forEach(value -> Arrays.stream(value.split(",")).map(word -> word.strip().toLowerCase(Locale.ROOT)).forEach(ofConnection::add));
        List<HttpHeader> told = new ArrayList<>();
        request.headers().forEach((name, values) -> {
            if (!NOT_TOLD.contains(name) && !ofConnection.contains(name) && !name.startsWith("x-forwarded-") && !name.startsWith("x-cloche-")) {
                values.stream().map(value -> new HttpHeader(name, value)).filter(HttpHeader::isWellFormed).forEach(told::add);
            }
        });
        return told;
    }

    /** A query with the characters only that a URL may have (RFC 3986, 3.4); others are percent-encoded. */
    static String query(String raw) {
        StringBuilder clean = new StringBuilder(raw.length());
        for (byte b : raw.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || OF_A_QUERY.indexOf(c) >= 0;
            if (fits) {
                clean.append(c);
            } else {
                clean.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return clean.toString();
    }

    /** What a module may say with its answer. */
    static Map<String, List<String>> answered(List<HttpHeader> headers, boolean hasBody) {
        Map<String, List<String>> said = new LinkedHashMap<>();
        said.put("content-security-policy", List.of(NOTHING_RUNS));
        for (HttpHeader header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (maySay(name)) {
                said.computeIfAbsent(name, first -> new ArrayList<>()).add(header.value().strip());
            }
        }
        if (hasBody) {
            said.putIfAbsent("content-type", List.of("application/octet-stream"));
            if (!said.get("content-type").stream().allMatch(HandlerHeaders::isPlain)) {
                said.put("content-disposition", List.of(saved(said.getOrDefault("content-disposition", List.of()))));
            }
        }
        return said;
    }

    private static boolean maySay(String name) {
        return SAID.contains(name)
                || (name.startsWith("x-") && !ORDERS.contains(name) && !name.startsWith("x-cloche-") && !name.startsWith("x-accel-"));
    }

    private static boolean isPlain(String type) {
        return PLAIN.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
    }

    /** The disposition of what a browser must not show but may save, under the name that the module gave. */
    private static String saved(List<String> given) {
        String first = given.isEmpty() ? "" : given.getFirst();
        int rest = first.indexOf(';');
        return rest < 0 ? "attachment" : "attachment" + first.substring(rest);
    }
}
