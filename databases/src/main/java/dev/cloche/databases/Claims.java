package dev.cloche.databases;

import dev.cloche.values.ConnectionId;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** The claims of the tokens with which connections came. Any thread. */
final class Claims {
    private final ConcurrentHashMap<ConnectionId, byte[]> claims = new ConcurrentHashMap<>();

    void put(ConnectionId connection, byte[] json) {
        if (json.length > 0) {
            claims.put(connection, json);
        }
    }

    void remove(ConnectionId connection) {
        claims.remove(connection);
    }

    Optional<byte[]> of(ConnectionId connection) {
        return Optional.ofNullable(claims.get(connection));
    }

    /** A connection id that nobody has; not a secret. */
    static ConnectionId fresh() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new ConnectionId(random.nextLong(), random.nextLong(1, Long.MAX_VALUE));
    }
}
