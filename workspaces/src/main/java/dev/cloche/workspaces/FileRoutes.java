package dev.cloche.workspaces;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Actor;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The API of files: tree, raw reads and writes, batches, the zip. */
final class FileRoutes {
    /** What a browser may do with the bytes of a file if it is led to them: nothing. */
    private static final String INERT = "default-src 'none'; sandbox";

    /** A batch is JSON, in which content takes more room: base64, or escapes in text. */
    private static final long BATCH_BODY = 96L << 20;

    private final FileStore files;
    private final Guard guard;
    private final WorkspaceLimits limits;

    FileRoutes(FileStore files, Guard guard, WorkspaceLimits limits) {
        this.files = files;
        this.guard = guard;
        this.limits = limits;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String prefix : List.of("/api/workspaces/{id}/files", "/api/workspaces/{id}/pyodide/files")) {
            routes.add(Route.get(prefix, this::tree));
            routes.add(Route.get(prefix + "/{path*}", this::read));
            routes.add(Route.put(prefix + "/{path*}", this::write).bodyLimit(limits.fileBytes()));
            routes.add(Route.delete(prefix + "/{path*}", this::delete));
        }
        routes.add(Route.post("/api/workspaces/{id}/changes", this::change).bodyLimit(BATCH_BODY));
        routes.add(Route.get("/api/workspaces/{id}/archive", this::archive));
        return routes;
    }

    private Response tree(Request request) {
        Workspace workspace = guard.toRead(request);
        FileTree tree = files.tree(workspace.id(), revision(request));
        return Response.json(Map.of("revision", tree.revision(), "files", EntryView.all(tree.entries())))
                .tagged(request, Long.toString(tree.revision()));
    }

    private Response read(Request request) {
        Workspace workspace = guard.toRead(request);
        FilePath path = new FilePath(request.pathParameter("path"));
        TreeEntry.File file = switch (entry(workspace, path, revision(request))) {
            case TreeEntry.File found -> found;
            case TreeEntry.Folder _ -> throw Problem.of(ErrorCode.CONFLICT, "'" + path
                    + "' is a folder; read the tree, or take it as a zip from /archive?path=.");
        };
        Response head = Response.bytes(200, "application/octet-stream", new byte[0])
                .with("content-disposition", attachment(path.name()))
                .with("content-security-policy", INERT)
                .with("x-content-type-options", "nosniff")
                .with("cache-control", "private, no-cache")
                .tagged(request, Long.toString(file.revision()));
        if (head.status() != 200) {
            return head;
        }
        return new Response(200, head.headers(), new Response.Body.Bytes(files.content(file.digest())));
    }

    private TreeEntry entry(Workspace workspace, FilePath path, OptionalLong revision) {
        return files.entry(workspace.id(), path, revision).orElseThrow(() -> missing(path));
    }

    private static Problem missing(FilePath path) {
        return Problem.of(ErrorCode.NOT_FOUND, "'" + path + "' is not in this workspace.");
    }

    private static OptionalLong revision(Request request) {
        Optional<String> text = request.query("revision");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("[0-9]{1,18}")) {
            throw Problem.field("revision", "range", "'revision' is a whole number from 0.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /** What {@code PUT} answers with. */
    private record Written(String path, long revision, long size, String digest) {}

    private Response write(Request request) {
        Workspace workspace = guard.toWrite(request);
        FilePath path = new FilePath(request.pathParameter("path"));
        Commit commit = files.change(
                workspace.id(), List.of(new FileChange.Write(path, precondition(request), request.body())), author(request));
        TreeEntry.File file = commit.touched().stream()
                .filter(TreeEntry.File.class::isInstance)
                .map(TreeEntry.File.class::cast)
                .filter(f -> f.path().equals(path))
                .findFirst()
                .orElseThrow();
        int status = commit.made().contains(path) ? 201 : 200;
        return Response.json(status, new Written(path.value(), file.revision(), file.size(), file.digest().hex()))
                .with("etag", "\"" + file.revision() + "\"");
    }

    private Response delete(Request request) {
        Workspace workspace = guard.toWrite(request);
        FilePath path = new FilePath(request.pathParameter("path"));
        Commit commit =
                files.change(workspace.id(), List.of(new FileChange.Delete(path, precondition(request))), author(request));
        if (commit.changed().isEmpty()) {
            throw missing(path);
        }
        return Response.empty();
    }

    private static Precondition precondition(Request request) {
        return Precondition.ofHeaders(request.header("if-match"), request.header("if-none-match"));
    }

    private Response change(Request request) {
        Workspace workspace = guard.toWrite(request);
        List<FileChange> changes = request.json(ChangesBody.class).parsed(limits.batchChanges());
        Commit commit = files.change(workspace.id(), changes, author(request));
        return Response.json(Map.of("revision", commit.revision(), "files", EntryView.all(commit.touched())));
    }

    private static String author(Request request) {
        return Actor.of(request).person().value();
    }

    private Response archive(Request request) {
        Workspace workspace = guard.toRead(request);
        Optional<FilePath> folder = request.query("path").filter(text -> !text.isEmpty()).map(FilePath::new);
        OptionalLong revision = revision(request);
        folder.ifPresent(path -> entry(workspace, path, revision));
        List<TreeEntry> entries = files.tree(workspace.id(), revision).entries();
        String name = folder.map(FilePath::name).orElse(workspace.name());
        return Response.stream("application/zip", out -> {
                    try (ZipArchive zip = new ZipArchive(out, files::content)) {
                        for (TreeEntry entry : entries) {
                            add(zip, entry, folder);
                        }
                    }
                })
                .with("content-disposition", attachment(name + ".zip"))
                .with("content-security-policy", INERT)
                .with("cache-control", "no-store");
    }

    /** Names start at the folder that was asked for; a single file has its own name. */
    private static void add(ZipArchive zip, TreeEntry entry, Optional<FilePath> folder) throws java.io.IOException {
        String name = entry.path().value();
        if (folder.isPresent()) {
            if (entry.path().equals(folder.get()) && entry instanceof TreeEntry.File) {
                name = entry.path().name();
            } else if (entry.path().isBelow(folder.get())) {
                name = name.substring(folder.get().value().length() + 1);
            } else {
                return;
            }
        }
        switch (entry) {
            case TreeEntry.File file -> zip.file(name, file.digest());
            case TreeEntry.Folder _ -> zip.folder(name);
        }
    }

    /** A header that makes browsers save and never show, with the name in full (RFC 6266, RFC 8187). */
    private static String attachment(String name) {
        String plain = name.replaceAll("[^A-Za-z0-9._ -]", "_");
        String full = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + full;
    }
}
