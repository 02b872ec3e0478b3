package dev.cloche.databases;

import dev.cloche.identity.ProjectId;
import dev.cloche.storage.TestDatabase;

/** The project of the tests. */
final class TestProject {
    static final ProjectId ID = new ProjectId("eeeeeeeeeeeeeeee");

    private TestProject() {}

    /** A PostgreSQL database of its own that has the project and nothing else. */
    static TestDatabase database() {
        TestDatabase postgres = TestDatabase.fresh();
        postgres.database().write(handle -> handle.execute("INSERT INTO project (id, slug, name, created_at) VALUES (?, 'test', 'Test', now())", ID.value()));
        return postgres;
    }
}
