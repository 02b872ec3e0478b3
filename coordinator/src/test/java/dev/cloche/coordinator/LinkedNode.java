package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.FrameClient;
import dev.cloche.workers.LinkMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The end of a link where a node or tab is, which says what a test says. */
final class LinkedNode implements AutoCloseable {
    final FrameClient frames;
    private final CoordinatorServer server;
    String id = "";

    private LinkedNode(CoordinatorServer server, String... headers) {
        this.server = server;
        this.frames = FrameClient.open(server.port(), "/api/nodes/link", headers);
    }

    /** A node with the owner's token. */
    static LinkedNode node(CoordinatorServer server) {
        return node(server, server.token);
    }

    static LinkedNode node(CoordinatorServer server, String token) {
        return new LinkedNode(server, "Authorization: Bearer " + token);
    }

    /** A tab of the owner's session. */
    static LinkedNode tab(CoordinatorServer server) {
        String host = server.running().controlHost();
        return new LinkedNode(server, "Host: " + host, "Cookie: __Host-cloche=" + server.owner.session(), "Origin: http://" + host, "Sec-Fetch-Site: same-origin");
    }

    LinkedNode say(LinkMessage.Head head, String bytes) {
        frames.binary(new LinkMessage(head, bytes.getBytes(StandardCharsets.UTF_8)).encoded());
        return this;
    }

    LinkMessage hear() {
        FrameClient.Frame frame = frames.next();
        while (frame.opcode() == 9) {
            frame = frames.next();
        }
        if (frame.opcode() == 8) {
            throw new AssertionError("closed: " + frame.code() + " " + frame.reason());
        }
        return LinkMessage.read(ByteBuffer.wrap(frame.payload()));
    }

    LinkedNode hello(String kind, int slots, String... workers) {
        return helloWith(new LinkMessage.Hello(kind, "laptop", "test 1", false, slots, List.of(workers), List.of()));
    }

    LinkedNode helloWith(LinkMessage.Hello hello) {
        say(hello, "");
        id = ((LinkMessage.Welcome) hear().head()).node();
        // it counts from the moment when others see it
        while (!server.send("GET", "/api/nodes").text().contains(id)) {
            Thread.onSpinWait();
        }
        return this;
    }

    LinkMessage.Call call() {
        return (LinkMessage.Call) hear().head();
    }

    /** Why the server ends the link. */
    String closing() {
        try (this) {
            FrameClient.Frame frame = frames.next();
            assertThat(frame.opcode()).isEqualTo(8);
            assertThat(frame.code()).isEqualTo(1008);
            return frame.reason();
        }
    }

    @Override
    public void close() {
        frames.close();
    }
}
