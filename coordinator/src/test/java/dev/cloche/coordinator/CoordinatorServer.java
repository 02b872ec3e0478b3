package dev.cloche.coordinator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Assets;
import dev.cloche.http.Contract;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.RunningServer;
import dev.cloche.http.SocketClient;
import dev.cloche.identity.TestServer;
import dev.cloche.kernel.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A server with a coordinator over fake workers, over a socket and on a database of its own. */
final class CoordinatorServer implements AutoCloseable {
    static final List<String> ALL = List.of("read", "write", "publish", "admin", "work");

    final TestServer people = new TestServer();
    final TestServer.Client owner = people.byLink(people.firstLink());
    final FakeWorkers workers = new FakeWorkers();
    final String token = token(owner, ALL);
    private final CoordinatorSettings settings;
    private final WorkerOpener opener;
    private Coordinator coordinator;
    private RunningServer running;

    CoordinatorServer() {
        this(CoordinatorSettings.USUAL.withSlots(2));
    }

    CoordinatorServer(CoordinatorSettings settings) {
        this.settings = settings;
        opener = workers;
        start();
    }

    CoordinatorServer(CoordinatorSettings settings, WorkerOpener opener) {
        this.settings = settings;
        this.opener = opener;
        start();
    }

    private void start() {
        coordinator = new Coordinator(new Coordinator.Foundation(people.database().database(), people.identity().access(), people.identity().standing(), people.identity().audit(), InstantSource.system(), new SecureRandom(), opener), settings).start();
        running = RunningServer.of(HttpConfig.on("127.0.0.1", 0),
                origins -> new FrontDoor.Parts(coordinator.routes(), List.of(), Assets.none(), people.identity().authenticator(), Contract.load()));
    }

    /** Stops it and starts another one over the same database. */
    void restart() {
        running.close();
        coordinator.close();
        start();
    }

    int port() {
        return running.port();
    }

    /** A personal token. */
    static String token(TestServer.Client client, List<String> scopes) {
        return client.send("POST", "/api/tokens", Map.of("name", "t", "scopes", scopes)).json().path("secret").asText();
    }

    /** Publishes a file. */
    JsonNode publish(String name, byte[] file) {
        Answer answer = send("POST", "/api/workers?name=" + name, file[0] == 'P' ? "application/zip" : "application/wasm", file);
        if (answer.status() >= 300) {
            throw new AssertionError(answer.text());
        }
        return answer.json();
    }

    /** An answer. */
    record Answer(SocketClient.Answer on) {
        int status() {
            return on.status();
        }

        String text() {
            return on.text();
        }

        JsonNode json() {
            return on.json();
        }

        String header(String name) {
            return on.header(name).orElse("");
        }
    }

    Answer send(String method, String target) {
        return send(method, target, "", new byte[0]);
    }

    Answer json(String method, String target, Object body) {
        return send(method, target, "application/json", Json.bytes(body));
    }

    Answer send(String method, String target, String type, byte[] body, String... headers) {
        return sendAs(token, method, target, type, body, headers);
    }

    Answer sendAs(String bearer, String method, String target, String type, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: " + running.controlHost() + "\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n");
        if (!type.isEmpty()) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        if (!bearer.isEmpty()) {
            head.append("Authorization: Bearer ").append(bearer).append("\r\n");
        }
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        try (SocketClient client = SocketClient.connect(port())) {
            return new Answer(client.send(bytes.toByteArray()).read());
        }
    }

    /** Makes a task; its identifier. */
    String task(Map<String, ?> wish) {
        Answer answer = json("POST", "/task", wish);
        if (answer.status() != 201) {
            throw new AssertionError(answer.text());
        }
        return answer.json().path("id").asText();
    }

    String state(String task) {
        return send("GET", "/task/" + task).json().at("/task/state").asText();
    }

    RunningServer running() {
        return running;
    }

    @Override
    public void close() {
        running.close();
        coordinator.close();
        people.close();
    }
}
