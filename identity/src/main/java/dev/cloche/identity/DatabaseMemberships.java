package dev.cloche.identity;

import dev.cloche.storage.Database;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The memberships as the database has them; a member who is removed here is out at once. */
final class DatabaseMemberships implements Access.Memberships {
    private final Database database;
    private final Identity.Stores stores;
    private final Remembered<Pair, Role> roles;
    private final Remembered<PersonId, Map<ProjectId, Role>> projects;
    private final Remembered<PersonId, Person> people;

    private record Pair(PersonId person, ProjectId project) {}

    /**
     * Those of this database.
     *
     * @param changes as {@link Remembered} wants them
     */
    DatabaseMemberships(Database database, Identity.Stores stores, Supplier<Long> changes, InstantSource clock) {
        this.database = database;
        this.stores = stores;
        this.roles = new Remembered<>(changes, clock);
        this.projects = new Remembered<>(changes, clock);
        this.people = new Remembered<>(changes, clock);
    }

    @Override
    public Optional<Role> role(PersonId person, ProjectId project) {
        return roles.find(new Pair(person, project), () -> database.read(handle -> stores.projects().role(handle, person, project)));
    }

    @Override
    public Map<ProjectId, Role> projects(PersonId person) {
        return projects.find(person, () -> Optional.of(database.read(handle -> stores.projects().roles(handle, person)))).orElse(Map.of());
    }

    @Override
    public boolean isServerOwner(PersonId person) {
        return people.find(person, () -> database.read(handle -> stores.people().find(handle, person))).map(Person::serverOwner).orElse(false);
    }
}
