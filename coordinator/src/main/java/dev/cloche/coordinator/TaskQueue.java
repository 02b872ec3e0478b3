package dev.cloche.coordinator;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import dev.cloche.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The queue in PostgreSQL: what was accepted is done at least once, and has exactly one stored result. Any thread; calls block.
 *
 * <p>A task is leased to whoever does it. A lease that ends without a result lets the task wait again; the first result that
 * comes with the lease wins. Holds no rule about who may.
 */
final class TaskQueue {
    /** Largest input and largest output. */
    static final int LARGEST = 32 << 20;

    private static final int KEPT_ERRORS = 5;
    private static final int MOST_LOSSES = 20;
    private static final int AT_ONCE = 500;
    private static final Duration STALE = Duration.ofSeconds(1);

    private final Database database;
    private final InstantSource clock;
    private final RandomIds ids;
    private final Backoff backoff;
    private final CoordinatorSettings settings;
    private final TaskRows rows = new TaskRows();
    private final Signal work = new Signal();
    private final Signal ends = new Signal();
    private Instant counted = Instant.MIN;
    private int open;

    /** A task that was put in, or the one that has its key already. */
    record Submitted(Task task, boolean isNew) {}

    TaskQueue(Database database, InstantSource clock, RandomIds ids, Backoff backoff, CoordinatorSettings settings) {
        this.database = database;
        this.clock = clock;
        this.ids = ids;
        this.backoff = backoff;
        this.settings = settings;
    }

    /** Given whenever a task may be due. */
    Signal work() {
        return work;
    }

    /** Given whenever a task ended. */
    Signal ends() {
        return ends;
    }

    /** Puts a task into the queue; when this returns it is on disk. */
    Submitted submit(NewTask task) {
        refuseTooMany();
        TaskId id = new TaskId(ids.next());
        Submitted submitted = database.write(handle -> {
            rows.insert(handle, id, task, clock.instant());
            Optional<Task> made = rows.find(handle, id);
            return new Submitted(made.or(() -> task.key().flatMap(key -> rows.byKey(handle, task.worker().id(), key))).orElseThrow(), made.isPresent());
        });
        work.give();
        return submitted;
    }

    private synchronized void refuseTooMany() {
        Instant now = clock.instant();
        if (open >= settings.mostTasks() || counted.isBefore(now.minus(STALE))) {
            open = database.read(rows::open);
            counted = now;
        }
        if (open >= settings.mostTasks()) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "The queue holds " + open + " tasks that are not done, which is the most (workers.queue); try again later.");
        }
        open++;
    }

    /** A task. */
    Optional<Task> find(TaskId id) {
        return database.read(handle -> rows.find(handle, id));
    }

    /** Tasks of these projects with a smaller number, newest first. */
    List<Task> list(Collection<String> projects, Optional<TaskState> state, Optional<String> worker, long before, int limit) {
        return database.read(handle -> rows.list(handle, projects, state, worker, before, limit));
    }

    /** How many tasks there are in each state. */
    Map<TaskState, Long> counts(Collection<String> projects) {
        return database.read(handle -> rows.counts(handle, projects));
    }

    /** For how long the longest waiting task is due. */
    Optional<Duration> oldest(Collection<String> projects) {
        return database.read(handle -> rows.oldest(handle, projects)).map(since -> Duration.between(since, clock.instant())).filter(age -> !age.isNegative());
    }

    /** Leases due tasks; none if there are none. */
    List<LeasedTask> take(TaskRows.Choice choice, String holder, Duration lease, int most) {
        Instant now = clock.instant();
        TaskRows.NewLease given = new TaskRows.NewLease(ids.secret(), holder, now, now.plus(lease));
        return database.write(handle -> rows.lease(handle, choice, given, most));
    }

    /**
     * Takes the result of a leased task.
     *
     * @throws Problem {@code NOT_FOUND} for an unknown task, {@code CONFLICT} with the rule {@code lease} if somebody else has it by now
     */
    void store(TaskId id, String lease, StoredResult result) {
        refuseLarge("output", result.output());
        database.write(handle -> {
            TaskRows.Locked task = get(handle, id);
            if (task.state() == TaskState.RUNNING && task.lease().filter(lease::equals).isPresent()) {
                rows.insertResult(handle, id, result, clock.instant());
                rows.end(handle, id, TaskState.DONE, Optional.empty(), clock.instant());
                return true;
            }
            boolean repeated = task.state() == TaskState.DONE && task.lease().filter(lease::equals).isPresent()
                    && rows.result(handle, id).filter(there -> Arrays.equals(there.output(), result.output())).isPresent();
            if (!repeated) {
                throw stale(task);
            }
            return false;
        });
        ends.give();
    }

    /** The task could not be done; it is tried again, or was the last try. */
    TaskState fail(TaskId id, String lease, TaskError error) {
        TaskState state = database.write(handle -> {
            TaskRows.Locked task = held(handle, id, lease);
            return failed(handle, task, error, false);
        });
        happened();
        return state;
    }

    /** The task was lost with the one who did it, which is no fault of the task's. */
    void lose(TaskId id, String lease, TaskError error) {
        database.write(handle -> failed(handle, held(handle, id, lease), error, true));
        happened();
    }

    /** Nobody can do the task at the moment: it waits, as if nobody had taken it. */
    void putBack(TaskId id, String lease, Duration pause) {
        database.write(handle -> {
            rows.untaken(handle, held(handle, id, lease), clock.instant().plus(pause));
            return true;
        });
        work.give();
    }

    private TaskState failed(Handle handle, TaskRows.Locked task, TaskError error, boolean lost) {
        List<TaskError> errors = new ArrayList<>(task.errors());
        errors.add(error);
        List<TaskError> kept = errors.subList(Math.max(0, errors.size() - KEPT_ERRORS), errors.size());
        boolean again = lost ? task.losses() + 1 < MOST_LOSSES : error.mayPass() && task.attempts() < task.mostAttempts();
        if (again) {
            rows.again(handle, task, lost ? clock.instant() : clock.instant().plus(backoff.after(task.attempts())), lost, kept);
            return TaskState.WAITING;
        }
        rows.end(handle, task.id(), TaskState.DEAD, Optional.of(kept), clock.instant());
        return TaskState.DEAD;
    }

    /** Keeps a lease longer; returns until when. */
    Instant renew(TaskId id, String lease, Duration longer) {
        Instant until = clock.instant().plus(longer);
        database.write(handle -> {
            held(handle, id, lease);
            return rows.renew(handle, List.of(id.value()), lease, until);
        });
        return until;
    }

    /** Keeps those of these tasks longer that have this lease still. */
    void renewAll(Collection<TaskId> tasks, String lease, Duration longer) {
        Instant until = clock.instant().plus(longer);
        database.write(handle -> rows.renew(handle, tasks.stream().map(TaskId::value).toList(), lease, until));
    }

    /** Nobody wants the task any more; refused if it has ended. */
    void cancel(TaskId id) {
        database.write(handle -> {
            TaskRows.Locked task = get(handle, id);
            if (!task.state().isOpen()) {
                throw Problem.of(ErrorCode.CONFLICT, "The task is " + task.state().label() + " and cannot be cancelled.");
            }
            rows.end(handle, id, TaskState.CANCELLED, Optional.empty(), clock.instant());
            return true;
        });
        ends.give();
    }

    /** Lets a task begin anew that failed for good or was cancelled. */
    void retry(TaskId id) {
        database.write(handle -> {
            TaskRows.Locked task = get(handle, id);
            if (task.state() != TaskState.DEAD && task.state() != TaskState.CANCELLED) {
                throw Problem.of(ErrorCode.CONFLICT, "The task is " + task.state().label() + "; only one that is dead or cancelled can be tried again.");
            }
            rows.anew(handle, id, clock.instant());
            return true;
        });
        work.give();
    }

    /** The result of a task that is done. */
    Optional<StoredResult> result(TaskId id) {
        return database.read(handle -> rows.result(handle, id));
    }

    /** Gives tasks back whose lease is over; returns how many. */
    int expire() {
        return back(Optional.empty(), "The lease ended without a result.");
    }

    /** Gives tasks back that an earlier run of this server had; returns how many. */
    int recover(String holders) {
        return back(Optional.of(holders), "The server ended.");
    }

    private int back(Optional<String> holder, String why) {
        int all = 0;
        for (int round = AT_ONCE; round == AT_ONCE; all += round) {
            round = database.write(handle -> {
                List<TaskRows.Locked> lost = rows.lost(handle, clock.instant(), holder, AT_ONCE);
                lost.forEach(task -> failed(handle, task,
                        new TaskError(clock.instant(), task.holder().orElse("?"), Optional.empty(), "lost", Optional.empty(), Optional.empty(), why), holder.isPresent() || task.holder().filter(Dispatcher.HOLDER::equals).isPresent()));
                return lost.size();
            });
        }
        if (all > 0) {
            happened();
        }
        return all;
    }

    /** How long until something happens by itself. */
    Optional<Duration> untilNext() {
        Instant now = clock.instant();
        return database.read(handle -> rows.nextTime(handle, now)).map(at -> Duration.between(now, at));
    }

    /** Removes tasks that ended long ago; returns how many. */
    int prune() {
        Instant before = clock.instant().minus(settings.kept());
        int all = 0;
        for (int round = AT_ONCE; round == AT_ONCE; all += round) {
            round = database.write(handle -> rows.prune(handle, before, AT_ONCE));
        }
        return all;
    }

    private void happened() {
        work.give();
        ends.give();
    }

    private TaskRows.Locked get(Handle handle, TaskId id) {
        return rows.locked(handle, id).orElseThrow(() -> Problem.notFound("The task '" + id + "'"));
    }

    private TaskRows.Locked held(Handle handle, TaskId id, String lease) {
        TaskRows.Locked task = get(handle, id);
        if (task.state() != TaskState.RUNNING || task.lease().filter(lease::equals).isEmpty()) {
            throw stale(task);
        }
        return task;
    }

    private static Problem stale(TaskRows.Locked task) {
        return Problem.field(ErrorCode.CONFLICT, "lease", "lease", "This lease does not hold any more; the task is " + task.state().label() + ".");
    }

    static void refuseLarge(String field, byte[] bytes) {
        if (bytes.length > LARGEST) {
            throw Problem.field(ErrorCode.TOO_LARGE, field, "maxLength", "'" + field + "' has " + bytes.length + " bytes; it may have " + LARGEST + ".");
        }
    }
}
