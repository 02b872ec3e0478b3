package dev.cloche.identity;

import dev.cloche.storage.Database;
import java.util.Map;
import java.util.Optional;

/** The memberships as the database has them at this moment; nothing is kept, so a removed member is out at once. */
final class DatabaseMemberships implements Access.Memberships {
    private final Database database;
    private final Projects projects;
    private final People people;

    DatabaseMemberships(Database database, Projects projects, People people) {
        this.database = database;
        this.projects = projects;
        this.people = people;
    }

    @Override
    public Optional<Role> role(PersonId person, ProjectId project) {
        return database.read(handle -> projects.role(handle, person, project));
    }

    @Override
    public Map<ProjectId, Role> projects(PersonId person) {
        return database.read(handle -> projects.roles(handle, person));
    }

    @Override
    public boolean isServerOwner(PersonId person) {
        return database.read(handle -> people.find(handle, person)).map(Person::serverOwner).orElse(false);
    }
}
