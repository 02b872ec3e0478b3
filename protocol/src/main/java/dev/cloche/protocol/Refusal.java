package dev.cloche.protocol;

import dev.cloche.http.Refused;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Problem;
import java.util.stream.Collectors;

/** Refusals below {@code /v1}: a status and plain text, as clients of the public protocol expect them. */
final class Refusal {
    private Refusal() {}

    /** A refusal by this status. */
    static Refused of(int status, String text) {
        return new Refused(Response.text(status, text));
    }

    /** The handler with problems as plain text. */
    static Route.Handler inText(Route.Handler handler) {
        return request -> {
            try {
                return handler.handle(request);
            } catch (Problem e) {
                String text = e.fields().size() < 2 ? e.detail() : e.fields().stream().map(FieldError::message).collect(Collectors.joining("\n"));
                Response answer = Response.text(e.code().status(), text);
                return e.code() == ErrorCode.UNAUTHENTICATED ? answer.with("www-authenticate", "Bearer realm=\"cloche\"") : answer;
            }
        };
    }
}
