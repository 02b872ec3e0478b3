package dev.cloche.identity;

import dev.cloche.http.Refused;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** The two ways to begin a session: a name with its password, and a one-time link. Each try is limited and recorded. */
final class SignIn {
    static final int TRIES_PER_NAME = 10;
    static final int TRIES_PER_ADDRESS = 50;
    static final Duration WINDOW = Duration.ofMinutes(5);

    private final Database database;
    private final Identity.Stores stores;
    private final Passwords passwords;
    private final InstantSource clock;
    private final AttemptLimit names;
    private final AttemptLimit addresses;

    /** A session that has just begun. */
    record Begun(Person person, String secret, boolean hasPassword) {}

    SignIn(Database database, Identity.Stores stores, Passwords passwords, InstantSource clock) {
        this.database = database;
        this.stores = stores;
        this.passwords = passwords;
        this.clock = clock;
        this.names = new AttemptLimit(clock, TRIES_PER_NAME, WINDOW);
        this.addresses = new AttemptLimit(clock, TRIES_PER_ADDRESS, WINDOW);
    }

    Begun byPassword(Request request, String typedName, String password) {
        String name = typedName.strip().toLowerCase(Locale.ROOT);
        limit(addresses, request.remoteAddress());
        limit(names, name);
        Optional<Person> person = database.read(handle -> stores.people().named(handle, name));
        Optional<String> hash = person.flatMap(p -> database.read(handle -> stores.people().passwordHash(handle, p.id())));
        // the slow hash runs outside of any transaction
        boolean matches = matches(password, hash);
        if (!matches) {
            refuse(request, name, "password", "The name or the password is wrong.");
        }
        names.forgive(name);
        addresses.forgive(request.remoteAddress());
        return database.write(handle -> {
            PersonId id = person.orElseThrow().id();
            return begin(handle, request, id, false);
        });
    }

    Begun byLink(Request request, String code) {
        limit(addresses, request.remoteAddress());
        Optional<Begun> begun = database.write(handle -> stores.links().use(handle, code).map(id -> begin(handle, request, id, true)));
        if (begun.isEmpty()) {
            refuse(request, "?", "link", "This link was used before, is older than 24 hours, or never was one. Ask for a new one.");
        }
        addresses.forgive(request.remoteAddress());
        return begun.orElseThrow();
    }

    private boolean matches(String password, Optional<String> hash) {
        if (hash.isEmpty()) {
            passwords.matchesNobody(password);
            return false;
        }
        return passwords.matches(password, hash.get());
    }

    private Begun begin(org.jdbi.v3.core.Handle handle, Request request, PersonId id, boolean byLink) {
        // the account may have gone while the hash was computed
        Person person = stores.people().find(handle, id).orElseThrow(() -> Problem.of(ErrorCode.UNAUTHENTICATED, "This account does not exist any more."));
        stores.people().signedIn(handle, id, clock.instant());
        stores.audit().signIn(handle, request, person.name(), byLink ? "link" : "password", true);
        String secret = stores.sessions().begin(handle, id, byLink);
        return new Begun(person, secret, stores.people().passwordHash(handle, id).isPresent());
    }

    private void refuse(Request request, String name, String via, String detail) {
        database.write(handle -> {
            stores.audit().signIn(handle, request, name, via, false);
            return true;
        });
        throw Problem.of(ErrorCode.UNAUTHENTICATED, detail).titled("Sign-in failed");
    }

    private static void limit(AttemptLimit limit, String key) {
        limit.attempt(key).ifPresent(wait -> {
            long seconds = Math.max(1, wait.toSeconds() + 1);
            Problem problem = Problem.of(ErrorCode.RATE_LIMITED, "Too many tries to sign in; wait " + seconds + " seconds.");
            throw new Refused(Response.problem(problem).with("retry-after", Long.toString(seconds)));
        });
    }
}
