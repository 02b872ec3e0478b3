package dev.cloche.protocol;

import dev.cloche.storage.Database;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The server's key for tokens: ES256 (RFC 7518, section 3.4), kept in the database. Safe for use by several threads. */
final class SigningKey {
    private final PrivateKey secret;
    private final PublicKey open;

    private record Stored(byte[] secret, byte[] open) {}

    private SigningKey(Stored stored) throws GeneralSecurityException {
        KeyFactory keys = KeyFactory.getInstance("EC");
        this.secret = keys.generatePrivate(new PKCS8EncodedKeySpec(stored.secret));
        this.open = keys.generatePublic(new X509EncodedKeySpec(stored.open));
    }

    /** The key of this database, made if it has none. */
    static SigningKey of(Database database, InstantSource clock) {
        try {
            Optional<Stored> known = database.read(SigningKey::stored);
            return new SigningKey(known.isPresent() ? known.get() : made(database, clock));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the key of the client protocol cannot be read", e);
        }
    }

    private static Optional<Stored> stored(Handle handle) {
        return handle.createQuery("SELECT private_key, public_key FROM protocol_key")
                .map((row, context) -> new Stored(row.getBytes("private_key"), row.getBytes("public_key")))
                .findOne();
    }

    /** A new key, or that of another server on this database that was faster. */
    private static Stored made(Database database, InstantSource clock) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair fresh = generator.generateKeyPair();
        return database.write(handle -> {
            handle.createUpdate("INSERT INTO protocol_key (private_key, public_key, created_at) VALUES (:secret, :open, :at) ON CONFLICT DO NOTHING")
                    .bind("secret", fresh.getPrivate().getEncoded())
                    .bind("open", fresh.getPublic().getEncoded())
                    .bind("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                    .execute();
            return stored(handle).orElseThrow();
        });
    }

    /** The public half. */
    PublicKey publicKey() {
        return open;
    }

    /** The public half as PEM. */
    String pem() {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(open.getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + lines + "\n-----END PUBLIC KEY-----\n";
    }

    /** A token with this payload. */
    String sign(byte[] payload) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String head = encoder.encodeToString("{\"typ\":\"JWT\",\"alg\":\"ES256\"}".getBytes(StandardCharsets.US_ASCII));
        String text = head + "." + encoder.encodeToString(payload);
        try {
            Signature signature = Signature.getInstance(Jwt.Algorithm.ES256.jdkName());
            signature.initSign(secret);
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return text + "." + encoder.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java signs with ES256", e);
        }
    }
}
