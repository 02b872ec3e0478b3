package dev.cloche.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.http.Contract;
import dev.cloche.http.ContractMatrix;
import dev.cloche.http.FrameClient;
import dev.cloche.http.Route;
import dev.cloche.http.SocketClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The protocol against its part of {@code openapi.yaml}, and what pages of other origins get. */
class ContractOfProtocolTest {
    private static ProtocolServer server;

    @BeforeAll
    static void start() {
        server = new ProtocolServer(OidcSettings.none(), Contract.load());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void routesAndContractAreTheSame() {
        assertThat(new ContractMatrix().differences(server.protocol.routes(), operation -> operation.tag().equals("protocol"))).isEmpty();
    }

    @Test
    void everyRouteIsOpenToPagesOfAnyOriginAndReadsNoCookie() {
        assertThat(server.protocol.routes()).allSatisfy(route -> {
            assertThat(route.path()).startsWith("/v1/");
            assertThat(route.admission()).isEqualTo(Route.Admission.ANY_ORIGIN);
        });
    }

    @Test
    void aPageOfAnyOriginMayAskAndRead() {
        SocketClient.Answer asked = server.send("OPTIONS", "/v1/identity", "", "Origin: http://game.example", "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: authorization, content-type");
        assertThat(asked.status()).isLessThan(300);
        assertThat(asked.header("access-control-allow-origin")).contains("*");
        assertThat(asked.header("access-control-allow-headers").orElseThrow()).contains("authorization");

        SocketClient.Answer answer = server.send("POST", "/v1/identity", "", "Origin: http://game.example", "Sec-Fetch-Site: cross-site");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).contains("*");
        assertThat(answer.header("access-control-allow-credentials")).isEmpty();
        try (FrameClient socket = FrameClient.open(server.port(), "/v1/database/people/subscribe", "Origin: http://game.example", "Sec-WebSocket-Protocol: v2.bsatn.spacetimedb")) {
            assertThat(socket.status()).isEqualTo(101);
        }
    }
}
