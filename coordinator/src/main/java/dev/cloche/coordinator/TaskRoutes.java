package dev.cloche.coordinator;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The queue over HTTP: {@code /task} and {@code /result}. */
final class TaskRoutes {
    /** An input in base64, and what is around it. */
    private static final long BODY = TaskQueue.LARGEST / 3 * 4 + 64 * 1024;
    private static final int PAGE = 100;
    private static final Set<String> IN_QUERY = Set.of("worker", "function", "where", "priority", "attempts", "delayMs", "timeoutMs", "key", "divide");
    private static final String RAW = "application/octet-stream";

    private final TaskQueue queue;
    private final WorkerRegistry registry;
    private final Guard guard;
    private final InstantSource clock;
    private final Consumer<TaskId> cancelled;
    private final PlaceNames names;

    TaskRoutes(TaskQueue queue, WorkerRegistry registry, Guard guard, InstantSource clock, Consumer<TaskId> cancelled, PlaceNames names) {
        this.queue = queue;
        this.registry = registry;
        this.guard = guard;
        this.clock = clock;
        this.cancelled = cancelled;
        this.names = names;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/task", this::list),
                Route.post("/task", this::submit).bodyLimit(BODY),
                Route.get("/task/next", this::next),
                Route.get("/task/{id}", request -> Response.json(Map.of("task", view(guard.task(request, Action.WORKER_READ))))),
                Route.delete("/task/{id}", this::cancel),
                Route.post("/task/{id}/result", this::result).bodyLimit(BODY),
                Route.post("/task/{id}/lease", this::renew),
                Route.post("/task/{id}/retry", this::retry),
                Route.get("/result/{id}", this::output));
    }

    private Response list(Request request) {
        int limit = request.queryInt("limit", PAGE, 1, 500);
        long before = request.query("before").map(Long::valueOf).orElse(Long.MAX_VALUE);
        List<Task> tasks = queue.list(guard.projects(request, Action.WORKER_READ).stream().map(ProjectId::value).toList(),
                request.query("state").map(TaskState::of), request.query("worker"), before, limit);
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("tasks", tasks.stream().map(this::view).toList());
        if (tasks.size() == limit) {
            page.put("next", tasks.getLast().number());
        }
        return Response.json(page);
    }

    /** The schema {@code NewTask} of {@code openapi.yaml}. */
    private record NewTaskBody(
            String worker, String function, Optional<String> input, Optional<String> content, Optional<String> where, Optional<Integer> priority, Optional<Integer> attempts,
            Optional<Integer> delayMs, Optional<Integer> timeoutMs, Optional<String> key, Optional<Integer> divide) {
        /** What the query says, for an input that is the body as it is. */
        static NewTaskBody ofQuery(Request request) {
            request.query().keySet().stream().filter(name -> !IN_QUERY.contains(name)).findFirst().ifPresent(name -> {
                throw Problem.field(name, "unknown", "There is no query parameter '" + name + "' here.");
            });
            return new NewTaskBody(needed(request, "worker"), needed(request, "function"), Optional.empty(), Optional.empty(), request.query("where"), number(request, "priority"),
                    number(request, "attempts"), number(request, "delayMs"), number(request, "timeoutMs"), request.query("key"), number(request, "divide"));
        }

        private static String needed(Request request, String name) {
            return request.query(name).orElseThrow(() -> Problem.field(name, "required", "The query parameter '" + name + "' is needed where the body is the input as it is."));
        }

        private static Optional<Integer> number(Request request, String name) {
            // the contract has looked at its form
            return request.query(name).map(Integer::valueOf);
        }

        NewTask task(RegisteredWorker registered, byte[] bytes) {
            if (divide.isPresent()) {
                Division.functions(registered, function);
            }
            if (!registered.says().functions().isEmpty() && registered.says().function(function).isEmpty()) {
                throw Problem.field("function", "exists", "The worker '" + registered.name() + "' has no function '" + function + "'; it has "
                        + String.join(", ", registered.says().functions().stream().limit(20).map(one -> "'" + one.name() + "'").toList()) + ".");
            }
            return new NewTask(registered, function, bytes, where.map(Where::of).orElse(Where.AUTO), divide, priority.orElse(5), attempts.orElse(3),
                    Duration.ofMillis(delayMs.orElse(0)), Duration.ofMillis(timeoutMs.orElse(30_000)), key);
        }
    }

    private static byte[] bytes(String field, Optional<String> base64, Optional<String> text) {
        if (base64.isPresent() && text.isPresent()) {
            throw Problem.field("content", "single", "Give '" + field + "' or 'content', not both.");
        }
        byte[] bytes = base64.map(encoded -> decoded(field, encoded)).or(() -> text.map(plain -> plain.getBytes(StandardCharsets.UTF_8))).orElseGet(() -> new byte[0]);
        TaskQueue.refuseLarge(base64.isPresent() ? field : "content", bytes);
        return bytes;
    }

    private static byte[] decoded(String field, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw Problem.field(field, "base64", "'" + field + "' is base64 (RFC 4648, section 4) with its padding.");
        }
    }

    private Response submit(Request request) {
        boolean isRaw = request.mediaType().equals(RAW);
        if (!isRaw && request.query("worker").isPresent()) {
            throw Problem.field("worker", "single", "The query describes a task whose input is the body as it is: send that as Content-Type: " + RAW + ", or all of it as JSON.");
        }
        NewTaskBody body = isRaw ? NewTaskBody.ofQuery(request) : request.json(NewTaskBody.class);
        RegisteredWorker worker = guard.worker(request, body.worker(), Action.WORKER_CALL);
        byte[] input = isRaw ? request.body() : bytes("input", body.input(), body.content());
        TaskQueue.refuseLarge("body", input);
        TaskQueue.Submitted submitted = queue.submit(body.task(worker, input));
        return Response.json(submitted.isNew() ? 201 : 200, made(submitted.task().id(), submitted.task().state()));
    }

    private static Map<String, Object> made(TaskId id, TaskState state) {
        return Map.of("id", id.value(), "state", state.label());
    }

    private Response next(Request request) throws InterruptedException {
        Duration lease = Duration.ofSeconds(request.queryInt("lease", 30, 1, 3600));
        long deadline = System.nanoTime() + Duration.ofSeconds(request.queryInt("wait", 0, 0, 60)).toNanos();
        Optional<String> worker = request.query("worker");
        String holder = "person:" + Actor.of(request).person().value();
        while (true) {
            long seen = queue.work().now();
            // each time anew: this may be a minute later, and whoever changed the rights has given the signal too
            guard.stillHere(request);
            worker.ifPresent(name -> guard.worker(request, name, Action.WORKER_LEND));
            TaskRows.Choice choice = new TaskRows.Choice(Optional.of(guard.lent(request).stream().map(ProjectId::value).toList()), worker, true);
            Optional<LeasedTask> task = queue.take(choice, holder, lease, 1).stream().findFirst();
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (task.isPresent()) {
                return Response.json(leased(task.get()));
            }
            if (left.isNegative() || left.isZero()) {
                return Response.empty();
            }
            Duration pause = queue.untilNext().filter(soon -> soon.compareTo(left) < 0).orElse(left);
            // whoever has gone must not be given a task
            request.whileClientWaits(() -> queue.work().await(seen, pause.compareTo(LEAST_PAUSE) < 0 ? LEAST_PAUSE : pause));
        }
    }

    private static final Duration LEAST_PAUSE = Duration.ofMillis(5);

    private Map<String, Object> leased(LeasedTask task) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", task.id().value());
        answer.put("worker", task.worker());
        answer.put("digest", registry.get(task.worker()).digest().hex());
        answer.put("function", task.function());
        answer.put("attempt", task.attempt());
        answer.put("timeoutMs", task.timeoutMs());
        answer.put("lease", task.lease());
        answer.put("leaseUntil", task.until());
        answer.put("input", Base64.getEncoder().encodeToString(task.input()));
        return answer;
    }

    /** The schema {@code TaskResult} of {@code openapi.yaml}. */
    private record ResultBody(String lease, Optional<String> output, Optional<String> content, Optional<Double> ranMs, Optional<ErrorBody> error) {
        private record ErrorBody(Optional<String> error, String message, Optional<String> field, Optional<String> rule) {}
    }

    private Response result(Request request) {
        Task task = guard.task(request, Action.WORKER_LEND);
        ResultBody body = request.json(ResultBody.class);
        String on = "person:" + Actor.of(request).person().value();
        if (body.error().isEmpty()) {
            if (body.output().isEmpty() && body.content().isEmpty()) {
                throw Problem.field("output", "required", "Give 'output', 'content' or 'error'.");
            }
            queue.store(task.id(), body.lease(), new StoredResult(bytes("output", body.output(), body.content()), on, body.ranMs().orElse(0.0)));
            return Response.json(Map.of("state", TaskState.DONE.label()));
        }
        if (body.output().isPresent() || body.content().isPresent()) {
            throw Problem.field("error", "single", "Give 'output', 'content' or 'error', not two of them.");
        }
        ResultBody.ErrorBody error = body.error().get();
        TaskState state = queue.fail(task.id(), body.lease(), new TaskError(clock.instant(), on, Optional.empty(), error.error().orElse("failed").toLowerCase(Locale.ROOT), error.field(), error.rule(), error.message()));
        return Response.json(Map.of("state", state.label()));
    }

    /** As the request has it. */
    private record LeaseBody(String lease, Optional<Integer> seconds) {}

    private Response renew(Request request) {
        Task task = guard.task(request, Action.WORKER_LEND);
        LeaseBody body = request.json(LeaseBody.class);
        return Response.json(Map.of("leaseUntil", queue.renew(task.id(), body.lease(), Duration.ofSeconds(body.seconds().orElse(30)))));
    }

    private Response cancel(Request request) {
        Task task = guard.task(request, Action.WORKER_CALL);
        queue.cancel(task.id());
        cancelled.accept(task.id());
        return Response.empty();
    }

    private Response retry(Request request) {
        Task task = guard.task(request, Action.WORKER_CALL);
        queue.retry(task.id());
        return Response.json(made(task.id(), TaskState.WAITING));
    }

    private Response output(Request request) throws InterruptedException {
        Task asked = guard.task(request, Action.WORKER_READ);
        Task task = asked.state().isOpen() ? awaited(request, asked.id()) : asked;
        return switch (task.state()) {
            case WAITING, RUNNING -> Response.json(202, made(task.id(), task.state()));
            case CANCELLED -> throw Problem.of(ErrorCode.GONE, "The task was cancelled, so it has no result.");
            case DEAD -> throw dead(task);
            case DONE -> {
                StoredResult result = queue.result(task.id()).orElseThrow(() -> Problem.notFound("The result"));
                String type = registry.find(task.worker()).map(worker -> CallRoutes.mediaType(worker, task.function(), result.output())).orElse("application/octet-stream");
                yield Response.bytes(200, type, result.output()).with("cloche-ran-on", result.ranOn()).with("cloche-ran-ms", String.format(Locale.ROOT, "%.3f", result.ranMs()));
            }
        };
    }

    private Task awaited(Request request, TaskId id) throws InterruptedException {
        Duration most = Duration.ofSeconds(request.queryInt("wait", 0, 0, 60));
        long deadline = System.nanoTime() + most.toNanos();
        while (true) {
            long seen = queue.ends().now();
            Task task = guard.task(request, Action.WORKER_READ);
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (!task.state().isOpen() || !left.isPositive()) {
                if (most.isPositive()) {
                    guard.stillHere(request);
                }
                return task;
            }
            request.whileClientWaits(() -> queue.ends().await(seen, left));
        }
    }

    private static Problem dead(Task task) {
        Optional<TaskError> last = task.errors().isEmpty() ? Optional.empty() : Optional.of(task.errors().getLast());
        String why = last.map(error -> "The task failed for good: " + error.message()).orElse("The task failed for good.");
        Problem problem = last.flatMap(TaskError::field).isPresent()
                ? Problem.field(ErrorCode.UNRESOLVABLE, last.get().field().orElse(""), last.get().rule().orElse("failed"), why) : Problem.of(ErrorCode.UNRESOLVABLE, why);
        return problem.titled("The task failed").with("failures", task.errors());
    }

    /** The schema {@code Task} of {@code openapi.yaml}. */
    private record TaskView(
            String id, String worker, String function, String state, String where, Optional<Integer> divide, int priority, int attempts, int mostAttempts, int losses, int timeoutMs,
            Optional<String> key, long inputBytes, Instant createdAt, Instant readyAt, Optional<Instant> endedAt, Optional<String> holder, Optional<Instant> leaseUntil,
            Optional<LastOn> lastOn, List<TaskError> errors, Optional<Task.Result> result) {
        /** The place that had it last, or who fetched it. */
        private record LastOn(String id, Optional<String> name) {}
    }

    private TaskView view(Task task) {
        return new TaskView(task.id().value(), task.worker(), task.function(), task.state().label(), task.where(), task.divide(), task.priority(), task.attempts(), task.mostAttempts(),
                task.losses(), task.timeoutMs(), task.key(), task.inputBytes(), task.createdAt(), task.readyAt(), task.endedAt(), task.holder(), task.leaseUntil(), lastOn(task), task.errors(), task.result());
    }

    private Optional<TaskView.LastOn> lastOn(Task task) {
        // of those that the server holds, it knows the place when they come back
        Optional<String> known = task.result().map(Task.Result::ranOn).or(() -> task.holder().filter(holder -> !holder.equals(Dispatcher.HOLDER)));
        return known.map(id -> new TaskView.LastOn(id, names.of(id)))
                .or(() -> task.errors().isEmpty() ? Optional.empty() : Optional.of(new TaskView.LastOn(task.errors().getLast().on(), task.errors().getLast().name())));
    }
}
