package dev.cloche.protocol;

import dev.cloche.databases.Databases;
import dev.cloche.databases.HandlerOutcome;
import dev.cloche.databases.HandlerRequest;
import dev.cloche.databases.LiveDatabase;
import dev.cloche.http.Refused;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The module's own HTTP, below {@code /route}: open to everybody, and nobody is signed in there (decision 0026). */
final class HandlerRoutes {
    private static final long LARGEST_BODY = 16L * 1024 * 1024;
    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final int BROKEN = 500;
    /** What pages of the platform may use an answer for: to read it, to look at it, but not to run it. */
    private static final Set<String> HARMLESS = Set.of("empty", "document", "image", "audio", "video");

    private final Databases databases;

    HandlerRoutes(Databases databases) {
        this.databases = databases;
    }

    List<Route> routes() {
        return METHODS.stream().flatMap(method -> Stream.of(
                new Route(method, "/v1/database/{database}/route", Route.Admission.ANY_ORIGIN, LARGEST_BODY, request -> handle(request, "")),
                new Route(method, "/v1/database/{database}/route/{path*}", Route.Admission.ANY_ORIGIN, LARGEST_BODY,
                        request -> handle(request, "/" + request.pathParameter("path"))))).toList();
    }

    private Response handle(Request request, String path) {
        boolean ofThePlatform = request.header("sec-fetch-site").filter("same-origin"::equals).isPresent();
        if (ofThePlatform && !HARMLESS.contains(request.header("sec-fetch-dest").orElse("empty"))) {
            throw Refusal.of(403, "What a module answers is not run in a page of the platform.");
        }
        LiveDatabase database = databases.open(Found.in(databases, request).identity());
        HandlerRequest asked = new HandlerRequest(request.method(), path, HandlerHeaders.query(request.rawQuery()), HandlerHeaders.passed(request), request.body());
        return switch (Awaited.answer(database.handle(asked))) {
            case HandlerOutcome.NoRoute none -> throw Refusal.of(404, "The module has no route for this path.");
            case HandlerOutcome.OtherMethod(List<String> allowed) -> throw notAllowed(request.method(), allowed);
            case HandlerOutcome.Failed(var failure, String message) -> throw Refusal.of(CallRoutes.status(failure, BROKEN), message);
            case HandlerOutcome.Answered answer -> {
                Awaited.durable(database, answer.offset());
                byte[] body = answer.status() == 204 || answer.status() == 304 ? new byte[0] : answer.body();
                yield new Response(answer.status(), HandlerHeaders.answered(answer.headers(), body.length > 0), new Response.Body.Bytes(body));
            }
        };
    }

    private static Refused notAllowed(String method, List<String> allowed) {
        String list = String.join(", ", allowed);
        return new Refused(Response.text(405, "The module has no route for " + method + " here; there is " + list + ".").with("allow", list));
    }
}
