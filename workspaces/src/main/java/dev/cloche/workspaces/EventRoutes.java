package dev.cloche.workspaces;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.Json;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The stream of what happens to a workspace (server-sent events, HTML standard, section 9.2).
 *
 * <p>It starts with the present revision, so that a client sees at once whether it is behind; with {@code Last-Event-ID} it
 * also names the paths that changed since. A comment is sent when nothing happens. Before each event and each comment the
 * right to read is looked at anew: nobody hears more after their session, token or role has ended.
 */
final class EventRoutes {
    /** The data of a {@code revision} event. */
    private record FilesView(long revision, List<String> paths) {}

    /** More paths than these are not told one by one; the client reads the tree. */
    private static final int MAX_PATHS = 500;

    private final WorkspaceEvents events;
    private final FileStore files;
    private final Guard guard;
    private final Duration heartbeat;

    EventRoutes(WorkspaceEvents events, FileStore files, Guard guard, Duration heartbeat) {
        this.events = events;
        this.files = files;
        this.guard = guard;
        this.heartbeat = heartbeat;
    }

    List<Route> routes() {
        return List.of(Route.get("/api/workspaces/{id}/events", this::open));
    }

    private Response open(Request request) {
        Workspace workspace = guard.toRead(request);
        return Response.stream("text/event-stream", out -> stream(request, workspace.id(), out))
                .with("cache-control", "no-store")
                .with("x-accel-buffering", "no");
    }

    private void stream(Request request, WorkspaceId id, OutputStream out) throws IOException {
        try (WorkspaceEvents.Listener listener = events.listen(id)) {
            // Listening starts before the revision is read: what comes in between is told twice, never missed.
            send(out, "retry: 2000\n\n");
            send(out, text(beginning(request, id)));
            while (!listener.ended()) {
                Optional<WorkspaceEvent> event = listener.next(heartbeat);
                if (listener.ended() || !guard.mayStillListen(request)) {
                    return;
                }
                send(out, event.map(EventRoutes::text).orElse(": still here\n\n"));
                if (event.filter(WorkspaceEvent.Deleted.class::isInstance).isPresent()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the stream was ended");
        }
    }

    private WorkspaceEvent beginning(Request request, WorkspaceId id) {
        long revision = files.revision(id);
        OptionalLong last = request.header("last-event-id")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
        if (last.isEmpty() || last.getAsLong() >= revision) {
            return new WorkspaceEvent.FilesChanged(revision, List.of());
        }
        return new WorkspaceEvent.FilesChanged(revision, files.changedSince(id, last.getAsLong(), MAX_PATHS + 1));
    }

    private static String text(WorkspaceEvent event) {
        return switch (event) {
            case WorkspaceEvent.FilesChanged(long revision, List<FilePath> paths) -> {
                boolean told = paths.size() <= MAX_PATHS;
                List<String> names = told ? paths.stream().map(FilePath::value).toList() : List.of();
                yield "id: " + revision + "\nevent: revision\ndata: "
                        + Json.text(new FilesView(revision, names)) + "\n\n";
            }
            case WorkspaceEvent.Configured() -> "event: workspace\ndata: {}\n\n";
            case WorkspaceEvent.Deleted() -> "event: deleted\ndata: {}\n\n";
        };
    }

    private static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
