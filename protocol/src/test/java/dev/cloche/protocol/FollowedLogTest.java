package dev.cloche.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.databases.LogLine;
import dev.cloche.identity.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A log that is followed for long, by somebody whose rights may end meanwhile. */
final class FollowedLogTest {
    private static LogLine line(String message) {
        return new LogLine(LogLine.Level.INFO, 3, Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), message, List.of());
    }

    private static BufferedReader follow(ProtocolServer server, HttpClient client, String token) throws IOException, InterruptedException {
        URI address = URI.create("http://localhost:" + server.port() + "/v1/database/people/logs?follow=true");
        var answer = client.send(HttpRequest.newBuilder(address).header("authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        assertThat(List.of(lines.readLine(), lines.readLine())).last().asString().contains("oh");
        return lines;
    }

    @Test
    void itIsHeardAsLongAsTheTokenHolds() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient(); ProtocolServer server = new ProtocolServer()) {
            TestServer.Client owner = server.owner;
            var made = owner.send("POST", "/api/tokens", Map.of("name", "t", "scopes", List.of("read"))).json();
            BufferedReader lines = follow(server, client, made.path("secret").asText());

            server.people.clock().pass(Duration.ofSeconds(2));
            server.databases.later.add(line("still"));
            assertThat(lines.readLine()).contains("still");

            owner.send("DELETE", "/api/tokens/" + made.at("/token/id").asText());
            server.people.clock().pass(Duration.ofSeconds(2));
            server.databases.later.add(line("secret"));
            assertThat(lines.readLine()).as("the stream's end").isNull();
        }
    }
}
