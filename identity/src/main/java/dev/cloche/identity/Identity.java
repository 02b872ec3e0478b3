package dev.cloche.identity;

import dev.cloche.http.Authenticator;
import dev.cloche.http.Origins;
import dev.cloche.http.Route;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/** People, their ways in, projects with roles, and the one policy. Call {@link #start} once before the first request. */
public final class Identity {
    private final Database database;
    private final Stores stores;
    private final Sources sources;
    private final Access access;
    private final Authenticator authenticator;
    private final Standing standing;
    private final List<Route> routes;

    /**
     * Where time and chance come from.
     *
     * @param clock the time of day
     * @param random for identifiers and secrets
     */
    public record Sources(InstantSource clock, SecureRandom random) {
        /** The machine's own. */
        public static Sources system() {
            return new Sources(InstantSource.system(), new SecureRandom());
        }

        RandomIds ids() {
            return new RandomIds(random);
        }
    }

    /** The tables of this part. */
    record Stores(People people, Projects projects, Sessions sessions, Tokens tokens, SignInLinks links, AuditLog audit) {}

    /**
     * Identity over this database.
     *
     * @param operatorKey the secret by which the command on the machine acts as the server's owner
     */
    public Identity(Database platform, Origins origins, String operatorKey, Sources sources) {
        this.sources = sources;
        RandomIds ids = sources.ids();
        InstantSource clock = sources.clock();
        this.stores = new Stores(new People(), new Projects(), new Sessions(ids, clock), new Tokens(ids, clock),
                new SignInLinks(ids, clock, origins.control()), new AuditLog(clock));
        this.standing = new Standing(platform, stores);
        this.database = platform.afterWrites(standing::changed);
        this.access = new Access(new DatabaseMemberships(database, stores, standing::changes, clock));
        this.authenticator = new TokenAuthenticator(database, stores, operatorKey, standing::changes, clock);
        Passwords passwords = new Passwords(sources.random());
        this.routes = Stream.of(
                        new SessionRoutes(database, stores, access, new SignIn(database, stores, passwords, clock)).routes(),
                        new AccountRoutes(database, stores, access, passwords).routes(),
                        new PeopleRoutes(database, stores, access, sources).routes(),
                        new ProjectRoutes(database, stores, access, sources).routes())
                .flatMap(List::stream)
                .toList();
    }

    /**
     * Makes the server's owner and the first project if they are not there, and removes what has expired.
     *
     * @return a one-time sign-in link of the owner, as long as the owner has never signed in
     */
    public Optional<String> start() {
        return database.write(handle -> {
            Person owner = stores.people().owner(handle).orElseGet(() -> firstOwner(handle));
            stores.sessions().sweep(handle);
            stores.links().sweep(handle);
            stores.audit().sweep(handle);
            return stores.people().hasSignedIn(handle, owner.id()) ? Optional.<String>empty() : Optional.of(stores.links().make(handle, owner.id()).link());
        });
    }

    /** A new one-time sign-in link of the server's owner, for whoever holds the machine. */
    public String ownerLink() {
        return database.write(handle -> stores.links().make(handle, stores.people().owner(handle).orElseThrow().id()).link());
    }

    /** The one policy. */
    public Access access() {
        return access;
    }

    /** Finds the actor of a request. */
    public Authenticator authenticator() {
        return authenticator;
    }

    /** Whether those who came in earlier may still be here. */
    public Standing standing() {
        return standing;
    }

    /** Records administration by the other parts. */
    public AuditLog audit() {
        return stores.audit();
    }

    /** The project with this identifier, whoever asks. */
    public Optional<Project> project(ProjectId id) {
        return database.read(handle -> stores.projects().find(handle, id));
    }

    /** The routes tagged {@code identity} in the contract. */
    public List<Route> routes() {
        return routes;
    }

    private Person firstOwner(Handle handle) {
        RandomIds ids = sources.ids();
        Person owner = new Person(new PersonId(ids.next()), "owner", "Owner", true, sources.clock().instant());
        stores.people().insert(handle, owner);
        stores.projects().insert(handle, new Project(new ProjectId(ids.next()), "Home", "home", sources.clock().instant()), owner.id());
        return owner;
    }
}
