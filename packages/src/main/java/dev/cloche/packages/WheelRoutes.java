package dev.cloche.packages;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Wheels for engines, on the origins of user content: public files by digest, for everybody who knows the digest. Only
 * what is on this machine is given; nothing is ever fetched.
 */
final class WheelRoutes {
    private final PackageIndex index;

    WheelRoutes(PackageIndex index) {
        this.index = index;
    }

    /** The routes of user-content origins. */
    List<Route> routes() {
        return List.of(Route.get("/__cloche/wheels/{sha256}/{file}", this::wheel).open());
    }

    private Response wheel(Request request) throws IOException {
        Optional<Digest> digest = SimplePage.digest(request.pathParameter("sha256"));
        Optional<WheelFile> file = WheelFile.parse(request.pathParameter("file"));
        if (digest.isEmpty() || file.isEmpty()) {
            throw missing();
        }
        Path path = index.here(digest.get(), file.get().file()).orElseThrow(WheelRoutes::missing);
        return file(request, digest.get(), path, "application/octet-stream").with("access-control-allow-origin", "*");
    }

    private static Problem missing() {
        return Problem.of(ErrorCode.NOT_FOUND, "This server has no such wheel.");
    }

    /** A file that never changes under its address. */
    static Response file(Request request, Digest digest, Path path, String type) throws IOException {
        Response.Body body = new Response.Body.File(path, 0, Files.size(path));
        return new Response(200, Map.of("content-type", List.of(type)), body)
                .with("cache-control", "public, max-age=31536000, immutable")
                .tagged(request, digest.hex());
    }
}
