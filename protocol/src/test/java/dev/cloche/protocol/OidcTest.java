package dev.cloche.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cloche.http.RequestCheck;
import dev.cloche.http.SocketClient;
import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import dev.cloche.values.Identity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of somebody else whom the configuration names, from a small issuer on this machine. */
class OidcTest {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final List<Map<String, String>> published = new ArrayList<>();
    private final KeyPair rsa = pair("RSA", 2048);
    private final KeyPair elliptic = pair("EC", 256);
    private HttpServer issuer = started();
    private String callsItself = url();
    private int asked;
    private final ProtocolServer server = new ProtocolServer(new OidcSettings(List.of(url()), Set.of("game")), RequestCheck.none());

    @BeforeEach
    void publish() {
        published.add(jwk("r1", (RSAPublicKey) rsa.getPublic()));
        published.add(jwk("e1", (ECPublicKey) elliptic.getPublic()));
    }

    @AfterEach
    void stop() {
        server.close();
        issuer.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "ES256"})
    void aTokenSpeaksForTheIdentityOfIssuerAndSubject(String algorithm) {
        String token = algorithm.equals("RS256") ? token("r1", "RS256", rsa, claims()) : token("e1", "ES256", elliptic, claims());

        assertThat(identity(token)).isEqualTo(Identity.ofClaims(url(), "ada").hex());
        assertThat(identity(token)).isEqualTo(Identity.ofClaims(url(), "ada").hex());
        assertThat(asked).as("keys are remembered").isEqualTo(1);
    }

    @Test
    void itHasNoRole() {
        SocketClient.Answer answer = server.send("PUT", "/v1/database/people", "module", bearer(token("r1", "RS256", rsa, claims())), "Content-Type: application/wasm");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(server.databases.updates).isEmpty();
    }

    @Test
    void whatIsNotForUsOrOverIsRefused() {
        assertThat(status(token("r1", "RS256", rsa, with("aud", "other")))).isEqualTo(401);
        assertThat(status(token("r1", "RS256", rsa, with("aud", List.of("other", "game"))))).isEqualTo(200);
        assertThat(status(token("r1", "RS256", rsa, with("iss", "https://elsewhere.example")))).isEqualTo(401);
        assertThat(status(token("r1", "RS256", rsa, with("sub", "x".repeat(129))))).isEqualTo(401);
        assertThat(status(token("r1", "RS256", rsa, with("exp", now() - 1)))).isEqualTo(401);
        assertThat(status(token("r1", "RS256", rsa, with("nbf", now() + 3600)))).isEqualTo(401);
        assertThat(status(token("r1", "RS256", rsa, with("hex_identity", "c200".repeat(16))))).isEqualTo(401);
    }

    @Test
    void forgedSignaturesAreRefused() throws GeneralSecurityException {
        String good = token("r1", "RS256", rsa, claims());
        String[] parts = good.split("\\.");
        String altered = parts[0] + "." + BASE64.encodeToString(Json.bytes(with("sub", "eve"))) + "." + parts[2];
        Mac secret = Mac.getInstance("HmacSHA256");
        secret.init(new SecretKeySpec(rsa.getPublic().getEncoded(), "HmacSHA256"));
        String shared = BASE64.encodeToString(Json.bytes(Map.of("alg", "HS256", "kid", "r1"))) + "." + parts[1];
        shared += "." + BASE64.encodeToString(secret.doFinal(shared.getBytes(UTF_8)));

        assertThat(status(altered)).isEqualTo(401);
        assertThat(status(shared)).isEqualTo(401);
        assertThat(status(BASE64.encodeToString(Json.bytes(Map.of("alg", "none"))) + "." + parts[1] + ".")).isEqualTo(401);
        assertThat(status(token("r1", "RS256", pair("RSA", 2048), claims()))).isEqualTo(401);
        assertThat(status(token("e1", "RS256", rsa, claims()))).as("the key of another algorithm").isEqualTo(401);
        KeyPair weak = pair("RSA", 1024);
        published.add(jwk("weak", (RSAPublicKey) weak.getPublic()));
        server.people.clock().pass(Duration.ofHours(1));
        assertThat(status(token("weak", "RS256", weak, claims()))).isEqualTo(401);
        assertThat(status(token("r1", "RS256", rsa, claims()))).isEqualTo(200);
    }

    @Test
    void aNewKeyIsFoundAndUnknownOnesDoNotMakeUsAskAllTheTime() {
        assertThat(status(token("r1", "RS256", rsa, claims()))).isEqualTo(200);
        KeyPair next = pair("RSA", 2048);
        published.add(jwk("r2", (RSAPublicKey) next.getPublic()));

        for (int i = 0; i < 20; i++) {
            assertThat(status(token("unknown-" + i, "RS256", next, claims()))).isEqualTo(401);
        }
        assertThat(asked).isEqualTo(1);
        server.people.clock().pass(Duration.ofSeconds(31));
        assertThat(status(token("r2", "RS256", next, claims()))).isEqualTo(200);
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void anIssuerThatCannotBeAskedIsNamed() {
        callsItself = "https://somebody-else.example";
        assertThat(status(token("r1", "RS256", rsa, claims()))).isEqualTo(502);
        issuer.stop(0);
        SocketClient.Answer answer = identify(token("r1", "RS256", rsa, claims()));
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.text()).contains(url());
    }

    @Test
    void settingsAreUrls() {
        assertThatThrownBy(() -> OidcSettings.from(configuration("http://plain.example")))
                .isInstanceOf(Problem.class).hasMessageContaining("databases.issuers");
        assertThat(OidcSettings.from(configuration("https://a.example, https://b.example/x"))
                .issuers()).containsExactly("https://a.example", "https://b.example/x");
    }

    private static Configuration configuration(String issuers) {
        return new Configuration(Map.of("databases.issuers", new Configuration.Setting(issuers, "a test")), Map.of(), Map.of());
    }

    private String identity(String token) {
        SocketClient.Answer answer = identify(token);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        String made = Json.tree(answer.body()).path("token").asText();
        return Json.tree(Base64.getUrlDecoder().decode(made.split("\\.")[1])).path("hex_identity").asText();
    }

    private int status(String token) {
        return identify(token).status();
    }

    /** Trades the token for a short one of this server, which says whose identity it is. */
    private SocketClient.Answer identify(String token) {
        return server.send("POST", "/v1/identity/websocket-token", "", bearer(token));
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private Map<String, Object> claims() {
        return new HashMap<>(Map.of("iss", url(), "sub", "ada", "aud", "game", "exp", now() + 3600));
    }

    private Map<String, Object> with(String claim, Object value) {
        Map<String, Object> claims = claims();
        claims.put(claim, value);
        return claims;
    }

    private long now() {
        return server.people.clock().instant().getEpochSecond();
    }

    private String url() {
        return "http://127.0.0.1:" + issuer.getAddress().getPort();
    }

    private HttpServer started() {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            made.createContext("/.well-known/openid-configuration", exchange -> {
                asked++;
                answer(exchange, Map.of("issuer", callsItself, "jwks_uri", url() + "/keys"));
            });
            made.createContext("/keys", exchange -> answer(exchange, Map.of("keys", published)));
            made.start();
            return made;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, Object body) throws IOException {
        byte[] bytes = Json.bytes(body);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String token(String keyId, String algorithm, KeyPair key, Map<String, Object> claims) {
        try {
            String signed = BASE64.encodeToString(Json.bytes(Map.of("alg", algorithm, "kid", keyId))) + "." + BASE64.encodeToString(Json.bytes(claims));
            Signature signature = Signature.getInstance(algorithm.equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(key.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> jwk(String id, RSAPublicKey key) {
        return Map.of("kty", "RSA", "kid", id, "use", "sig", "n", number(key.getModulus(), 0), "e", number(key.getPublicExponent(), 0));
    }

    private static Map<String, String> jwk(String id, ECPublicKey key) {
        return Map.of("kty", "EC", "crv", "P-256", "kid", id, "x", number(key.getW().getAffineX(), 32), "y", number(key.getW().getAffineY(), 32));
    }

    /** A number without its sign, padded to a length. */
    private static String number(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        byte[] plain = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        byte[] padded = new byte[Math.max(length, plain.length)];
        System.arraycopy(plain, 0, padded, padded.length - plain.length, plain.length);
        return BASE64.encodeToString(padded);
    }
}
