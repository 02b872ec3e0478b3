package dev.cloche.protocol;

import dev.cloche.databases.Databases;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.values.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Identities and their tokens: {@code /v1/identity} (facts, specification C). */
final class IdentityRoutes {
    private final Databases databases;
    private final Tokens tokens;
    private final Callers callers;
    private final String publicKey;

    IdentityRoutes(Databases databases, Tokens tokens, Callers callers, String publicKey) {
        this.databases = databases;
        this.tokens = tokens;
        this.callers = callers;
        this.publicKey = publicKey;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/v1/ping", request -> new Response(200, Map.of(), new Response.Body.Bytes(new byte[0]))),
                Route.post("/v1/identity", this::make),
                Route.post("/v1/identity/websocket-token", this::shorten),
                Route.get("/v1/identity/public-key", this::key),
                Route.get("/v1/identity/{identity}/verify", this::verify),
                Route.get("/v1/identity/{identity}/databases", this::databases));
    }

    private Response make(Request request) {
        Tokens.Checked token = tokens.fresh();
        return Response.json(Map.of("identity", token.identity().hex(), "token", token.text()));
    }

    private Response shorten(Request request) {
        return Response.json(Map.of("token", tokens.shortened(callers.known(request).token()).text()));
    }

    private Response key(Request request) {
        return Response.bytes(200, "application/pem-certificate-chain", publicKey.getBytes(StandardCharsets.US_ASCII));
    }

    private Response verify(Request request) {
        Identity identity = identity(request);
        if (!callers.known(request).identity().equals(identity)) {
            throw Refusal.of(400, "This token is not of that identity.");
        }
        return Response.empty();
    }

    private Response databases(Request request) {
        Identity identity = identity(request);
        return Response.json(Map.of("identities", databases.madeBy(identity).stream().map(database -> database.identity().hex()).toList()));
    }

    private static Identity identity(Request request) {
        try {
            return Identity.ofHex(request.pathParameter("identity"));
        } catch (IllegalArgumentException e) {
            throw Refusal.of(400, "Invalid URL: an identity has 64 hexadecimal digits.");
        }
    }
}
