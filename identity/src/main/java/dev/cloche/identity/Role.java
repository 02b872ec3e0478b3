package dev.cloche.identity;

/** What a member is in a project; each role may do all that the ones before it may. */
public enum Role {
    /** Sees everything, changes nothing. */
    VIEWER,
    /** Works: workspaces, files, apps. */
    MEMBER,
    /** Manages members and settings. */
    ADMIN,
    /** Manages admins and may delete the project. */
    OWNER;

    /** Whether this role may do what the other may. */
    public boolean covers(Role other) {
        return compareTo(other) >= 0;
    }
}
