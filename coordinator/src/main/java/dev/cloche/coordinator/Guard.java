package dev.cloche.coordinator;

import dev.cloche.http.Request;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.identity.Standing;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings a request to its worker or task, past the one policy. */
final class Guard {
    private final WorkerRegistry registry;
    private final TaskQueue queue;
    private final Access access;
    private final Standing standing;

    Guard(WorkerRegistry registry, TaskQueue queue, Access access, Standing standing) {
        this.registry = registry;
        this.queue = queue;
        this.access = access;
        this.standing = standing;
    }

    /** Refuses a request that waited here while the session or token ended by which it came. */
    void stillHere(Request request) {
        if (!standing.holds(Actor.of(request))) {
            throw Problem.of(ErrorCode.UNAUTHENTICATED, "Your token or session has ended while you waited.");
        }
    }

    /** The worker that the path names, for somebody who may do this to it. */
    RegisteredWorker worker(Request request, Action action) {
        return worker(request, request.pathParameter("worker"), action);
    }

    /** The worker of this name, for somebody who may do this to it. */
    RegisteredWorker worker(Request request, String name, Action action) {
        RegisteredWorker worker = registry.find(name).orElseThrow(() -> unknown("worker", "The worker '" + name + "'"));
        access.check(Actor.of(request), action, new Resource.InProject(worker.project()));
        return worker;
    }

    /** The task that the path names, for somebody who may do this to it. */
    Task task(Request request, Action action) {
        String id = request.pathParameter("id");
        Task task = Optional.of(id).filter(RandomIds::isId).flatMap(text -> queue.find(new TaskId(text))).orElseThrow(() -> unknown("id", "The task '" + id + "'"));
        access.check(Actor.of(request), action, new Resource.InProject(task.project()));
        return task;
    }

    private static Problem unknown(String field, String what) {
        return Problem.field(ErrorCode.NOT_FOUND, field, "exists", Problem.notFound(what).detail());
    }

    /** The projects in which somebody may do this; for one who may in none, why not. */
    Set<ProjectId> projects(Request request, Action action) {
        Actor actor = Actor.of(request);
        if (!actor.scopes().contains(action.scope())) {
            throw Problem.of(ErrorCode.FORBIDDEN, "This token lacks the scope '" + action.scope().label() + "'.");
        }
        return access.projects(actor).keySet().stream().filter(project -> access.allows(actor, action, new Resource.InProject(project))).collect(Collectors.toSet());
    }

    /** The projects in which somebody may do work, which are one at least. */
    Set<ProjectId> lent(Request request) {
        Set<ProjectId> projects = projects(request, Action.WORKER_LEND);
        if (projects.isEmpty()) {
            throw Problem.of(ErrorCode.FORBIDDEN, "There is no project whose work you may do: you have to be a member of one.");
        }
        return projects;
    }

    /** The project that the request names, or the first of one's own, for somebody who may do this there. */
    ProjectId project(Request request, Action action) {
        Optional<ProjectId> named = request.query("project").map(ProjectId::new);
        named.ifPresent(project -> access.check(Actor.of(request), action, new Resource.InProject(project)));
        return named.or(() -> access.projects(Actor.of(request)).keySet().stream()
                        .filter(project -> access.allows(Actor.of(request), action, new Resource.InProject(project))).findFirst())
                .orElseThrow(() -> Problem.of(ErrorCode.FORBIDDEN, "There is no project in which you may do this."));
    }
}
