package dev.cloche.identity;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.Map;
import java.util.Optional;

/**
 * The one policy: the only place that says yes. REST, WebSocket, command line and protocols all ask it; its default is no.
 *
 * <p>A thing of a project of which the actor is no member answers as if it did not exist (404); a member with too small
 * a role, or a token with too small a scope, is told so (403).
 */
public final class Access {
    private final Memberships memberships;

    /** Who is what at this moment, as the policy needs it. */
    public interface Memberships {
        /** The person's role in the project. */
        Optional<Role> role(PersonId person, ProjectId project);

        /** All projects of the person with the role in each. */
        Map<ProjectId, Role> projects(PersonId person);

        /** Whether the person is the server's owner. */
        boolean isServerOwner(PersonId person);
    }

    /** A policy over these memberships. */
    public Access(Memberships memberships) {
        this.memberships = memberships;
    }

    /** Returns if the actor may do it, else throws the {@link Problem} to answer with. */
    public void check(Actor actor, Action action, Resource resource) {
        switch (resource) {
            case Resource.InProject(ProjectId project) -> checkProject(actor, action, project);
            case Resource.Account(PersonId person) -> require(actor.person().equals(person) || isServerOwner(actor), "This is another person's account.");
            case Resource.Server() -> require(action.role() != Role.OWNER || isServerOwner(actor), "Only the server's owner may do this.");
        }
        if (!actor.scopes().contains(action.scope())) {
            throw Problem.of(ErrorCode.FORBIDDEN, "This token lacks the scope '" + action.scope().label() + "'.");
        }
    }

    /** Whether the actor may do it. */
    public boolean allows(Actor actor, Action action, Resource resource) {
        try {
            check(actor, action, resource);
            return true;
        } catch (Problem refused) {
            return false;
        }
    }

    /** The projects of which the actor is a member, with the role in each. */
    public Map<ProjectId, Role> projects(Actor actor) {
        return memberships.projects(actor.person());
    }

    private void checkProject(Actor actor, Action action, ProjectId project) {
        Role role = memberships.role(actor.person(), project).orElseThrow(() -> Problem.notFound("This thing"));
        require(role.covers(action.role()),
                "You are " + role.name().toLowerCase(java.util.Locale.ROOT) + " of this project; this needs the role "
                        + action.role().name().toLowerCase(java.util.Locale.ROOT) + ".");
    }

    private boolean isServerOwner(Actor actor) {
        return memberships.isServerOwner(actor.person());
    }

    private static void require(boolean allowed, String otherwise) {
        if (!allowed) {
            throw Problem.of(ErrorCode.FORBIDDEN, otherwise);
        }
    }
}
