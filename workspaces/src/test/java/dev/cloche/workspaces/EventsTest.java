package dev.cloche.workspaces;

import static dev.cloche.workspaces.Bench.OWNER;
import static dev.cloche.workspaces.Bench.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.identity.Actor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventsTest {
    private final Bench bench = new Bench();

    @AfterEach
    void close() {
        bench.close();
    }

    /** A client of the stream, on a thread of its own. */
    private static BufferedReader open(Response response) throws IOException {
        PipedInputStream in = new PipedInputStream(1 << 16);
        PipedOutputStream out = new PipedOutputStream(in);
        Thread.ofVirtual().start(() -> {
            try (out) {
                ((Response.Body.Stream) response.body()).writer().writeTo(out);
            } catch (IOException e) {
                // the reader went away
            }
        });
        return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    private static String next(BufferedReader stream, String start) throws IOException {
        for (String line = stream.readLine(); line != null; line = stream.readLine()) {
            if (line.startsWith(start)) {
                return line;
            }
        }
        return "(ended)";
    }

    @Test
    void aStreamTellsEachRevisionWithItsPathsUntilTheWorkspaceIsDeleted() throws IOException {
        WorkspaceId id = bench.newWorkspace();
        String path = "/api/workspaces/" + id + "/events";

        BufferedReader stream = open(bench.get(path));
        assertThat(next(stream, "data:")).isEqualTo("data: {\"revision\":0,\"paths\":[]}").satisfies(line -> bench.put(id, "d/a.txt", "x"));
        assertThat(next(stream, "id:")).isEqualTo("id: 1");
        assertThat(next(stream, "data:")).contains("\"revision\":1").contains("\"d\",\"d/a.txt\"");
        bench.workspaces.catalog().write(id, java.util.Map.of("lock", new byte[1]));
        assertThat(next(stream, "data:")).contains("\"revision\":2");
        bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id));
        assertThat(next(stream, "event:")).isEqualTo("event: deleted");
        assertThat(next(stream, "event:")).isEqualTo("(ended)");
    }

    @Test
    void whoComesBackHearsWhatChangedMeanwhile() throws IOException {
        WorkspaceId id = bench.newWorkspace();
        bench.put(id, "a.txt", "x");
        bench.put(id, "b.txt", "x");
        bench.put(id, "c.txt", "x");

        BufferedReader stream = open(bench.as(OWNER,
                Request.builder("GET", "/api/workspaces/" + id + "/events").header("last-event-id", "1")));

        assertThat(next(stream, "data:")).contains("\"revision\":3").contains("[\"b.txt\",\"c.txt\"]");
        bench.workspaces.close();
        assertThat(next(stream, "event:")).as("the server stops").isEqualTo("(ended)");
    }

    @Test
    void whatCameBeforeTheEndIsHeardWithIt() throws IOException {
        WorkspaceId id = bench.newWorkspace();
        Response.Body.Stream body = (Response.Body.Stream) bench.get("/api/workspaces/" + id + "/events").body();
        StringBuilder heard = new StringBuilder();
        body.writer().writeTo(new java.io.OutputStream() {
            @Override
            public void write(int one) {
                throw new UnsupportedOperationException("whole events are written");
            }

            @Override
            public void write(byte[] bytes) {
                String event = new String(bytes, StandardCharsets.UTF_8);
                heard.append(event);
                if (event.startsWith("id: 0")) {
                    // both wait when the stream looks for the next event
                    bench.put(id, "last.txt", "x");
                    bench.as(OWNER, Request.builder("DELETE", "/api/workspaces/" + id));
                }
            }
        });

        assertThat(heard.toString()).contains("last.txt").contains("event: deleted");
    }

    /** A member who goes on listening, told one revision, before something is taken from them. */
    private String toldAfter(Runnable taken) throws IOException {
        WorkspaceId id = bench.newWorkspace();
        BufferedReader stream = open(bench.as(VIEWER, Request.builder("GET", "/api/workspaces/" + id + "/events")));
        assertThat(next(stream, "id:")).isEqualTo("id: 0");
        bench.put(id, "before.txt", "x");
        assertThat(next(stream, "id:")).isEqualTo("id: 1");
        taken.run();
        bench.put(id, "after.txt", "x");
        return next(stream, "id:");
    }

    @Test
    void whoseSessionHasEndedHearsNothingMore() throws IOException {
        assertThat(toldAfter(() -> bench.ended.add(new Actor.Session(VIEWER, "session")))).isEqualTo("(ended)");
    }

    @Test
    void whoseRoleHasEndedHearsNothingMore() throws IOException {
        assertThat(toldAfter(() -> bench.memberships.remove(VIEWER, Bench.PROJECT))).isEqualTo("(ended)");
    }

    @Test
    void aListenerThatFallsBehindIsToldToReadTheTree() throws InterruptedException {
        WorkspaceEvents events = new WorkspaceEvents();
        WorkspaceId id = new WorkspaceId("0000000000000000");
        try (WorkspaceEvents.Listener listener = events.listen(id)) {
            for (int i = 1; i <= 257; i++) {
                events.publish(id, new WorkspaceEvent.FilesChanged(i, java.util.List.of(new FilePath("a"))));
            }

            assertThat(listener.next(java.time.Duration.ZERO)).contains(new WorkspaceEvent.FilesChanged(257, java.util.List.of()));
            assertThat(listener.next(java.time.Duration.ZERO)).isEmpty();
        }
    }
}
