package dev.cloche.packages;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The caching proxy for pip and other tools: the simple index in HTML and JSON, and the files. */
final class ProxyRoutes {
    private static final String METADATA = ".metadata";

    private final PackageIndex index;
    private final Access access;
    private final Clock clock;

    ProxyRoutes(PackageIndex index, Access access, Clock clock) {
        this.index = index;
        this.access = access;
        this.clock = clock;
    }

    /** The routes of the control plane. */
    List<Route> routes() {
        return List.of(
                Route.get("/pypi/simple/", this::list),
                Route.get("/pypi/simple/{project}/", this::project),
                Route.get("/pypi/simple/{project}", this::withSlash),
                Route.get("/pypi/files/{sha256}/{file}", this::file));
    }

    private Response list(Request request) {
        check(request);
        SimpleFormat format = SimpleFormat.wanted(request.headers("accept"));
        byte[] page = switch (format) {
            case JSON -> SimpleJson.writeList(index.projects());
            case HTML, PLAIN_HTML -> SimpleHtml.writeList(index.projects());
        };
        return page(request, format, page);
    }

    private Response withSlash(Request request) {
        check(request);
        return new Response(308, Map.of("location", List.of("/pypi/simple/" + name(request) + "/")), new Response.Body.Bytes(new byte[0]));
    }

    private Response project(Request request) {
        check(request);
        ProjectName project = name(request);
        Documents.Answer answer = index.page(project)
                .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "Neither the shelf nor the package index has a package '" + project + "'."));
        List<IndexFile> files = switch (answer.lookup()) {
            case PackageSource.Lookup.Found found -> found.files();
            case PackageSource.Lookup.Unknown unknown -> List.of();
            case PackageSource.Lookup.Unreachable(String why) -> throw Problem.of(ErrorCode.UPSTREAM, why);
        };
        List<IndexFile> announced = files.stream().map(ProxyRoutes::withMetadata).toList();
        SimpleFormat format = SimpleFormat.wanted(request.headers("accept"));
        byte[] page = switch (format) {
            case JSON -> SimpleJson.write(project, announced, ProxyRoutes::href);
            case HTML, PLAIN_HTML -> SimpleHtml.write(project, announced, ProxyRoutes::href);
        };
        long age = Math.max(0, Duration.between(answer.asOf(), clock.instant()).toSeconds());
        Response response = page(request, format, page).with("age", Long.toString(age));
        return answer.stale() ? response.with("warning", "110 - \"the package index cannot be reached\"") : response;
    }

    private Response file(Request request) throws IOException {
        check(request);
        Digest digest = SimplePage.digest(request.pathParameter("sha256")).orElseThrow(ProxyRoutes::missing);
        String name = request.pathParameter("file");
        boolean metadata = name.endsWith(".whl" + METADATA);
        String file = metadata ? name.substring(0, name.length() - METADATA.length()) : name;
        if (!SimplePage.isFileName(file)) {
            throw missing();
        }
        try {
            if (metadata) {
                byte[] bytes = index.metadataBytes(index.find(digest, file).orElseThrow(ProxyRoutes::missing));
                return Response.bytes(200, "text/plain; charset=utf-8", bytes)
                        .with("cache-control", "private, max-age=31536000, immutable")
                        .tagged(request, Digest.of(bytes).hex());
            }
            Optional<Path> here = index.here(digest, file);
            Path path = here.isPresent() ? here.get() : index.fetch(index.find(digest, file).orElseThrow(ProxyRoutes::missing));
            return WheelRoutes.file(request, digest, path, "application/octet-stream");
        } catch (PackageSource.Unreachable e) {
            throw Problem.of(ErrorCode.UPSTREAM, e.why());
        } catch (PackageIndex.Damaged e) {
            throw Problem.of(ErrorCode.UPSTREAM, e.why()).titled("Damaged package");
        } catch (CoreMetadata.Broken e) {
            throw Problem.of(ErrorCode.UPSTREAM, file + " cannot be used: " + e.why() + ".").titled("Damaged package");
        }
    }

    private void check(Request request) {
        access.check(Actor.of(request), Action.PACKAGES_READ, new Resource.Server());
    }

    private static ProjectName name(Request request) {
        return ProjectName.parse(request.pathParameter("project"))
                .orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "This is not the name of a package."));
    }

    private static Response page(Request request, SimpleFormat format, byte[] page) {
        return Response.bytes(200, format.mediaType(), page)
                .with("vary", "accept")
                .with("cache-control", "private, max-age=60")
                .tagged(request, Digest.of(page).hex().substring(0, 32));
    }

    /** Each wheel has a metadata file with us, also where the upstream has none. */
    private static IndexFile withMetadata(IndexFile file) {
        return file.metadata().isPresent() || !file.file().endsWith(".whl")
                ? file
                : new IndexFile(file.file(), file.sha256(), file.url(), file.size(), file.requiresPython(), file.yanked(),
                        Optional.of(new IndexFile.MetadataFile(Optional.empty())));
    }

    private static String href(IndexFile file) {
        return "../../files/" + file.sha256() + "/" + file.file().replace("+", "%2B");
    }

    private static Problem missing() {
        return Problem.of(ErrorCode.NOT_FOUND, "No package known here has such a file.");
    }
}
