package dev.cloche.databases;

import dev.cloche.modules.Caller;
import dev.cloche.modules.Outside;
import dev.cloche.values.ConnectionId;
import java.util.Optional;

/** What reducers and views may ask for: claims and later calls; nothing that takes time. */
class DatabaseOutside implements Outside {
    private final RunningDatabase database;
    private final Claims claims;

    DatabaseOutside(RunningDatabase database, Claims claims) {
        this.database = database;
        this.claims = claims;
    }

    @Override
    public Optional<byte[]> claims(ConnectionId connection) {
        return claims.of(connection);
    }

    @Override
    public void schedule(String reducer, byte[] arguments) {
        database.submit(arguments.length, core -> database.tell(core.call(new Caller(database.identity(), ConnectionId.ZERO, database.now()), 0, reducer, arguments), null));
    }

    @Override
    public Lease begin() {
        throw new IllegalStateException("only procedures take transactions by themselves");
    }

    @Override
    public void sleepUntil(long timestamp) {
        throw new IllegalStateException("only procedures sleep");
    }

    @Override
    public HttpAnswer http(byte[] request, byte[] body) {
        return new HttpAnswer.Failed("Only procedures may send HTTP requests.");
    }
}
