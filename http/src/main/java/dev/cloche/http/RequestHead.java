package dev.cloche.http;

import dev.cloche.kernel.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Locale;

/** The head of a request off the wire: valid, or refused before any site is known. */
sealed interface RequestHead {
    /** A request without its body. */
    record Valid(Request request) implements RequestHead {}

    /** An answer for something that is not to be guessed at. */
    record Refused(Response response) implements RequestHead {}

    /** Most parameters of a query. */
    int MOST_PARAMETERS = 200;

    /** Reads the head; the target is in origin form, or in absolute form with the same host as in {@code Host}. */
    static RequestHead read(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll("host");
        if (hosts.size() != 1) {
            return refused("A request names its host exactly once.");
        }
        List<String> codings = request.headers().getAll("transfer-encoding");
        if (codings.size() > 1 || (codings.size() == 1 && !codings.getFirst().equalsIgnoreCase("chunked"))) {
            return refused("The body of a request has a length, or is chunked and nothing else.");
        }
        String host = hosts.getFirst().toLowerCase(Locale.ROOT);
        String target = request.uri();
        int scheme = target.indexOf("://");
        if (!target.startsWith("/") && scheme > 0) {
            int slash = target.indexOf('/', scheme + 3);
            String authority = target.substring(scheme + 3, slash < 0 ? target.length() : slash);
            if (!authority.toLowerCase(Locale.ROOT).equals(host)) {
                return refused("The host in the first line is not the one in Host.");
            }
            target = slash < 0 ? "/" : target.substring(slash);
        }
        if (!target.startsWith("/") || target.indexOf('#') >= 0) {
            return refused("The target of a request is a path.");
        }
        try {
            return new Valid(valid(request, host, target));
        } catch (Problem e) {
            return new Refused(Response.problem(e));
        }
    }

    private static Request valid(HttpServerRequest request, String host, String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        RequestBuilder builder = Request.builder(request.method().name(), path).host(host).rawQuery(query);
        builder.remoteAddress(request.remoteAddress().hostAddress());
        request.headers().forEach((name, value) -> builder.header(name, value));
        readQuery(builder, query);
        return builder.build();
    }

    private static void readQuery(RequestBuilder builder, String query) {
        if (query.isEmpty()) {
            return;
        }
        String[] pairs = query.split("&");
        if (pairs.length > MOST_PARAMETERS) {
            throw Problem.field("query", "maxProperties", "A query has at most " + MOST_PARAMETERS + " parameters.");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            if (!name.isEmpty()) {
                builder.query(RawPath.decode(name, true), RawPath.decode(value, true));
            }
        }
    }

    private static RequestHead refused(String detail) {
        return new Refused(ProblemJson.refusal(400, "Invalid request", detail));
    }
}
