package dev.cloche.apps;

import dev.cloche.http.Origins;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Project;
import dev.cloche.identity.ProjectId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The path form of apps on the control plane: {@code /app/NAME/**} and {@code /PROJECT/app/NAME/**}. Nothing of an app is
 * ever served here, since it would share the platform's origin: browsers are sent on to the app's own.
 */
final class AppPaths {
    private final AppStore apps;
    private final Function<ProjectId, Optional<Project>> projects;
    private final Origins origins;

    AppPaths(AppStore apps, Function<ProjectId, Optional<Project>> projects, Origins origins) {
        this.apps = apps;
        this.projects = projects;
        this.origins = origins;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/app/{name}", request -> answer(request, find(request), 2)).open(),
                Route.get("/app/{name}/{path*}", request -> answer(request, find(request), 2)).open(),
                Route.get("/{project}/app/{name}", request -> answer(request, findInProject(request), 3)).open(),
                Route.get("/{project}/app/{name}/{path*}", request -> answer(request, findInProject(request), 3)).open());
    }

    private Optional<App> find(Request request) {
        return Optional.of(request.pathParameter("name")).filter(AppName::isName).flatMap(name -> apps.find(new AppName(name)));
    }

    private Optional<App> findInProject(Request request) {
        String slug = request.pathParameter("project");
        return find(request).filter(app -> projects.apply(app.projectId()).map(p -> p.slug().equals(slug)).orElse(false));
    }

    private Response answer(Request request, Optional<App> found, int leading) {
        if (found.isEmpty()) {
            return AppPages.unknownApp(request, request.pathParameter("name"));
        }
        App app = found.get();
        String origin = origins.app(app.name().value());
        String rest = rest(request.path(), leading);
        boolean runsInTab = app.deployment().kind() != AppKind.STATIC;
        if (runsInTab && !AppPages.isPageLoad(request)) {
            return AppPages.runsInTab(app, origin, rest.equals("/"));
        }
        String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
        return Response.seeOther(origin + rest + query)
                .with("content-security-policy", "default-src 'none'; sandbox")
                .with("cache-control", "no-store");
    }

    /** The raw path without its first segments; always with a slash in front. */
    private static String rest(String path, int leading) {
        String rest = Arrays.stream(path.substring(1).split("/", -1)).skip(leading).collect(Collectors.joining("/"));
        return "/" + rest;
    }
}
