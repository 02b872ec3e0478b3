package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.workers.LinkMessage;
import dev.cloche.workers.Ticket;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that callers make of a node themselves. */
@Timeout(60)
class TicketRoutesTest {
    private final CoordinatorServer server = new CoordinatorServer();
    private final String digest = server.publish("texts", FakeWorkers.module(1)).at("/worker/digest").asText();

    @AfterEach
    void close() {
        server.close();
    }

    private LinkedNode node() {
        return LinkedNode.node(server);
    }

    @Test
    void whoGetsATicketCallsTheNodeAndTheServerHearsOfIt() throws Exception {
        String path = "/api/workers/texts/ticket/echo?where=node&bytes=100";
        try (LinkedNode node = node().hello("node", 2, digest)) {
            assertThat(server.send("POST", path).status()).as("nobody knows where the node is").isEqualTo(204);
            LinkMessage key = node.say(new LinkMessage.Reachable("http://node.example:8081/"), "").hear();
            assertThat(key.head()).isEqualTo(new LinkMessage.TicketKey());

            CoordinatorServer.Answer given = server.send("POST", path);
            assertThat(given.status()).isEqualTo(200);
            assertThat(given.json().path("url").asText()).isEqualTo("http://node.example:8081/ticket-call");
            assertThat(given.json().path("node").asText()).isEqualTo(node.id);
            Ticket ticket = Ticket.read(given.json().path("ticket").asText(), key.bytes(), Instant.now());
            assertThat(ticket).extracting(Ticket::worker, Ticket::digest, Ticket::function, Ticket::settings).containsExactly("texts", digest, "echo", 0L);
            assertThat(busy(node)).isEqualTo(1);
            node.say(new LinkMessage.Shown(ticket.call()), "").say(new LinkMessage.Answer(ticket.call(), 1.5), "");
            while (busy(node) > 0) {
                Thread.onSpinWait();
            }
            JsonNode shown = server.send("GET", "/api/nodes").json().at("/nodes/1");
            assertThat(shown.path("ran").asInt()).isEqualTo(1);
            assertThat(shown.path("publicUrl").asText()).isEqualTo("http://node.example:8081");
            assertThat(server.send("POST", "/api/workers/texts/ticket/echo?where=local").status()).isEqualTo(400);
            assertThat(server.send("POST", "/api/workers/nobody/ticket/echo").status()).isEqualTo(404);
        }
    }

    @Test
    void aTicketThatNobodyShowsFreesItsPlace() {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            node.say(new LinkMessage.Reachable("http://node.example:8081"), "").hear();
            server.send("POST", "/api/workers/texts/ticket/echo");
            assertThat(busy(node)).isEqualTo(1);

            assertThat(node.hear().head()).as("it may not come any more").isInstanceOf(LinkMessage.Cancel.class);
            assertThat(busy(node)).isZero();
        }
    }

    private int busy(LinkedNode node) {
        JsonNode nodes = server.send("GET", "/api/nodes").json().path("nodes");
        return StreamSupport.stream(nodes.spliterator(), false).filter(one -> one.path("id").asText().equals(node.id)).findFirst().orElseThrow().path("busy").asInt();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "node:8081", "ftp://node", "http://", "http://me:secret@node", "http://node/?a", "http://node/#a", "javascript:1"})
    void anAddressThatIsNoneEndsTheLink(String url) {
        assertThat(node().hello("node", 1).say(new LinkMessage.Reachable(url), "").closing()).contains("'url'");
    }

    @Test
    void aTabHasNoAddress() {
        assertThat(LinkedNode.tab(server).hello("tab", 1).say(new LinkMessage.Reachable("http://node"), "").closing()).contains("'url'");
    }

    @Test
    void aNodeThatHasLetGoOfTheWorkerGetsItByItsLinkBeforeTheNextTicket() {
        try (LinkedNode node = node().hello("node", 1, digest)) {
            LinkMessage key = node.say(new LinkMessage.Reachable("http://node.example:8081"), "").hear();
            String text = server.send("POST", "/api/workers/texts/ticket/echo").json().path("ticket").asText();
            Ticket ticket = Ticket.read(text, key.bytes(), Instant.now());
            node.say(new LinkMessage.Shown(ticket.call()), "").say(new LinkMessage.Failed(ticket.call(), "unavailable", Optional.empty(), Optional.empty(), "gone"), "");
            while (busy(node) > 0) {
                Thread.onSpinWait();
            }

            assertThat(server.send("POST", "/api/workers/texts/ticket/echo").status()).isEqualTo(204);
        }
    }
}
