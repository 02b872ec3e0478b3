package dev.cloche.workspaces;

import dev.cloche.http.Request;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.Resource;
import dev.cloche.identity.Role;
import dev.cloche.kernel.Problem;
import dev.cloche.kernel.RandomIds;
import java.util.Optional;
import java.util.function.Predicate;

/** Brings a request to its workspace, past the one policy. */
final class Guard {
    private final WorkspaceStore workspaces;
    private final Access access;
    private final Predicate<Actor> standing;

    Guard(WorkspaceStore workspaces, Access access, Predicate<Actor> standing) {
        this.workspaces = workspaces;
        this.access = access;
        this.standing = standing;
    }

    /** The workspace that the path names, for somebody who may see it. */
    Workspace toRead(Request request) {
        return allowed(request, Action.WORKSPACE_READ, false);
    }

    /**
     * Whether a request that stays open may hear more of its workspace: session or token hold, and so does the role. Also of one
     * that was deleted meanwhile, so that its end is heard, and what came before it.
     */
    boolean mayStillListen(Request request) {
        try {
            known(request, Action.WORKSPACE_READ);
            return standing.test(Actor.of(request));
        } catch (Problem refused) {
            return false;
        }
    }

    /** The workspace that the path names, for somebody who may change it. */
    Workspace toWrite(Request request) {
        return allowed(request, Action.WORKSPACE_WRITE, false);
    }

    /** The deleted workspace that the path names, for somebody who may change it. */
    Workspace toRestore(Request request) {
        return allowed(request, Action.WORKSPACE_WRITE, true);
    }

    /** The actor's role in the workspace's project. */
    Optional<Role> role(Actor actor, Workspace workspace) {
        return Optional.ofNullable(access.projects(actor).get(workspace.projectId()));
    }

    private Workspace allowed(Request request, Action action, boolean deleted) {
        Workspace workspace = known(request, action);
        if (workspace.deletedAt().isPresent() != deleted) {
            throw Problem.notFound("This workspace");
        }
        return workspace;
    }

    /** Deleted or not. */
    private Workspace known(Request request, Action action) {
        Actor actor = Actor.of(request);
        String id = request.pathParameter("id");
        // a text without the shape of an identifier is no other case than one that is not there
        Workspace workspace = Optional.of(id)
                .filter(RandomIds::isId)
                .flatMap(text -> workspaces.find(new WorkspaceId(text)))
                .orElseThrow(() -> Problem.notFound("This workspace"));
        access.check(actor, action, new Resource.InProject(workspace.projectId()));
        return workspace;
    }
}
