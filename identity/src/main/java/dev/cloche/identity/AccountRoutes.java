package dev.cloche.identity;

import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One's own account: names, password, personal tokens. */
final class AccountRoutes {
    private static final int MOST_TOKENS = 100;

    private final Database database;
    private final Identity.Stores stores;
    private final Access access;
    private final Passwords passwords;

    private record ChangeBody(Optional<String> name, Optional<String> displayName) {}

    private record PasswordBody(Optional<String> current, String password) {}

    private record TokenBody(String name, Optional<List<String>> scopes, Optional<Integer> days) {}

    private record TokenAnswer(String id, String name, List<String> scopes, Instant createdAt, Optional<Instant> usedAt, Optional<Instant> expiresAt) {
        static TokenAnswer of(Tokens.Token token) {
            List<String> scopes = token.scopes().stream().sorted().map(Scope::label).toList();
            return new TokenAnswer(token.id(), token.name(), scopes, token.createdAt(), token.usedAt(), token.expiresAt());
        }
    }

    AccountRoutes(Database database, Identity.Stores stores, Access access, Passwords passwords) {
        this.database = database;
        this.stores = stores;
        this.access = access;
        this.passwords = passwords;
    }

    List<Route> routes() {
        return List.of(
                Route.patch("/api/me", this::change),
                Route.put("/api/me/password", this::setPassword),
                Route.get("/api/tokens", this::listTokens),
                Route.post("/api/tokens", this::createToken),
                Route.delete("/api/tokens/{id}", this::revokeToken));
    }

    private Response change(Request request) {
        Actor actor = self(request);
        ChangeBody body = request.json(ChangeBody.class);
        return database.write(handle -> {
            Person before = stores.people().find(handle, actor.person()).orElseThrow(() -> Problem.notFound("This account"));
            String name = body.name().orElse(before.name());
            stores.people().rename(handle, before.id(), name, body.displayName().orElse(before.displayName()));
            if (!name.equals(before.name())) {
                stores.audit().record(handle, request, "account-rename", before.name());
            }
            return Response.json(stores.people().find(handle, before.id()).orElseThrow());
        });
    }

    private Response setPassword(Request request) {
        Actor actor = self(request);
        PasswordBody body = request.json(PasswordBody.class);
        checkCurrent(actor, body);
        String hash = passwords.hash(body.password());
        return database.write(handle -> {
            stores.people().setPasswordHash(handle, actor.person(), hash);
            stores.sessions().endOthers(handle, actor.person(), actor instanceof Actor.Session session ? session.session() : "");
            stores.links().withdraw(handle, actor.person());
            stores.audit().record(handle, request, "password-set", "");
            return Response.empty();
        });
    }

    /** Who came by a link, or is the operator on the machine, has no need of the old password: it may be forgotten. */
    private void checkCurrent(Actor actor, PasswordBody body) {
        Optional<String> hash = database.read(handle -> stores.people().passwordHash(handle, actor.person()));
        boolean trusted = switch (actor) {
            case Actor.Session session -> database.read(handle -> stores.sessions().isByLink(handle, session.session()));
            case Actor.Operator operator -> true;
            case Actor.Token token -> false;
        };
        if (hash.isEmpty() || (trusted && body.current().isEmpty())) {
            return;
        }
        if (body.current().isEmpty()) {
            throw Problem.field("current", "required", "The current password is needed to set another.");
        }
        if (!passwords.matches(body.current().get(), hash.get())) {
            throw Problem.field("current", "wrong", "The current password is wrong.");
        }
    }

    private Response listTokens(Request request) {
        Actor actor = self(request);
        List<Tokens.Token> tokens = database.read(handle -> stores.tokens().of(handle, actor.person()));
        return Response.json(Map.of("tokens", tokens.stream().map(TokenAnswer::of).toList()));
    }

    private Response createToken(Request request) {
        Actor actor = self(request);
        TokenBody body = request.json(TokenBody.class);
        Set<Scope> scopes = body.scopes().isEmpty()
                ? actor.scopes()
                : body.scopes().get().stream().map(Scope::parse).collect(Collectors.toCollection(() -> EnumSet.noneOf(Scope.class)));
        if (!actor.scopes().containsAll(scopes)) {
            throw Problem.of(ErrorCode.FORBIDDEN, "A token cannot make another one that may do more than itself.");
        }
        Tokens.Made made = database.write(handle -> {
            if (stores.tokens().of(handle, actor.person()).size() >= MOST_TOKENS) {
                throw Problem.of(ErrorCode.CONFLICT, "One person has at most " + MOST_TOKENS + " tokens; revoke some first.");
            }
            Tokens.Made fresh = stores.tokens().make(handle, actor.person(), body.name(), scopes, body.days().map(Duration::ofDays));
            stores.audit().record(handle, request, "token-create", body.name());
            return fresh;
        });
        return Response.json(201, Map.of("token", TokenAnswer.of(made.token()), "secret", made.secret()));
    }

    private Response revokeToken(Request request) {
        Actor actor = self(request);
        return database.write(handle -> {
            String name = stores.tokens().revoke(handle, actor.person(), request.pathParameter("id")).orElseThrow(() -> Problem.notFound("This token"));
            stores.audit().record(handle, request, "token-revoke", name);
            return Response.empty();
        });
    }

    private Actor self(Request request) {
        Actor actor = Actor.of(request);
        access.check(actor, Action.ACCOUNT_CHANGE, new Resource.Account(actor.person()));
        return actor;
    }
}
