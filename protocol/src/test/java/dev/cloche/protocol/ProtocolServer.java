package dev.cloche.protocol;

import dev.cloche.http.Assets;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.RequestCheck;
import dev.cloche.http.RunningServer;
import dev.cloche.http.SocketClient;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.TestServer;
import dev.cloche.kernel.Json;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A server with the protocol in front of the fake database, over a socket. */
final class ProtocolServer implements AutoCloseable {
    final TestServer people = new TestServer();
    final TestServer.Client owner = people.byLink(people.firstLink());
    final FakeDatabases databases;
    final Protocol protocol;
    final RunningServer running;

    ProtocolServer(OidcSettings oidc, RequestCheck check) {
        ProjectId project = new ProjectId(owner.send("GET", "/api/projects").json().at("/projects/0/id").asText());
        databases = new FakeDatabases(project, Protocol.identity(new dev.cloche.identity.PersonId(people.idOf(owner))));
        protocol = new Protocol(new Protocol.Foundation(databases, people.database().database(), people.identity(), people.clock(), new SecureRandom()), oidc);
        running = RunningServer.of(HttpConfig.on("127.0.0.1", 0),
                origins -> new FrontDoor.Parts(Stream.concat(protocol.routes().stream(), protocol.routesForPeople().stream()).toList(), List.of(), Assets.none(), people.identity().authenticator(), check));
    }

    ProtocolServer() {
        this(OidcSettings.none(), RequestCheck.none());
    }

    int port() {
        return running.port();
    }

    FakeDatabase database() {
        return databases.database;
    }

    /** A personal token of a client of the platform. */
    static String tokenOf(TestServer.Client client, String... scopes) {
        return client.send("POST", "/api/tokens", Map.of("name", "t", "scopes", List.of(scopes))).json().path("secret").asText();
    }

    /** A personal token of the server's owner with all scopes. */
    String ownerToken() {
        return tokenOf(owner, "read", "write", "publish", "admin");
    }

    /** A token of somebody new. */
    String newcomer() {
        return Json.tree(send("POST", "/v1/identity", "").body()).path("token").asText();
    }

    /** One request with a body of bytes; each header as {@code Name: value}. */
    SocketClient.Answer send(String method, String target, String body, String... headers) {
        StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: localhost:" + port() + "\r\nConnection: close\r\nContent-Length: "
                + body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return SocketClient.once(port(), text.append("\r\n").append(body).toString());
    }

    @Override
    public void close() {
        running.close();
        databases.database.close();
        people.close();
    }
}
