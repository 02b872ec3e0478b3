package dev.cloche.identity;

import dev.cloche.storage.Database;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whether somebody who came in a while ago may still be here: for connections that stay open, since each request is looked at
 * anyway. Any thread; asks the database.
 */
public final class Standing {
    private final Database database;
    private final Identity.Stores stores;
    private final AtomicLong changes = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    Standing(Database database, Identity.Stores stores) {
        this.database = database;
        this.stores = stores;
    }

    /** Whether the session or token by which they came has neither ended nor expired. Says nothing about what they may do. */
    public boolean holds(Actor actor) {
        return switch (actor) {
            case Actor.Session(PersonId person, String session) -> database.read(handle -> stores.sessions().holds(handle, session));
            case Actor.Token token -> database.read(handle -> stores.tokens().holds(handle, token.token()));
            case Actor.Operator operator -> true;
        };
    }

    /**
     * Lets somebody hear whenever this server may have changed people, sessions, tokens, projects or roles, before the one who
     * asked for it has an answer. Expiry is no change: whoever keeps connections open looks now and then as well.
     *
     * @param listener runs on the thread of that request
     */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /** How many changes there were. */
    long changes() {
        return changes.get();
    }

    /** People, sessions, tokens, projects or roles may have changed. */
    void changed() {
        changes.incrementAndGet();
        listeners.forEach(Runnable::run);
    }
}
