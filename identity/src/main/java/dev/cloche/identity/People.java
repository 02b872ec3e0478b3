package dev.cloche.identity;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.StoredTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** The accounts in the database; each method is part of the caller's transaction. */
final class People {
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String FOREIGN_KEY_VIOLATION = "23503";

    void insert(Handle handle, Person person) {
        unique("name", "The name '" + person.name() + "' is taken.", () -> handle.createUpdate("""
                        INSERT INTO person (id, name, display_name, server_owner, created_at)
                        VALUES (:id, :name, :displayName, :serverOwner, :createdAt)
                        """)
                .bind("id", person.id().value())
                .bind("name", person.name())
                .bind("displayName", person.displayName())
                .bind("serverOwner", person.serverOwner())
                .bind("createdAt", StoredTime.of(person.createdAt()))
                .execute());
    }

    Optional<Person> find(Handle handle, PersonId id) {
        return handle.createQuery("SELECT * FROM person WHERE id = :id").bind("id", id.value()).map(People::person).findOne();
    }

    Optional<Person> named(Handle handle, String name) {
        return handle.createQuery("SELECT * FROM person WHERE name = :name").bind("name", name).map(People::person).findOne();
    }

    /** The server's owner; the one who came first if there are several. */
    Optional<Person> owner(Handle handle) {
        return handle.createQuery("SELECT * FROM person WHERE server_owner ORDER BY created_at, id LIMIT 1").map(People::person).findOne();
    }

    List<Person> all(Handle handle) {
        return handle.createQuery("SELECT * FROM person ORDER BY name").map(People::person).list();
    }

    /** The person and everybody who shares a project with them. */
    List<Person> around(Handle handle, PersonId id) {
        return handle.createQuery("""
                        SELECT * FROM person p
                        WHERE p.id = :id OR EXISTS (
                            SELECT 1 FROM member mine JOIN member theirs USING (project_id)
                            WHERE mine.person_id = :id AND theirs.person_id = p.id)
                        ORDER BY name
                        """)
                .bind("id", id.value())
                .map(People::person)
                .list();
    }

    void rename(Handle handle, PersonId id, String name, String displayName) {
        unique("name", "The name '" + name + "' is taken.", () -> handle.createUpdate("UPDATE person SET name = :name, display_name = :displayName WHERE id = :id")
                .bind("id", id.value())
                .bind("name", name)
                .bind("displayName", displayName)
                .execute());
    }

    Optional<String> passwordHash(Handle handle, PersonId id) {
        return handle.createQuery("SELECT password_hash FROM person WHERE id = :id AND password_hash IS NOT NULL")
                .bind("id", id.value())
                .mapTo(String.class)
                .findOne();
    }

    void setPasswordHash(Handle handle, PersonId id, String hash) {
        handle.createUpdate("UPDATE person SET password_hash = :hash WHERE id = :id").bind("id", id.value()).bind("hash", hash).execute();
    }

    boolean hasSignedIn(Handle handle, PersonId id) {
        return handle.createQuery("SELECT signed_in_at IS NOT NULL FROM person WHERE id = :id").bind("id", id.value()).mapTo(Boolean.class).one();
    }

    void signedIn(Handle handle, PersonId id, Instant at) {
        handle.createUpdate("UPDATE person SET signed_in_at = :at WHERE id = :id").bind("id", id.value()).bind("at", StoredTime.of(at)).execute();
    }

    /** Removes an account; refused while it is the last owner of a project or of the server. */
    void delete(Handle handle, Person person) {
        // one at a time, so that two owners cannot remove each other
        handle.execute("LOCK TABLE person IN SHARE ROW EXCLUSIVE MODE");
        int owners = handle.createQuery("SELECT count(*) FROM person WHERE server_owner AND id <> :id").bind("id", person.id().value()).mapTo(Integer.class).one();
        if (person.serverOwner() && owners == 0) {
            throw Problem.of(ErrorCode.CONFLICT, "The last owner of the server cannot be removed.");
        }
        List<String> orphans = handle.createQuery("""
                        SELECT p.name FROM project p JOIN member m ON m.project_id = p.id
                        WHERE m.person_id = :id AND m.role = 'owner' AND NOT EXISTS (
                            SELECT 1 FROM member o WHERE o.project_id = p.id AND o.role = 'owner' AND o.person_id <> :id)
                        ORDER BY p.name
                        """)
                .bind("id", person.id().value())
                .mapTo(String.class)
                .list();
        if (!orphans.isEmpty()) {
            throw Problem.of(ErrorCode.CONFLICT, "This person is the only owner of the projects " + String.join(", ", orphans) + ". Name another owner first, or delete them.");
        }
        referenced("This person still owns something that must be removed first.",
                () -> handle.createUpdate("DELETE FROM person WHERE id = :id").bind("id", person.id().value()).execute());
    }

    /** Runs a statement; a value that exists already is a problem that names the field. */
    static void unique(String field, String message, Runnable statement) {
        refusing(UNIQUE_VIOLATION, Problem.of(ErrorCode.CONFLICT, message).with("field", field), statement);
    }

    /** Runs a statement; a row that others refer to is a problem. */
    static void referenced(String message, Runnable statement) {
        refusing(FOREIGN_KEY_VIOLATION, Problem.of(ErrorCode.CONFLICT, message), statement);
    }

    private static void refusing(String state, Problem problem, Runnable statement) {
        try {
            statement.run();
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException sql && state.equals(sql.getSQLState())) {
                throw problem;
            }
            throw e;
        }
    }

    static Person person(ResultSet row, StatementContext context) throws SQLException {
        return new Person(new PersonId(row.getString("id")), row.getString("name"), row.getString("display_name"), row.getBoolean("server_owner"),
                StoredTime.read(row, "created_at"));
    }
}
