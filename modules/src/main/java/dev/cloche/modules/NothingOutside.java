package dev.cloche.modules;

import dev.cloche.values.ConnectionId;
import java.util.Optional;

/** There is nothing to be asked for: the instance is only started, or its database is not made yet. */
final class NothingOutside implements Outside {
    private static final String WHEN = "not while a module is started";

    @Override
    public Optional<byte[]> claims(ConnectionId connection) {
        return Optional.empty();
    }

    @Override
    public void schedule(String reducer, byte[] arguments) {
        throw new GuestFault(WHEN);
    }

    @Override
    public Lease begin() {
        throw new GuestFault(WHEN);
    }

    @Override
    public void sleepUntil(long timestamp) {
        throw new GuestFault(WHEN);
    }

    @Override
    public HttpAnswer http(byte[] request, byte[] body) {
        return new HttpAnswer.Failed(WHEN);
    }
}
