package dev.cloche.http;

import dev.cloche.kernel.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The front end's files in a folder on disk: {@code ide/} for the control plane, {@code host/} and {@code engine/} for
 * user-content origins. Pages are filled with the origins they need to know.
 */
public final class StaticAssets implements Assets {
    /** First segments of the screens that {@code index.html} draws. */
    private static final Set<String> SCREENS = Set.of("sign-in", "apps", "settings", "workspace", "workspaces", "projects", "people",
            "packages", "runtimes", "application-server", "databases", "workers", "audit", "account");
    /** First segments that are never screens, so that a wrong path there is told as such. */
    private static final Set<String> MACHINE = Set.of("api", "app", "pypi", "npm", "git", "v1", "rpc", "mcp", "health", "metrics", "assets");

    private final Origins origins;
    private final AssetAnswer ide;
    private final AssetAnswer host;
    private final AssetAnswer engine;
    private final AssetFolder idePages;
    private final AssetFolder hostPages;

    /** Assets in this folder for these origins. */
    public StaticAssets(Path folder, Origins origins) {
        this.origins = origins;
        this.idePages = new AssetFolder(folder.resolve("ide"));
        this.hostPages = new AssetFolder(folder.resolve("host"));
        this.ide = new AssetAnswer(idePages);
        this.host = new AssetAnswer(hostPages);
        this.engine = new AssetAnswer(new AssetFolder(folder.resolve("engine")));
    }

    @Override
    public Optional<Response> control(Request request) {
        RawPath path = RawPath.parse(request.path());
        String relative = path.from(0);
        String first = path.segments().getFirst();
        if (request.path().equals("/") || SCREENS.contains(first)) {
            return page(request, idePages, "index.html", Map.of());
        }
        if (relative.endsWith(".html")) {
            return page(request, idePages, relative, Map.of());
        }
        Optional<Response> file = ide.file(request, relative, first.equals("assets") ? AssetAnswer.FOREVER : AssetAnswer.ASK);
        if (file.isPresent()) {
            return file.map(StaticAssets::own);
        }
        // the screens have a page of their own for what is not there
        boolean screen = FetchRules.wantsPage(request) && !MACHINE.contains(first);
        return screen ? page(request, idePages, "index.html", Map.of()).map(page -> new Response(404, page.headers(), page.body())) : Optional.empty();
    }

    @Override
    public Optional<Response> content(Site site, Request request) {
        List<String> path = RawPath.parse(request.path()).segments();
        if (path.getFirst().equals("__cloche")) {
            return reserved(site, request, path);
        }
        return switch (site) {
            case Site.EngineHost(String workspace) when request.path().equals("/") -> hostPage(site, request, "host.html");
            case Site.Preview preview when FetchRules.wantsPage(request) -> hostPage(site, request, "bridge.html");
            case Site.WorkerHost workers when request.path().equals("/") -> hostPage(site, request, "workers.html");
            case Site.WorkerHost workers -> Optional.empty();
            case Site.EngineHost host -> Optional.empty();
            case Site.Preview preview -> Optional.empty();
            // apps decide themselves what answers there
            case Site.App app -> Optional.empty();
            case Site.Control control -> Optional.empty();
        };
    }

    @Override
    public Response appPage(Request request) {
        Site site = request.get(Site.ATTRIBUTE).orElseThrow(() -> new IllegalStateException("the front door sets the site"));
        return hostPage(site, request, "app.html").orElseThrow(() -> Router.noSuchPath(request));
    }

    private Optional<Response> reserved(Site site, Request request, List<String> path) {
        String rest = String.join("/", path.subList(Math.min(2, path.size()), path.size()));
        String first = path.size() > 1 ? path.get(1) : "";
        if (first.equals("engine")) {
            return engine.file(request, rest, AssetAnswer.FOREVER).map(StaticAssets::own);
        }
        if (first.equals("host") && !rest.endsWith(".html")) {
            return host.file(request, rest, rest.startsWith("assets/") ? AssetAnswer.FOREVER : AssetAnswer.ASK).map(StaticAssets::own);
        }
        if (first.equals("host") || (first.equals("bridge.html") && path.size() == 2)) {
            return hostPage(site, request, first.equals("host") ? rest : first);
        }
        if (first.equals("sw.js") && path.size() == 2) {
            return host.file(request, "sw.js", "no-store").map(script -> own(script).with("service-worker-allowed", "/"));
        }
        return Optional.empty();
    }

    private Optional<Response> hostPage(Site site, Request request, String name) {
        Map<String, String> values = switch (site) {
            case Site.EngineHost(String workspace) -> Map.of("__CLOCHE_WORKSPACE_ID__", workspace);
            case Site.Preview(String workspace, int port) -> Map.of("__CLOCHE_WORKSPACE_ID__", workspace, "__CLOCHE_PREVIEW_PORT__", "" + port);
            case Site.App(String app) -> Map.of("__CLOCHE_APP_NAME__", app);
            case Site.WorkerHost workers -> Map.of();
            case Site.Control control -> Map.of();
        };
        return page(request, hostPages, name, values);
    }

    /** A page with its places filled; the values are made of our own names only, so they need no escaping. */
    private Optional<Response> page(Request request, AssetFolder folder, String name, Map<String, String> values) {
        return folder.find(name).map(found -> {
            String html = new String(folder.bytes(found), StandardCharsets.UTF_8)
                    .replace("__CLOCHE_CONTROL_ORIGIN__", origins.control())
                    .replace("__CLOCHE_HOST_ORIGIN__", origins.engineHost("{id}"))
                    .replace("__CLOCHE_PREVIEW_ORIGIN__", origins.preview("{id}", "{port}"))
                    .replace("__CLOCHE_APP_ORIGIN__", origins.app("{name}"));
            for (Map.Entry<String, String> value : values.entrySet()) {
                html = html.replace(value.getKey(), value.getValue());
            }
            byte[] bytes = html.getBytes(StandardCharsets.UTF_8);
            return own(Response.bytes(200, "text/html; charset=utf-8", bytes)
                    .with("cache-control", AssetAnswer.ASK)
                    .tagged(request, Digest.of(bytes).hex().substring(0, 32)));
        });
    }

    private static Response own(Response response) {
        return response.with(SecurityHeaders.OWN_PAGE, "yes");
    }
}
