package dev.cloche.workspaces;

import dev.cloche.identity.PersonId;
import dev.cloche.storage.Database;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;

/** What people keep about the screens of a workspace (open tabs and the like), each for themselves. */
final class ScreenStates {
    private final Database database;
    private final Clock clock;

    ScreenStates(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The person's state as JSON text. */
    Optional<String> read(WorkspaceId workspace, PersonId person) {
        return database.read(handle -> handle.createQuery("""
                        SELECT state FROM workspace_state WHERE workspace_id = :workspace AND person_id = :person
                        """)
                .bind("workspace", workspace.value())
                .bind("person", person.value())
                .mapTo(String.class)
                .findOne());
    }

    /** Keeps the state, JSON text. */
    void write(WorkspaceId workspace, PersonId person, String state) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO workspace_state (workspace_id, person_id, state, written_at)
                        VALUES (:workspace, :person, :state, :now)
                        ON CONFLICT (workspace_id, person_id) DO UPDATE SET state = :state, written_at = :now
                        """)
                .bind("workspace", workspace.value())
                .bind("person", person.value())
                .bind("state", state)
                .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                .execute());
    }
}
