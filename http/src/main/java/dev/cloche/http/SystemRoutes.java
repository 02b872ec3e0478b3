package dev.cloche.http;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes tagged {@code system} in the contract: health, the contract itself, what this server is. */
public final class SystemRoutes {
    private final Contract contract;
    private final String contractTag;
    private final Supplier<Optional<String>> missing;
    private final Supplier<?> system;

    /**
     * Routes of one server.
     *
     * @param missing what the server still lacks to serve requests, for people; empty if nothing
     * @param system the answer of {@code GET /api/system}, as the contract has it
     */
    public SystemRoutes(Contract contract, Supplier<Optional<String>> missing, Supplier<?> system) {
        this.contract = contract;
        this.contractTag = Digest.of(contract.yaml()).hex().substring(0, 32);
        this.missing = missing;
        this.system = system;
    }

    /** The routes. */
    public List<Route> routes() {
        return List.of(
                Route.get("/health/live", request -> Response.json(Map.of("status", "live"))).open(),
                Route.get("/health/ready", this::ready).open(),
                Route.get("/openapi.yaml", this::contract).open(),
                Route.get("/api/system", request -> Response.json(system.get())));
    }

    private Response ready(Request request) {
        missing.get().ifPresent(what -> {
            throw Problem.of(ErrorCode.UNAVAILABLE, what);
        });
        return Response.json(Map.of("status", "ready"));
    }

    private Response contract(Request request) {
        return Response.bytes(200, "application/yaml", contract.yaml()).with("cache-control", AssetAnswer.ASK).tagged(request, contractTag);
    }
}
