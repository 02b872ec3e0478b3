package dev.cloche.identity;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.StoredTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** Projects and their members in the database; each method is part of the caller's transaction. */
final class Projects {
    private static final int MOST = 200;

    /** A project as one of its members sees it. */
    record Membership(Project project, Role role) {}

    /** A member of a project. */
    record Member(Person person, Role role) {}

    void insert(Handle handle, Project project, PersonId owner) {
        int owned = handle.createQuery("SELECT count(*) FROM member WHERE person_id = :person AND role = 'owner'")
                .bind("person", owner.value())
                .mapTo(Integer.class)
                .one();
        if (owned >= MOST) {
            throw Problem.of(ErrorCode.CONFLICT, "One person owns at most " + MOST + " projects.");
        }
        People.unique("slug", "The slug '" + project.slug() + "' is taken.", () -> handle.createUpdate("INSERT INTO project (id, name, slug, created_at) VALUES (:id, :name, :slug, :createdAt)")
                .bind("id", project.id().value())
                .bind("name", project.name())
                .bind("slug", project.slug())
                .bind("createdAt", StoredTime.of(project.createdAt()))
                .execute());
        setRole(handle, project.id(), owner, Role.OWNER, project.createdAt());
    }

    boolean isTaken(Handle handle, Slug slug) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM project WHERE slug = :slug)").bind("slug", slug.text()).mapTo(Boolean.class).one();
    }

    Optional<Project> find(Handle handle, ProjectId id) {
        return handle.createQuery("SELECT * FROM project WHERE id = :id").bind("id", id.value()).map(Projects::project).findOne();
    }

    /** Keeps other changes of the project's members waiting until the transaction ends. */
    void lock(Handle handle, ProjectId id) {
        handle.createQuery("SELECT id FROM project WHERE id = :id FOR UPDATE").bind("id", id.value()).mapTo(String.class).findOne();
    }

    List<Membership> of(Handle handle, PersonId person) {
        return handle.createQuery("""
                        SELECT p.*, m.role FROM member m JOIN project p ON p.id = m.project_id
                        WHERE m.person_id = :person ORDER BY p.created_at, p.id
                        """)
                .bind("person", person.value())
                .map((row, context) -> new Membership(project(row, context), role(row.getString("role"))))
                .list();
    }

    List<Member> members(Handle handle, ProjectId id) {
        return handle.createQuery("""
                        SELECT p.*, m.role FROM member m JOIN person p ON p.id = m.person_id
                        WHERE m.project_id = :id ORDER BY m.added_at, p.id
                        """)
                .bind("id", id.value())
                .map((row, context) -> new Member(People.person(row, context), role(row.getString("role"))))
                .list();
    }

    Optional<Role> role(Handle handle, PersonId person, ProjectId project) {
        return handle.createQuery("SELECT role FROM member WHERE project_id = :project AND person_id = :person")
                .bind("project", project.value())
                .bind("person", person.value())
                .mapTo(String.class)
                .findOne()
                .map(Projects::role);
    }

    Map<ProjectId, Role> roles(Handle handle, PersonId person) {
        Map<ProjectId, Role> roles = new LinkedHashMap<>();
        of(handle, person).forEach(membership -> roles.put(membership.project().id(), membership.role()));
        return roles;
    }

    /** Whether nobody else owns the project. */
    boolean isLastOwner(Handle handle, ProjectId project, PersonId person) {
        return handle.createQuery("""
                        SELECT NOT EXISTS (SELECT 1 FROM member WHERE project_id = :project AND role = 'owner' AND person_id <> :person)
                        """)
                .bind("project", project.value())
                .bind("person", person.value())
                .mapTo(Boolean.class)
                .one();
    }

    void setRole(Handle handle, ProjectId project, PersonId person, Role role, Instant at) {
        handle.createUpdate("""
                        INSERT INTO member (project_id, person_id, role, added_at) VALUES (:project, :person, :role, :at)
                        ON CONFLICT (project_id, person_id) DO UPDATE SET role = excluded.role
                        """)
                .bind("project", project.value())
                .bind("person", person.value())
                .bind("role", role.name().toLowerCase(Locale.ROOT))
                .bind("at", StoredTime.of(at))
                .execute();
    }

    void removeMember(Handle handle, ProjectId project, PersonId person) {
        handle.createUpdate("DELETE FROM member WHERE project_id = :project AND person_id = :person")
                .bind("project", project.value())
                .bind("person", person.value())
                .execute();
    }

    void rename(Handle handle, ProjectId project, String name) {
        handle.createUpdate("UPDATE project SET name = :name WHERE id = :id").bind("id", project.value()).bind("name", name).execute();
    }

    /** Deletes a project; refused while workspaces or apps refer to it. */
    void delete(Handle handle, ProjectId project) {
        People.referenced("The project still owns workspaces or apps; delete them first. Deleted workspaces count until they cannot be restored any more.",
                () -> handle.createUpdate("DELETE FROM project WHERE id = :id").bind("id", project.value()).execute());
    }

    private static Project project(ResultSet row, StatementContext context) throws SQLException {
        return new Project(new ProjectId(row.getString("id")), row.getString("name"), row.getString("slug"), StoredTime.read(row, "created_at"));
    }

    private static Role role(String name) {
        return Role.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
