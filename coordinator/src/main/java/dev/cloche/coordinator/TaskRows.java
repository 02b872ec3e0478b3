package dev.cloche.coordinator;

import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Json;
import dev.cloche.storage.StoredTime;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Tasks and results in the database; each method is part of the caller's transaction. */
final class TaskRows {
    private static final String SELECT = """
            SELECT t.*, length(t.input) AS input_bytes, w.name AS worker, length(r.output) AS output_bytes, r.ran_on, r.ran_ms, r.stored_at
            FROM worker_task t JOIN worker w ON w.id = t.worker_id LEFT JOIN worker_result r ON r.task_id = t.id
            """;

    /** A task that is being changed: nobody else changes it until the transaction ends. */
    record Locked(TaskId id, ProjectId project, TaskState state, Optional<String> lease, Optional<String> holder, int attempts, int mostAttempts, int losses, List<TaskError> errors) {}

    /** Which tasks somebody may take. */
    record Choice(Optional<Collection<String>> projects, Optional<String> worker, boolean pull) {}

    /** A lease that is given out. */
    record NewLease(String secret, String holder, Instant from, Instant until) {}

    void insert(Handle handle, TaskId id, NewTask task, Instant now) {
        handle.createUpdate("""
                        INSERT INTO worker_task (id, project_id, worker_id, function, input, place, divide, priority, timeout_ms, task_key, state, ready_at, most_attempts, created_at)
                        VALUES (:id, :project, :worker, :function, :input, :place, :divide, :priority, :timeout, :key, 'waiting', :ready, :attempts, :now)
                        ON CONFLICT (worker_id, task_key) WHERE task_key IS NOT NULL DO NOTHING
                        """)
                .bind("id", id.value()).bind("project", task.worker().project().value()).bind("worker", task.worker().id()).bind("function", task.function())
                .bind("input", task.input()).bind("place", task.where().text()).bind("divide", task.divide().orElse(null)).bind("priority", task.priority())
                .bind("timeout", (int) task.timeout().toMillis()).bind("key", task.key().orElse(null)).bind("ready", StoredTime.of(now.plus(task.delay())))
                .bind("attempts", task.attempts()).bind("now", StoredTime.of(now))
                .execute();
    }

    Optional<Task> find(Handle handle, TaskId id) {
        return handle.createQuery(SELECT + " WHERE t.id = :id").bind("id", id.value()).map((row, context) -> task(row)).findOne();
    }

    Optional<Task> byKey(Handle handle, String worker, String key) {
        return handle.createQuery(SELECT + " WHERE t.worker_id = :worker AND t.task_key = :key").bind("worker", worker).bind("key", key)
                .map((row, context) -> task(row)).findOne();
    }

    List<Task> list(Handle handle, Collection<String> projects, Optional<TaskState> state, Optional<String> worker, long before, int limit) {
        return handle.createQuery(SELECT + """
                         WHERE t.project_id = ANY(:projects) AND t.number < :before
                         AND (CAST(:state AS text) IS NULL OR t.state = :state) AND (CAST(:worker AS text) IS NULL OR w.name = :worker)
                         ORDER BY t.number DESC LIMIT :limit
                        """)
                .bindArray("projects", String.class, projects).bind("before", before).bind("state", state.map(TaskState::label).orElse(null))
                .bind("worker", worker.orElse(null)).bind("limit", limit)
                .map((row, context) -> task(row))
                .list();
    }

    /** How many tasks wait or run. */
    int open(Handle handle) {
        return handle.createQuery("SELECT (SELECT count(*) FROM worker_task WHERE state = 'waiting') + (SELECT count(*) FROM worker_task WHERE state = 'running')")
                .mapTo(Integer.class).one();
    }

    Map<TaskState, Long> counts(Handle handle, Collection<String> projects) {
        Map<TaskState, Long> counts = new EnumMap<>(TaskState.class);
        Arrays.stream(TaskState.values()).forEach(state -> counts.put(state, 0L));
        handle.createQuery("SELECT state, count(*) FROM worker_task WHERE project_id = ANY(:projects) GROUP BY state")
                .bindArray("projects", String.class, projects)
                .map((row, context) -> counts.put(TaskState.of(row.getString(1)), row.getLong(2)))
                .list();
        return counts;
    }

    /** Since when the task waits that is due for the longest time. */
    Optional<Instant> oldest(Handle handle, Collection<String> projects) {
        return handle.createQuery("SELECT min(ready_at) AS at FROM worker_task WHERE state = 'waiting' AND project_id = ANY(:projects)")
                .bindArray("projects", String.class, projects)
                .map((row, context) -> StoredTime.readOptional(row, "at"))
                .one();
    }

    /** Leases due tasks, those of the highest priority first. */
    List<LeasedTask> lease(Handle handle, Choice choice, NewLease lease, int most) {
        return handle.createQuery("""
                        UPDATE worker_task t
                        SET state = 'running', attempts = t.attempts + 1, lease = :lease, holder = :holder, lease_until = :until
                        FROM (SELECT q.id, w.name AS worker
                              FROM worker_task q JOIN worker w ON w.id = q.worker_id
                              WHERE q.state = 'waiting' AND q.ready_at <= :now
                              AND (CAST(:projects AS text[]) IS NULL OR q.project_id = ANY(:projects))
                              AND (CAST(:worker AS text) IS NULL OR w.name = :worker)
                              AND (CASE WHEN :pull THEN q.divide IS NULL AND q.place IN ('auto', 'pull') ELSE q.place <> 'pull' END)
                              ORDER BY q.priority DESC, q.ready_at, q.number LIMIT :most
                              FOR UPDATE OF q SKIP LOCKED) c
                        WHERE t.id = c.id
                        RETURNING t.*, c.worker
                        """)
                .bind("lease", lease.secret()).bind("holder", lease.holder()).bind("until", StoredTime.of(lease.until())).bind("now", StoredTime.of(lease.from()))
                .bindByType("projects", choice.projects().map(all -> all.toArray(String[]::new)).orElse(null), String[].class)
                .bind("worker", choice.worker().orElse(null)).bind("pull", choice.pull()).bind("most", most)
                .map((row, context) -> new LeasedTask(new TaskId(row.getString("id")), row.getString("worker"), row.getString("function"), row.getBytes("input"),
                        Where.of(row.getString("place")), integer(row, "divide"), row.getInt("attempts"), row.getInt("timeout_ms"), lease.secret(), lease.until()))
                .list();
    }

    Optional<Locked> locked(Handle handle, TaskId id) {
        return handle.createQuery("SELECT * FROM worker_task WHERE id = :id FOR UPDATE").bind("id", id.value()).map((row, context) -> locked(row)).findOne();
    }

    /** Running tasks that nobody changes at the moment: those whose lease is over, or of all holders of this kind. */
    List<Locked> lost(Handle handle, Instant now, Optional<String> holder, int most) {
        return handle.createQuery("""
                        SELECT * FROM worker_task
                        WHERE state = 'running' AND (CASE WHEN CAST(:holder AS text) IS NULL THEN lease_until <= :now ELSE holder LIKE :holder END)
                        ORDER BY lease_until LIMIT :most FOR UPDATE SKIP LOCKED
                        """)
                .bind("now", StoredTime.of(now)).bind("holder", holder.map(text -> text + "%").orElse(null)).bind("most", most)
                .map((row, context) -> locked(row))
                .list();
    }

    /** When something happens by itself: a task becomes due, or a lease ends. */
    Optional<Instant> nextTime(Handle handle, Instant now) {
        return handle.createQuery("""
                        SELECT least((SELECT min(ready_at) FROM worker_task WHERE state = 'waiting' AND ready_at > :now),
                                     (SELECT min(lease_until) FROM worker_task WHERE state = 'running')) AS at
                        """)
                .bind("now", StoredTime.of(now))
                .map((row, context) -> StoredTime.readOptional(row, "at"))
                .one();
    }

    /** Lets a running task wait again. */
    void again(Handle handle, Locked task, Instant readyAt, boolean lost, List<TaskError> errors) {
        handle.createUpdate("""
                        UPDATE worker_task SET state = 'waiting', ready_at = :ready, lease = NULL, lease_until = NULL, holder = NULL, errors = :errors,
                        attempts = attempts - :lost, losses = losses + :lost WHERE id = :id
                        """)
                .bind("id", task.id().value()).bind("ready", StoredTime.of(readyAt)).bind("lost", lost ? 1 : 0).bind("errors", Json.text(errors))
                .execute();
    }

    /** Gives a running task back as if nobody had taken it. */
    void untaken(Handle handle, Locked task, Instant readyAt) {
        handle.createUpdate("""
                        UPDATE worker_task SET state = 'waiting', ready_at = :ready, lease = NULL, lease_until = NULL, holder = NULL, attempts = attempts - 1 WHERE id = :id
                        """)
                .bind("id", task.id().value()).bind("ready", StoredTime.of(readyAt)).execute();
    }

    /** Lets a task begin anew. */
    void anew(Handle handle, TaskId id, Instant now) {
        handle.createUpdate("UPDATE worker_task SET state = 'waiting', ready_at = :now, attempts = 0, losses = 0, lease = NULL, lease_until = NULL, holder = NULL, ended_at = NULL WHERE id = :id")
                .bind("id", id.value()).bind("now", StoredTime.of(now)).execute();
    }

    /** Ends a task; the lease stays, so that a repeated result is known. */
    void end(Handle handle, TaskId id, TaskState state, Optional<List<TaskError>> errors, Instant now) {
        Update update = handle.createUpdate("UPDATE worker_task SET state = :state, ended_at = :now, lease_until = NULL, holder = NULL, errors = coalesce(:errors, errors) WHERE id = :id");
        update.bind("id", id.value()).bind("state", state.label()).bind("now", StoredTime.of(now)).bind("errors", errors.map(Json::text).orElse(null)).execute();
    }

    void insertResult(Handle handle, TaskId id, StoredResult result, Instant now) {
        handle.createUpdate("INSERT INTO worker_result (task_id, output, ran_on, ran_ms, stored_at) VALUES (:id, :output, :on, :ms, :now)")
                .bind("id", id.value()).bind("output", result.output()).bind("on", result.ranOn()).bind("ms", result.ranMs()).bind("now", StoredTime.of(now))
                .execute();
    }

    Optional<StoredResult> result(Handle handle, TaskId id) {
        return handle.createQuery("SELECT * FROM worker_result WHERE task_id = :id").bind("id", id.value())
                .map((row, context) -> new StoredResult(row.getBytes("output"), row.getString("ran_on"), row.getDouble("ran_ms")))
                .findOne();
    }

    /** Keeps leases longer; returns how many there were. */
    int renew(Handle handle, Collection<String> ids, String lease, Instant until) {
        return handle.createUpdate("UPDATE worker_task SET lease_until = :until WHERE id = ANY(:ids) AND lease = :lease AND state = 'running'")
                .bindArray("ids", String.class, ids).bind("lease", lease).bind("until", StoredTime.of(until)).execute();
    }

    /** Removes tasks that ended before this time, with their results. */
    int prune(Handle handle, Instant before, int most) {
        return handle.createUpdate("DELETE FROM worker_task WHERE id IN (SELECT id FROM worker_task WHERE ended_at < :before ORDER BY ended_at LIMIT :most)")
                .bind("before", StoredTime.of(before)).bind("most", most).execute();
    }

    private static Locked locked(ResultSet row) throws SQLException {
        return new Locked(new TaskId(row.getString("id")), new ProjectId(row.getString("project_id")), TaskState.of(row.getString("state")),
                Optional.ofNullable(row.getString("lease")), Optional.ofNullable(row.getString("holder")), row.getInt("attempts"), row.getInt("most_attempts"),
                row.getInt("losses"), errors(row));
    }

    private static Task task(ResultSet row) throws SQLException {
        Optional<Instant> stored = StoredTime.readOptional(row, "stored_at");
        Optional<Task.Result> result = stored.isEmpty() ? Optional.empty()
                : Optional.of(new Task.Result(row.getLong("output_bytes"), row.getString("ran_on"), row.getDouble("ran_ms"), stored.get()));
        return new Task(new TaskId(row.getString("id")), row.getLong("number"), new ProjectId(row.getString("project_id")), row.getString("worker"), row.getString("function"),
                TaskState.of(row.getString("state")), row.getString("place"), integer(row, "divide"), row.getInt("priority"), row.getInt("attempts"), row.getInt("most_attempts"),
                row.getInt("losses"), row.getInt("timeout_ms"), Optional.ofNullable(row.getString("task_key")), row.getLong("input_bytes"), StoredTime.read(row, "created_at"),
                StoredTime.read(row, "ready_at"), StoredTime.readOptional(row, "ended_at"), Optional.ofNullable(row.getString("holder")),
                StoredTime.readOptional(row, "lease_until"), errors(row), result);
    }

    private static Optional<Integer> integer(ResultSet row, String column) throws SQLException {
        int value = row.getInt(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    private static List<TaskError> errors(ResultSet row) throws SQLException {
        return List.of(Json.read(row.getString("errors").getBytes(StandardCharsets.UTF_8), TaskError[].class));
    }
}
