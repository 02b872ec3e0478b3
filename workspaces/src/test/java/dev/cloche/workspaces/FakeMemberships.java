package dev.cloche.workspaces;

import dev.cloche.identity.Access;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Role;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Who is what, set by a test. */
public final class FakeMemberships implements Access.Memberships {
    private final Map<PersonId, Map<ProjectId, Role>> roles = new HashMap<>();

    public void set(PersonId person, ProjectId project, Role role) {
        roles.computeIfAbsent(person, _ -> new LinkedHashMap<>()).put(project, role);
    }

    public void remove(PersonId person, ProjectId project) {
        roles.getOrDefault(person, new HashMap<>()).remove(project);
    }

    @Override
    public Optional<Role> role(PersonId person, ProjectId project) {
        return Optional.ofNullable(projects(person).get(project));
    }

    @Override
    public Map<ProjectId, Role> projects(PersonId person) {
        return roles.getOrDefault(person, Map.of());
    }

    @Override
    public boolean isServerOwner(PersonId person) {
        return false;
    }
}
