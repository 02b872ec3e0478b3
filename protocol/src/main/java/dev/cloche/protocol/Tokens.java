package dev.cloche.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cloche.identity.Actor;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.Scope;
import dev.cloche.kernel.Json;
import dev.cloche.values.Identity;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The tokens of the client protocol (facts, specification C): made and signed by us for whoever asks, or by an issuer that the
 * configuration names. Safe for use by several threads.
 */
final class Tokens {
    /** Who our own tokens are from. */
    static final String ISSUER = "localhost";
    /** Whose identities those of this server's people are. */
    static final String PEOPLE = "cloche";

    private static final String AUDIENCE = "spacetimedb";
    private static final Duration SHORT = Duration.ofSeconds(60);
    private static final String PASS = "pass";
    private static final Duration PASS_TIME = Duration.ofMinutes(10);
    private static final Set<Scope> PASS_SCOPES = Set.of(Scope.READ, Scope.WRITE, Scope.PUBLISH);
    private static final int LONGEST_CLAIM = 128;

    private final SigningKey key;
    private final List<OidcIssuer> issuers;
    private final OidcSettings settings;
    private final InstantSource clock;

    /**
     * A token that was checked.
     *
     * @param identity whom it speaks for
     * @param text the token as it was shown
     * @param claims its payload
     */
    record Checked(Identity identity, String text, ObjectNode claims) {}

    Tokens(SigningKey key, OidcSettings settings, InstantSource clock) {
        this.key = key;
        this.settings = settings;
        this.clock = clock;
        this.issuers = settings.issuers().isEmpty() ? List.of() : issuers(settings, clock);
    }

    private static List<OidcIssuer> issuers(OidcSettings settings, InstantSource clock) {
        HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).followRedirects(HttpClient.Redirect.NEVER).build();
        return settings.issuers().stream().map(issuer -> new OidcIssuer(issuer, http, clock)).toList();
    }

    /** A token of somebody new, which never expires. */
    Checked fresh() {
        return signed(claims(ISSUER, UUID.randomUUID().toString()));
    }

    /** A token of a person of this server, for a moment. */
    Checked ofPerson(PersonId person) {
        return signed(claims(PEOPLE, person.value()).put("exp", now() + SHORT.toSeconds()));
    }

    /** A token with which the screens speak for a person and their roles; it must not stand in an address. */
    Checked pass(PersonId person) {
        return signed(claims(PEOPLE, person.value()).put(PASS, true).put("exp", now() + PASS_TIME.toSeconds()));
    }

    /** The person with their roles if the token is a pass. Only this server says that it speaks for its people. */
    static Optional<Actor> person(Checked token) {
        ObjectNode claims = token.claims();
        boolean isPass = claims.path("iss").asText().equals(PEOPLE) && claims.path(PASS).asBoolean();
        return isPass ? Optional.of(new Actor.Token(new PersonId(claims.path("sub").asText()), PASS, PASS_SCOPES)) : Optional.empty();
    }

    /** A token for the same identity, for a moment, without a person's roles; not longer than the first one holds. */
    Checked shortened(Checked token) {
        long end = now() + SHORT.toSeconds();
        ObjectNode claims = token.claims().deepCopy().put("iat", now()).put("hex_identity", token.identity().hex());
        claims.remove(PASS);
        claims.put("exp", claims.path("exp").isNumber() ? Math.min(end, claims.path("exp").longValue()) : end);
        return signed(claims);
    }

    /** The identity of a person of this server. */
    static Identity identity(PersonId person) {
        return Identity.ofClaims(PEOPLE, person.value());
    }

    /** The token if it holds; the reason if it does not is for the log, not for whoever shows it. */
    Optional<Checked> check(String text) {
        return Jwt.parse(text).filter(this::isSigned).flatMap(token -> {
            String issuer = token.text("iss");
            String subject = token.text("sub");
            if (!isName(issuer) || !isName(subject) || isOver(token.payload())) {
                return Optional.empty();
            }
            Identity identity = Identity.ofClaims(issuer, subject);
            JsonNode claimed = token.payload().path("hex_identity");
            if (!claimed.isMissingNode() && !claimed.asText().equals(identity.hex())) {
                return Optional.empty();
            }
            return Optional.of(new Checked(identity, text, token.payload()));
        });
    }

    private boolean isSigned(Jwt token) {
        if (token.isSignedBy(key.publicKey())) {
            return true;
        }
        return issuers.stream()
                .filter(issuer -> issuer.name().equals(token.text("iss")))
                .anyMatch(issuer -> isMeantForUs(token.payload().path("aud")) && issuer.signed(token));
    }

    private boolean isMeantForUs(JsonNode audience) {
        if (settings.audiences().isEmpty()) {
            return true;
        }
        return audience.isTextual() ? settings.audiences().contains(audience.textValue())
                : audience.valueStream().anyMatch(one -> settings.audiences().contains(one.asText()));
    }

    private boolean isOver(ObjectNode claims) {
        JsonNode end = claims.path("exp");
        JsonNode start = claims.path("nbf");
        boolean past = !end.isMissingNode() && !end.isNull() && (!end.isNumber() || end.longValue() <= now());
        boolean future = start.isNumber() && start.longValue() > now() + SHORT.toSeconds();
        return past || future;
    }

    private ObjectNode claims(String issuer, String subject) {
        return (ObjectNode) Json.tree(Map.of(
                "hex_identity", Identity.ofClaims(issuer, subject).hex(), "sub", subject, "iss", issuer, "aud", List.of(AUDIENCE), "iat", now()));
    }

    private Checked signed(ObjectNode claims) {
        String text = key.sign(Json.bytes(claims));
        return new Checked(Identity.ofHex(claims.path("hex_identity").textValue()), text, claims);
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    private static boolean isName(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        return length > 0 && length <= LONGEST_CLAIM;
    }
}
