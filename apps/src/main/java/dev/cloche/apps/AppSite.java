package dev.cloche.apps;

import dev.cloche.http.Assets;
import dev.cloche.http.MediaTypes;
import dev.cloche.http.Origins;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.http.Site;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.packages.Wheel;
import dev.cloche.workspaces.FileEntry;
import dev.cloche.workspaces.ZipArchive;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an app's own origin answers: the files of a static app as they are; for a Python app the page that starts it in the
 * visitor's tab, where its service worker answers from then on, and what that page needs.
 */
final class AppSite {
    private static final String FOREVER = "public, max-age=31536000, immutable";
    private static final String ASK = "no-cache";

    private final AppStore apps;
    private final Assets assets;
    private final Origins origins;
    private final EngineVersions engine;

    AppSite(AppStore apps, Assets assets, Origins origins, EngineVersions engine) {
        this.apps = apps;
        this.assets = assets;
        this.origins = origins;
        this.engine = engine;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/__cloche/deployment.json", this::manifest).open());
        routes.add(Route.get("/__cloche/deployment/{file}", this::archive).open());
        routes.add(Route.get("/{path*}", this::read).open());
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE", "OPTIONS")) {
            routes.add(new Route(method, "/{path*}", Route.Admission.OPEN, Route.DEFAULT_BODY_LIMIT, this::send));
        }
        return routes;
    }

    private static String name(Request request) {
        return switch (request.get(Site.ATTRIBUTE).orElseThrow(() -> new IllegalStateException("the front door sets the site"))) {
            case Site.App(String name) -> name;
            case Site.Control _, Site.EngineHost _, Site.Preview _, Site.WorkerHost _ -> throw Problem.notFound("This page");
        };
    }

    private Optional<App> app(Request request) {
        return Optional.of(name(request)).filter(AppName::isName).flatMap(name -> apps.find(new AppName(name)));
    }

    private Response read(Request request) {
        Optional<App> found = app(request);
        if (found.isEmpty()) {
            return AppPages.unknownApp(request, name(request));
        }
        App app = found.get();
        return switch (app.deployment().kind()) {
            case STATIC -> file(request, app);
            case WSGI, ASGI -> AppPages.isPageLoad(request)
                    ? assets.appPage(request)
                    : AppPages.runsInTab(app, origins.app(app.name().value()), request.path().equals("/"));
        };
    }

    private Response send(Request request) {
        Optional<App> found = app(request);
        if (found.isEmpty()) {
            return AppPages.unknownApp(request, name(request));
        }
        App app = found.get();
        return switch (app.deployment().kind()) {
            case STATIC -> AppPages.readOnly(request, app.name());
            case WSGI, ASGI -> AppPages.isPageLoad(request)
                    ? AppPages.notRunning(request, app)
                    : AppPages.runsInTab(app, origins.app(app.name().value()), false);
        };
    }

    private Response file(Request request, App app) {
        String path = request.pathParameter("path");
        boolean folder = path.isEmpty() || path.endsWith("/");
        Optional<FileEntry> file = find(app, folder ? path + "index.html" : path);
        if (file.isPresent()) {
            return content(200, file.get()).tagged(request, file.get().digest().hex());
        }
        if (!folder && find(app, path + "/index.html").isPresent()) {
            // with the slash, so that the page's own links lead into the folder
            String query = request.rawQuery().isEmpty() ? "" : "?" + request.rawQuery();
            return Response.seeOther("/" + request.path().replaceFirst("^/+", "") + "/" + query).with("cache-control", ASK);
        }
        return find(app, "404.html").map(page -> content(404, page)).orElseGet(() -> AppPages.noSuchFile(request, app.name()));
    }

    private Optional<FileEntry> find(App app, String path) {
        String folder = app.deployment().entry();
        // PostgreSQL has no NUL in texts, and no path has one
        return path.indexOf('\0') >= 0
                ? Optional.empty()
                : apps.file(app.deployment().id(), folder.isEmpty() ? path : folder + "/" + path);
    }

    private Response content(int status, FileEntry file) {
        return Response.bytes(status, MediaTypes.of(file.path()), apps.content(file.digest())).with("cache-control", ASK);
    }

    /** What the start page reads first: the interface {@code DeploymentManifest} of {@code web/src/protocol/preview.ts}. */
    private record Manifest(
            String name,
            String deployment,
            AppKind kind,
            String entry,
            String archive,
            Map<String, String> environment,
            List<WheelUrl> wheels,
            EngineVersions engine) {}

    /** A wheel with the path by which the app's origin serves it. */
    private record WheelUrl(String name, String version, String file, String sha256, long size, String url) {
        static WheelUrl of(Wheel wheel) {
            String sha256 = wheel.sha256().hex();
            String file = URLEncoder.encode(wheel.file(), StandardCharsets.UTF_8).replace("+", "%20");
            return new WheelUrl(wheel.name(), wheel.version(), wheel.file(), sha256, wheel.size(), "/__cloche/wheels/" + sha256 + "/" + file);
        }
    }

    private Response manifest(Request request) {
        Deployment deployment = app(request).orElseThrow(() -> Problem.notFound("This app")).deployment();
        Manifest manifest = new Manifest(
                deployment.app().value(),
                deployment.id().value(),
                deployment.kind(),
                deployment.entry(),
                "/__cloche/deployment/" + deployment.id() + ".zip",
                deployment.environment(),
                deployment.lock().stream().flatMap(lock -> lock.wheels().stream()).map(WheelUrl::of).toList(),
                engine);
        return Response.json(manifest).with("cache-control", ASK).tagged(request, deployment.id().value());
    }

    private Response archive(Request request) {
        App app = app(request).orElseThrow(() -> Problem.notFound("This app"));
        DeploymentId id = Optional.of(request.pathParameter("file"))
                .filter(file -> file.endsWith(".zip"))
                .map(file -> file.substring(0, file.length() - ".zip".length()))
                .filter(RandomIds::isId)
                .map(DeploymentId::new)
                .filter(deployment -> apps.has(app.name(), deployment))
                .orElseThrow(() -> Problem.notFound("This deployment"));
        Response head = Response.stream("application/zip", out -> {
                    try (ZipArchive zip = new ZipArchive(out, apps::content)) {
                        for (FileEntry file : apps.files(id)) {
                            zip.file(file.path(), file.digest());
                        }
                    }
                })
                .with("cache-control", FOREVER);
        return head.tagged(request, id.value());
    }
}
