package dev.cloche.coordinator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.AuditLog;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.WorkerBundle;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Publishing, looking at and configuring workers: {@code /api/workers}. */
final class WorkerRoutes {
    private final WorkerRegistry registry;
    private final Guard guard;
    private final AuditLog audit;
    private final PersonNames names;

    /** The name of a person, for people. */
    interface PersonNames {
        String of(Handle handle, Actor actor);
    }

    WorkerRoutes(WorkerRegistry registry, Guard guard, AuditLog audit, PersonNames names) {
        this.registry = registry;
        this.guard = guard;
        this.audit = audit;
        this.names = names;
    }

    List<Route> routes() {
        return List.of(
                Route.get("/api/workers", this::list),
                Route.post("/api/workers", this::publish).bodyLimit(WorkerBundle.LARGEST),
                Route.get("/api/workers/{worker}", request -> Response.json(answer(guard.worker(request, Action.WORKER_READ)))),
                Route.delete("/api/workers/{worker}", this::delete),
                Route.get("/api/workers/{worker}/versions/{digest}", this::file),
                Route.put("/api/workers/{worker}/settings", this::settings),
                Route.post("/api/workers/{worker}/rollback", this::rollback));
    }

    private Response list(Request request) {
        Set<ProjectId> projects = request.query("project").isPresent() ? Set.of(guard.project(request, Action.WORKER_READ)) : guard.projects(request, Action.WORKER_READ);
        return Response.json(Map.of("workers", registry.ofProjects(projects).stream().map(WorkerView::of).toList()));
    }

    private Response publish(Request request) {
        WorkerName name = new WorkerName(request.query("name").orElse(""));
        Optional<RegisteredWorker> there = registry.find(name.value());
        there.ifPresent(worker -> guard.worker(request, worker.name(), Action.WORKER_PUBLISH));
        ProjectId project = there.map(RegisteredWorker::project).orElseGet(() -> guard.project(request, Action.WORKER_PUBLISH));
        String by = registry.read(handle -> names.of(handle, Actor.of(request)));
        WorkerRegistry.Published published = registry.publish(name, request.body(), new WorkerRegistry.Publisher(project, by),
                (handle, worker) -> audit.record(handle, request, "publish worker", worker.name() + " " + worker.digest()));
        return Response.json(published.isNew() ? 201 : 200, answer(published.worker()));
    }

    private Response delete(Request request) {
        registry.delete(guard.worker(request, Action.WORKER_PUBLISH).name(), (handle, worker) -> audit.record(handle, request, "delete worker", worker.name()));
        return Response.empty();
    }

    private Response file(Request request) {
        RegisteredWorker worker = guard.worker(request, Action.WORKER_READ);
        Digest digest = new Digest(request.pathParameter("digest"));
        byte[] file = registry.file(worker.id(), digest).orElseThrow(() -> Problem.notFound("This version of the worker"));
        boolean bundle = file[0] == 'P';
        return Response.bytes(200, bundle ? "application/zip" : "application/wasm", file)
                .with("content-disposition", "attachment; filename=\"" + worker.name() + (bundle ? ".worker" : ".wasm") + "\"")
                .tagged(request, digest.hex());
    }

    /** As the request has it. */
    private record SettingsBody(@Nullable List<String> hosts, @Nullable Map<String, ValueBody> config, Optional<Integer> memoryPages, Optional<Integer> timeoutMs) {
        private record ValueBody(@Nullable String value, @Nullable Boolean secret) {}

        WorkerGrants grants(WorkerGrants old) {
            Map<String, WorkerGrants.Value> values = new LinkedHashMap<>();
            if (config != null) {
                config.forEach((key, value) -> values.put(key, value(key, value, Optional.ofNullable(old.config().get(key)))));
            }
            return new WorkerGrants(hosts == null ? List.of() : hosts, values, memoryPages, timeoutMs);
        }

        private static WorkerGrants.Value value(String key, ValueBody body, Optional<WorkerGrants.Value> old) {
            boolean secret = body.secret() != null && body.secret();
            if (body.value() != null) {
                return new WorkerGrants.Value(body.value(), secret);
            }
            return old.filter(there -> there.secret() && secret).orElseThrow(() ->
                    Problem.field("config." + key, "required", "'" + key + "' needs a value; only that of a secret stays as it is when it is left out."));
        }
    }

    private Response settings(Request request) {
        RegisteredWorker worker = guard.worker(request, Action.WORKER_PUBLISH);
        SettingsBody body = request.json(SettingsBody.class);
        return Response.json(answer(registry.grant(worker.name(), body::grants, (handle, changed) -> audit.record(handle, request, "configure worker", changed.name()))));
    }

    private Response rollback(Request request) {
        RegisteredWorker worker = guard.worker(request, Action.WORKER_PUBLISH);
        Optional<Digest> wanted = request.body().length == 0 ? Optional.empty() : request.json(RollbackBody.class).digest().map(Digest::new);
        return Response.json(answer(registry.rollback(worker.name(), wanted, (handle, changed) -> audit.record(handle, request, "roll back worker", changed.name()))));
    }

    /** As the request has it. */
    private record RollbackBody(Optional<String> digest) {}

    private WorkerAnswer answer(RegisteredWorker worker) {
        return new WorkerAnswer(WorkerView.of(worker), registry.versions(worker).stream()
                .map(one -> new VersionView(one.digest().hex(), one.form(), one.bytes(), one.digest().equals(worker.digest()), one.publishedAt(), one.publishedBy())).toList());
    }

    /** The schema {@code WorkerAnswer} of {@code openapi.yaml}. */
    private record WorkerAnswer(WorkerView worker, List<VersionView> versions) {}

    /** The schema {@code WorkerVersion}. */
    private record VersionView(String digest, String form, long bytes, boolean current, Instant publishedAt, String publishedBy) {}

    /** The schema {@code WorkerFunction}. */
    private record FunctionView(String name, String description, Optional<String> example, String input, String output, boolean divisible, Optional<String> partOf) {}

    /** The schema {@code WorkerConfigValue}: a secret without its value. */
    private record ValueView(@JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> value, boolean secret) {}

    /** The schema {@code WorkerSettings}. */
    private record SettingsView(List<String> hosts, Map<String, ValueView> config, Optional<Integer> memoryPages, Optional<Integer> timeoutMs) {
        static SettingsView of(WorkerGrants grants) {
            Map<String, ValueView> config = new LinkedHashMap<>();
            grants.config().forEach((key, value) -> config.put(key, new ValueView(value.secret() ? Optional.empty() : Optional.of(value.value()), value.secret())));
            return new SettingsView(grants.hosts(), config, grants.memoryPages(), grants.timeoutMs());
        }
    }

    /** The schema {@code Worker}. */
    private record WorkerView(
            String id, String name, String projectId, String description, String digest, String form, long bytes, boolean idempotent, List<FunctionView> functions,
            WorkerDescription.Wants wants, SettingsView settings, boolean tabs, Instant createdAt, Instant updatedAt) {
        static WorkerView of(RegisteredWorker worker) {
            WorkerDescription says = worker.says();
            return new WorkerView(worker.id(), worker.name(), worker.project().value(), says.description(), worker.digest().hex(), worker.form(), worker.bytes(), says.idempotent(),
                    says.functions().stream().map(one -> new FunctionView(one.name(), one.description(), one.example(), one.input(), one.output(), one.divide().isPresent(), says.divided(one.name()))).toList(),
                    says.wants(), SettingsView.of(worker.grants()), worker.suitsTabs(), worker.createdAt(), worker.updatedAt());
        }
    }
}
