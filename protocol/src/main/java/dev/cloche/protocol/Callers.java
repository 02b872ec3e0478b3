package dev.cloche.protocol;

import dev.cloche.http.Authenticator;
import dev.cloche.http.Credentials;
import dev.cloche.http.Refused;
import dev.cloche.http.Request;
import dev.cloche.identity.Access;
import dev.cloche.identity.Action;
import dev.cloche.identity.Actor;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Resource;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.Optional;

/** Finds out who asks, and asks the one policy what they may. */
final class Callers {
    private final Tokens tokens;
    private final Authenticator people;
    private final Access access;

    Callers(Tokens tokens, Authenticator people, Access access) {
        this.tokens = tokens;
        this.people = people;
        this.access = access;
    }

    /** Who asks; somebody new if no token is shown. A wrong token is refused with 401. */
    Caller anybody(Request request) {
        return shown(request).orElseGet(() -> new Caller(tokens.fresh(), Optional.empty(), true));
    }

    /** Who asks; refused with 401 if no token is shown. */
    Caller known(Request request) {
        return shown(request).orElseThrow(() -> Refusal.of(401, "Authorization required"));
    }

    /** The person who asks and has the role for it; all others are refused with 401 or 403. */
    Actor person(Caller caller, Action action, ProjectId project) {
        if (caller.fresh()) {
            throw Refusal.of(401, "Authorization required");
        }
        Actor person = caller.person().orElseThrow(() -> Refusal.of(403,
                "This needs a role in the database's project: send a personal token of this server as Authorization: Bearer."));
        try {
            access.check(person, action, new Resource.InProject(project));
        } catch (Problem e) {
            // that the database exists is no secret, so outsiders are told what is wrong
            throw e.code() == ErrorCode.NOT_FOUND ? Refusal.of(403, "You are not a member of the project that owns this database.") : e;
        }
        return person;
    }

    /** Whether the person may do it. */
    boolean may(Caller caller, Action action, ProjectId project) {
        return caller.person().filter(person -> access.allows(person, action, new Resource.InProject(project))).isPresent();
    }

    /** Whether a request that stays open still shows a token that holds, of somebody who has the role. */
    boolean mayStill(Request request, Action action, ProjectId project) {
        try {
            person(known(request), action, project);
            return true;
        } catch (Problem | Refused refused) {
            return false;
        }
    }

    /** The project for something new of this person: the one asked for, else the first in which they may publish. */
    ProjectId project(Caller caller, Optional<String> asked) {
        if (asked.isPresent()) {
            return new ProjectId(asked.get());
        }
        Actor person = caller.person().orElseThrow(() -> Refusal.of(caller.fresh() ? 401 : 403,
                "Publishing needs a role in a project: send a personal token of this server as Authorization: Bearer."));
        return access.projects(person).keySet().stream()
                .filter(project -> access.allows(person, Action.DATABASE_PUBLISH, new Resource.InProject(project)))
                .findFirst()
                .orElseThrow(() -> Refusal.of(403, "There is no project in which you may publish."));
    }

    private Optional<Caller> shown(Request request) {
        Optional<String> header = request.header("authorization");
        if (header.isPresent()) {
            String[] words = header.get().strip().split("\\s+");
            if (words.length != 2 || !words[0].equalsIgnoreCase("bearer") || request.headers("authorization").size() > 1) {
                throw Refusal.of(400, "Authorization is invalid: malformed token");
            }
            return Optional.of(bearer(request, words[1]));
        }
        // only tokens of the protocol may stand in an address; personal tokens never
        return request.query("token").map(text -> new Caller(checked(text), Optional.empty(), false));
    }

    private Caller bearer(Request request, String secret) {
        if (Jwt.parse(secret).isPresent()) {
            Tokens.Checked token = checked(secret);
            Optional<Actor> person = Tokens.person(token);
            // the audit log asks the request who did it
            person.ifPresent(found -> request.set(Actor.ATTRIBUTE, found));
            return new Caller(token, person, false);
        }
        try {
            if (people.authenticate(request, new Credentials.Bearer(secret))) {
                Actor actor = Actor.of(request);
                return new Caller(tokens.ofPerson(actor.person()), Optional.of(actor), false);
            }
        } catch (Problem e) {
            if (e.code() != ErrorCode.UNAUTHENTICATED) {
                throw e;
            }
        }
        throw invalid();
    }

    private Tokens.Checked checked(String text) {
        return tokens.check(text).orElseThrow(Callers::invalid);
    }

    private static RuntimeException invalid() {
        return Refusal.of(401, "Invalid token: InvalidToken");
    }
}
