package dev.cloche.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The keys of somebody whose tokens are believed (OpenID Connect Discovery 1.0; RFC 7517). They are fetched when a token comes,
 * kept for ten minutes, and asked for again at most every 30 seconds when a token names a key that is not known.
 */
final class OidcIssuer {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final Duration BETWEEN = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int LARGEST = 256 * 1024;
    private static final int MOST_KEYS = 100;
    private static final int SMALLEST_RSA = 2048;

    private final String issuer;
    private final HttpClient http;
    private final InstantSource clock;
    private List<Key> keys = List.of();
    private Instant fetched = Instant.MIN;

    private record Key(Optional<String> id, PublicKey key) {}

    /** Whoever this URL names. */
    OidcIssuer(String issuer, HttpClient http, InstantSource clock) {
        this.issuer = issuer;
        this.http = http;
        this.clock = clock;
    }

    /** The name that its tokens bear. */
    String name() {
        return issuer;
    }

    /**
     * Whether it signed this token; may ask it for its keys.
     *
     * @throws Problem {@code UPSTREAM} if it cannot be asked
     */
    synchronized boolean signed(Jwt token) {
        if (Duration.between(fetched, clock.instant()).compareTo(KEPT) > 0) {
            fetch();
        }
        if (known(token)) {
            return true;
        }
        boolean isNew = token.keyId().isPresent() && keys.stream().noneMatch(key -> key.id().equals(token.keyId()));
        if (isNew && Duration.between(fetched, clock.instant()).compareTo(BETWEEN) > 0) {
            fetch();
            return known(token);
        }
        return false;
    }

    private boolean known(Jwt token) {
        return keys.stream()
                .filter(key -> token.keyId().isEmpty() || key.id().isEmpty() || key.id().equals(token.keyId()))
                .anyMatch(key -> token.isSignedBy(key.key()));
    }

    private void fetch() {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        JsonNode discovery = get(URI.create(base + "/.well-known/openid-configuration"));
        if (!discovery.path("issuer").asText().equals(issuer)) {
            throw upstream("it calls itself something else");
        }
        URI place = URI.create(discovery.path("jwks_uri").asText());
        if (!OidcSettings.mayBeAsked(place)) {
            throw upstream("its keys are not at an https address");
        }
        List<Key> found = new ArrayList<>();
        for (JsonNode jwk : get(place).path("keys")) {
            if (found.size() < MOST_KEYS && !jwk.path("use").asText("sig").equals("enc")) {
                key(jwk).ifPresent(key -> found.add(new Key(Optional.ofNullable(jwk.path("kid").textValue()), key)));
            }
        }
        keys = List.copyOf(found);
        fetched = clock.instant();
    }

    private JsonNode get(URI place) {
        try {
            HttpRequest request = HttpRequest.newBuilder(place).timeout(PATIENCE).header("accept", "application/json").build();
            HttpResponse<InputStream> answer = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(LARGEST);
                if (answer.statusCode() != 200 || bytes.length == LARGEST) {
                    throw upstream("it answers " + answer.statusCode());
                }
                return Json.tree(bytes);
            }
        } catch (IOException e) {
            throw upstream("it does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw upstream("the server stops");
        }
    }

    private Problem upstream(String why) {
        return Problem.of(ErrorCode.UPSTREAM, "The issuer " + issuer + " cannot be asked for its keys: " + why + ".");
    }

    private static Optional<PublicKey> key(JsonNode jwk) {
        try {
            return switch (jwk.path("kty").asText()) {
                case "EC" -> jwk.path("crv").asText().equals("P-256") ? Optional.of(elliptic(jwk)) : Optional.empty();
                case "RSA" -> rsa(jwk);
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static PublicKey elliptic(JsonNode jwk) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static Optional<PublicKey> rsa(JsonNode jwk) throws GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        if (modulus.bitLength() < SMALLEST_RSA) {
            return Optional.empty();
        }
        return Optional.of(KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, number(jwk, "e"))));
    }

    private static BigInteger number(JsonNode jwk, String member) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(jwk.path(member).asText()));
    }
}
