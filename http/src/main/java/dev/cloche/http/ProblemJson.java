package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** The one place that turns failures into answers (RFC 9457). */
final class ProblemJson {
    private static final System.Logger LOG = System.getLogger(ProblemJson.class.getName());

    private ProblemJson() {}

    static Response response(Problem problem) {
        ErrorCode code = problem.code();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:cloche:problem:" + word(code));
        json.put("title", problem.title());
        json.put("status", code.status());
        json.put("detail", problem.detail());
        json.put("error", problem.title());
        json.put("code", word(code));
        if (!problem.fields().isEmpty()) {
            json.put("errors", problem.fields());
        }
        problem.members().forEach(json::putIfAbsent);
        byte[] bytes = Json.bytes(json);
        Response response = Response.bytes(code.status(), "application/problem+json", bytes);
        if (code == ErrorCode.UNAUTHENTICATED) {
            return response.with("www-authenticate", "Bearer realm=\"cloche\"");
        }
        return response.with("cache-control", "no-store");
    }

    /** The answer to a failure that is nobody's refusal; the cause goes to the log, under a reference. */
    static Response failure(Request request, Throwable cause) {
        String reference = UUID.randomUUID().toString();
        LOG.log(System.Logger.Level.ERROR,
                "event=request-failed reference=" + reference + " method=" + request.method() + " path=" + printable(request.path()), cause);
        return response(Problem.of(ErrorCode.INTERNAL, "The server failed at this. Its log has the cause under the reference " + reference + ".")
                .with("reference", reference));
    }

    /** An answer for a request that could not even be parsed. */
    static Response refusal(int status, String title, String detail) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "urn:cloche:problem:invalid-request");
        json.put("title", title);
        json.put("status", status);
        json.put("detail", detail);
        json.put("error", title);
        json.put("code", "invalid-request");
        return new Response(status, Map.of("content-type", List.of("application/problem+json")), new Response.Body.Bytes(Json.bytes(json)));
    }

    private static String word(ErrorCode code) {
        return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String printable(String path) {
        return path.replaceAll("[^\\x21-\\x7e]", "?");
    }
}
