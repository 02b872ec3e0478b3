package dev.cloche.packages;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.workspaces.WorkspaceCatalog;
import dev.cloche.workspaces.WorkspaceId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The packages of workspaces over HTTP. */
final class PackageRoutes {
    private static final String LINES = "application/x-ndjson";
    private static final int MOST_CHANGES = 50;
    private static final int MOST_IMPORTS = 200;

    private final WorkspacePackages packages;
    private final PackageSearch search;
    private final WorkspaceCatalog catalog;
    private final Access access;

    /** The body of a change. */
    record ChangeBody(
            @JsonProperty("install") Optional<List<String>> install,
            @JsonProperty("remove") Optional<List<String>> remove,
            @JsonProperty("upgrade") Optional<Boolean> upgrade) {}

    /** The body of a question about import names. */
    record ImportsBody(@JsonProperty("imports") Optional<List<String>> imports) {}

    PackageRoutes(WorkspacePackages packages, PackageSearch search, WorkspaceCatalog catalog, Access access) {
        this.packages = packages;
        this.search = search;
        this.catalog = catalog;
        this.access = access;
    }

    /** The routes of the control plane. */
    List<Route> routes() {
        return List.of(
                Route.get("/api/workspaces/{id}/packages", this::list),
                Route.post("/api/workspaces/{id}/packages", this::change),
                Route.get("/api/workspaces/{id}/pyodide/packages", this::list),
                Route.post("/api/workspaces/{id}/pyodide/packages", this::change),
                Route.post("/api/workspaces/{id}/packages/imports", this::imports),
                Route.get("/api/packages/search", this::search));
    }

    private Response list(Request request) {
        WorkspaceId id = workspace(request, Action.WORKSPACE_READ);
        boolean mayWrite = access.allows(Actor.of(request), Action.WORKSPACE_WRITE, project(id));
        return Response.json(answer(packages.list(id, mayWrite)));
    }

    private Response change(Request request) {
        WorkspaceId id = workspace(request, Action.WORKSPACE_WRITE);
        ChangeBody body = request.json(ChangeBody.class);
        WorkspacePackages.Change change = new WorkspacePackages.Change(
                texts("install", body.install(), MOST_CHANGES, 300),
                texts("remove", body.remove(), MOST_CHANGES, 200),
                body.upgrade().orElse(false));
        if (request.header("accept").orElse("").contains(LINES)) {
            return Response.stream(LINES, out -> changeInLines(id, change, out)).with("cache-control", "no-store");
        }
        return Response.json(answer(packages.change(id, change, Progress.SILENT)));
    }

    /** Tells each step as a line of JSON; the last line has {@code result} or {@code problem}. */
    private void changeInLines(WorkspaceId id, WorkspacePackages.Change change, OutputStream out) throws IOException {
        Map<String, Object> last;
        try {
            last = Map.of("result", answer(packages.change(id, change, step -> line(out, step))));
        } catch (Problem problem) {
            last = Map.of("problem", json(problem));
        } catch (UncheckedIOException clientGone) {
            throw clientGone.getCause();
        }
        line(out, last);
    }

    private static void line(OutputStream out, Object value) {
        try {
            out.write((Json.text(value) + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the client went away", e);
        }
    }

    private static Object json(Problem problem) {
        return switch (Response.problem(problem).body()) {
            case Response.Body.Bytes(byte[] bytes) -> Json.tree(bytes);
            case Response.Body.Stream stream -> throw new IllegalStateException("a problem is not streamed");
            case Response.Body.File file -> throw new IllegalStateException("a problem is not a file");
            case Response.Body.Upgrade upgrade -> throw new IllegalStateException("a problem is no WebSocket");
        };
    }

    private static Map<String, Object> answer(InstallOutcome outcome) {
        InstallOutcome.Installed installed = installed(outcome);
        return Map.of("requirements", installed.requirements(), "lock", installed.lock().json());
    }

    /** What was installed; a refusal becomes a problem with its reasons. */
    static InstallOutcome.Installed installed(InstallOutcome outcome) {
        return switch (outcome) {
            case InstallOutcome.Installed installed -> installed;
            case InstallOutcome.Refused(List<Reason> reasons) ->
                throw Problem.of(ErrorCode.UNRESOLVABLE, detail(reasons)).with("reasons", reasons);
        };
    }

    private static String detail(List<Reason> reasons) {
        Reason first = reasons.getFirst();
        String more = reasons.size() > 1 ? " (and " + (reasons.size() - 1) + " more)" : "";
        return first.message() + first.help().map(h -> " " + h).orElse("") + more;
    }

    private Response imports(Request request) {
        workspace(request, Action.WORKSPACE_READ);
        List<String> names = texts("imports", request.json(ImportsBody.class).imports(), MOST_IMPORTS, 200);
        Map<String, String> found = new LinkedHashMap<>();
        names.forEach(name -> search.provider(name).ifPresent(p -> found.put(name, p)));
        return Response.json(Map.of("packages", found));
    }

    private Response search(Request request) {
        access.check(Actor.of(request), Action.PACKAGES_READ, new Resource.Server());
        String text = request.query("q").map(String::strip).orElse("");
        if (text.isEmpty() || text.length() > 100) {
            throw Problem.field("q", "length", "Say what to look for in 1 to 100 characters.");
        }
        return Response.json(Map.of("packages", search.find(text)));
    }

    private WorkspaceId workspace(Request request, Action action) {
        WorkspaceId id = new WorkspaceId(request.pathParameter("id"));
        access.check(Actor.of(request), action, project(id));
        return id;
    }

    private Resource project(WorkspaceId id) {
        return new Resource.InProject(catalog.get(id).projectId());
    }

    private static List<String> texts(String field, Optional<List<String>> given, int most, int longest) {
        List<String> texts = given.orElse(List.of());
        List<FieldError> errors = new ArrayList<>();
        if (texts.size() > most) {
            errors.add(new FieldError(field, "maxItems", "'" + field + "' has at most " + most + " entries."));
        }
        for (int i = 0; i < texts.size() && errors.isEmpty(); i++) {
            String text = texts.get(i);
            if (text == null || text.isBlank() || text.length() > longest) {
                errors.add(new FieldError(field + "[" + i + "]", "length", "An entry has 1 to " + longest + " characters."));
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.fields(errors);
        }
        return texts;
    }
}
