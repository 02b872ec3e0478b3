package dev.cloche.identity;

/** Everything that the one policy decides about, with the role and the token scope that it needs. */
public enum Action {
    /** Make a project of one's own. */
    PROJECT_CREATE(Role.VIEWER, Scope.ADMIN),
    PROJECT_READ(Role.VIEWER, Scope.READ),
    PROJECT_CHANGE(Role.ADMIN, Scope.ADMIN),
    PROJECT_DELETE(Role.OWNER, Scope.ADMIN),
    /** Give up one's own membership. */
    PROJECT_LEAVE(Role.VIEWER, Scope.ADMIN),
    MEMBERS_CHANGE(Role.ADMIN, Scope.ADMIN),
    /** Make, change and remove admins and owners. */
    OWNERS_CHANGE(Role.OWNER, Scope.ADMIN),
    WORKSPACE_READ(Role.VIEWER, Scope.READ),
    WORKSPACE_WRITE(Role.MEMBER, Scope.WRITE),
    APP_READ(Role.VIEWER, Scope.READ),
    APP_PUBLISH(Role.MEMBER, Scope.PUBLISH),
    /** See a database's log and what it would take to change its module; what clients see needs no role. */
    DATABASE_READ(Role.VIEWER, Scope.READ),
    /** Change rows by SQL, and read private tables. */
    DATABASE_WRITE(Role.MEMBER, Scope.WRITE),
    /** Publish modules, name, lock, reset and delete databases. */
    DATABASE_PUBLISH(Role.MEMBER, Scope.PUBLISH),
    /** See workers, their tasks and what runs them. */
    WORKER_READ(Role.VIEWER, Scope.READ),
    /** Call workers, and put tasks into the queue. */
    WORKER_CALL(Role.MEMBER, Scope.WRITE),
    /** Publish, configure, roll back and delete workers. */
    WORKER_PUBLISH(Role.MEMBER, Scope.PUBLISH),
    /** Run calls and tasks: what is lent decides what others get as a result. */
    WORKER_LEND(Role.MEMBER, Scope.WORK),
    /** Read packages through the caching proxies; needs no project. */
    PACKAGES_READ(Role.VIEWER, Scope.READ),
    /** See one's own account, projects and the people in them. */
    ACCOUNT_READ(Role.VIEWER, Scope.READ),
    /** One's own account, sessions and tokens. */
    ACCOUNT_CHANGE(Role.VIEWER, Scope.ADMIN),
    /** People, all projects, the audit log, the server's settings: the server's owner only. */
    SERVER_ADMINISTER(Role.OWNER, Scope.ADMIN);

    private final Role role;
    private final Scope scope;

    Action(Role role, Scope scope) {
        this.role = role;
        this.scope = scope;
    }

    /** The least role that may do it. */
    public Role role() {
        return role;
    }

    /** The scope that a token needs for it. */
    public Scope scope() {
        return scope;
    }
}
