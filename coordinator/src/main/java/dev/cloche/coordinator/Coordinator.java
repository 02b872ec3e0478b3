package dev.cloche.coordinator;

import dev.cloche.http.Route;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.stream.Stream;

/** Workers as a whole. */
public final class Coordinator {
    /** The routes tagged {@code workers} in the contract. */
    public List<Route> routes() {
        Route.Handler later = request -> {
            throw Problem.of(ErrorCode.NOT_AVAILABLE, "Not yet.");
        };
        return Stream.of("GET /api/workers", "POST /api/workers", "GET /api/workers/statistics", "GET /api/workers/events", "GET /api/workers/{worker}",
                        "DELETE /api/workers/{worker}", "GET /api/workers/{worker}/versions/{digest}", "PUT /api/workers/{worker}/settings",
                        "POST /api/workers/{worker}/rollback", "POST /api/workers/{worker}/call/{function}", "GET /api/nodes", "GET /api/nodes/link",
                        "DELETE /api/nodes/{id}", "POST /rpc", "GET /task", "POST /task", "GET /task/next", "GET /task/{id}", "DELETE /task/{id}",
                        "POST /task/{id}/result", "POST /task/{id}/lease", "POST /task/{id}/retry", "GET /result/{id}")
                .map(line -> line.split(" ", 2))
                .map(parts -> new Route(parts[0], parts[1], Route.Admission.ACTOR, Route.DEFAULT_BODY_LIMIT, later))
                .toList();
    }
}
