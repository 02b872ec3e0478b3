package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the route of a request: a literal segment wins over a parameter, a parameter over the rest of the path. */
public final class Router {
    private final List<Entry> entries;

    private record Entry(Route route, PathTemplate template) {}

    /**
     * A route that fits a request.
     *
     * @param route the route
     * @param parameters the parameters of its path, decoded
     */
    public record Match(Route route, Map<String, String> parameters) {}

    /** A router over these routes; two with the same method and path are a mistake. */
    public Router(List<Route> routes) {
        Set<String> seen = new HashSet<>();
        List<Entry> all = new ArrayList<>();
        for (Route route : routes) {
            if (!seen.add(route.method() + " " + route.path().replaceAll("\\{[^}*]+", "{"))) {
                throw new IllegalArgumentException("two routes for " + route.method() + " " + route.path());
            }
            all.add(new Entry(route, PathTemplate.parse(route.path())));
        }
        all.sort(Comparator.comparing(Entry::template, PathTemplate.EXACT_FIRST));
        entries = List.copyOf(all);
    }

    /** All routes. */
    public List<Route> routes() {
        return entries.stream().map(Entry::route).toList();
    }

    /**
     * The route for a method and a raw path; none if no route has this path.
     *
     * @throws Refused if there are routes with this path, but none for the method
     */
    public Optional<Match> find(String method, String path) {
        RawPath raw = RawPath.parse(path);
        String wanted = method.equals("HEAD") ? "GET" : method;
        Set<String> allowed = new TreeSet<>();
        for (Entry entry : entries) {
            Optional<Map<String, String>> parameters = entry.template.match(raw);
            if (parameters.isPresent()) {
                if (entry.route.method().equals(wanted)) {
                    return Optional.of(new Match(entry.route, parameters.get()));
                }
                allowed.add(entry.route.method());
            }
        }
        if (!allowed.isEmpty()) {
            throw new Refused(methodNotAllowed(method, allowed));
        }
        return Optional.empty();
    }

    /** Answers a request in process, problems included: no site, no authentication, no check against the contract. */
    public Response handle(Request request) {
        try {
            Match match = find(request.method(), request.path()).orElseThrow(() -> noSuchPath(request));
            if (request.body().length > match.route().bodyLimit()) {
                throw tooLarge(match.route().bodyLimit());
            }
            return match.route().handler().handle(request.withPathParameters(match.parameters()));
        } catch (Refused e) {
            return e.response();
        } catch (Problem e) {
            return Response.problem(e);
        } catch (Exception e) {
            return ProblemJson.failure(request, e);
        }
    }

    static Problem noSuchPath(Request request) {
        return Problem.of(ErrorCode.NOT_FOUND, "There is nothing at this path; " + "see /openapi.yaml for what there is.");
    }

    static Problem tooLarge(long limit) {
        return Problem.of(ErrorCode.TOO_LARGE, "The body is larger than the " + limit + " bytes that are accepted here.");
    }

    private static Response methodNotAllowed(String method, Set<String> allowed) {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String list = String.join(", ", allowed);
        return Response.problem(Problem.of(ErrorCode.METHOD_NOT_ALLOWED, method + " is not possible here; there is " + list + "."))
                .with("allow", list);
    }
}
