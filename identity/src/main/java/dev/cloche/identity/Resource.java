package dev.cloche.identity;

/** What an action is done to, as far as the policy needs to know. */
public sealed interface Resource {
    /** A project, or anything that it owns. */
    record InProject(ProjectId project) implements Resource {}

    /** A person's own account, tokens and sessions. */
    record Account(PersonId person) implements Resource {}

    /** The server as a whole. */
    record Server() implements Resource {}
}
