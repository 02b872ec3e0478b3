package dev.cloche.workspaces;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Route;
import dev.cloche.identity.Actor;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The API of what each person keeps about the screens of a workspace. */
final class StateRoutes {
    private static final long MAX_BYTES = 64L << 10;

    private final ScreenStates states;
    private final Guard guard;

    StateRoutes(ScreenStates states, Guard guard) {
        this.states = states;
        this.guard = guard;
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (String path : List.of("/api/workspaces/{id}/state", "/api/workspaces/{id}/pyodide/state")) {
            routes.add(Route.get(path, this::read));
            routes.add(Route.put(path, this::write).bodyLimit(MAX_BYTES));
        }
        return routes;
    }

    private Response read(Request request) {
        Workspace workspace = guard.toRead(request);
        String state = states.read(workspace.id(), Actor.of(request).person()).orElse("{}");
        return Response.bytes(200, "application/json", state.getBytes(StandardCharsets.UTF_8));
    }

    /** Viewers keep a state too: it is theirs alone and changes nothing of the workspace. */
    private Response write(Request request) {
        Workspace workspace = guard.toRead(request);
        JsonNode state = request.json(JsonNode.class);
        if (!state.isObject()) {
            throw Problem.field("body", "type", "The state is a JSON object.");
        }
        states.write(workspace.id(), Actor.of(request).person(), state.toString());
        return Response.empty();
    }
}
