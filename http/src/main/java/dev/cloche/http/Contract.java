package dev.cloche.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The contract in {@code openapi.yaml}, by which requests are checked before a handler sees them: path and query parameters,
 * the media type of the body, and JSON bodies by their schemas. Safe for use by several threads.
 */
public final class Contract implements RequestCheck {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete", "options");

    private final byte[] yaml;
    private final SchemaCheck schemas;
    private final Map<String, Operation> operations = new HashMap<>();

    /**
     * One operation of the contract.
     *
     * @param method in capitals
     * @param path as in the contract
     * @param id its {@code operationId}
     * @param tag the part that it belongs to
     * @param open whether the contract asks for no credentials
     */
    public record Operation(String method, String path, String id, String tag, boolean open, List<JsonNode> parameters, JsonNode requestBody) {}

    private Contract(byte[] yaml, JsonNode root) {
        this.yaml = yaml;
        this.schemas = new SchemaCheck(root);
        root.path("paths").properties().forEach(path -> path.getValue().properties().forEach(entry -> {
            if (METHODS.contains(entry.getKey())) {
                add(entry.getKey().toUpperCase(java.util.Locale.ROOT), path.getKey(), path.getValue(), entry.getValue());
            }
        }));
    }

    /** The contract that this build was made with. */
    public static Contract load() {
        return new Contract(resource("/openapi.yaml"), Json.tree(resource("openapi.json")));
    }

    /** The document as written. */
    byte[] yaml() {
        return yaml;
    }

    /** All operations. */
    public List<Operation> operations() {
        return List.copyOf(operations.values());
    }

    /** What a route and an operation of the same method and path have in common. */
    public static String key(String method, String path) {
        return method + " " + path.replaceAll("\\{[^}]*}", "{}");
    }

    /** The checks of schemas, for a test of the contract itself. */
    SchemaCheck schemas() {
        return schemas;
    }

    @Override
    public void check(Request request, Route route) {
        Operation operation = operations.get(key(route.method(), route.path()));
        if (operation == null) {
            // a route of the API that nobody wrote down is a mistake that must show
            if (FetchRules.isApi(route.path())) {
                throw new IllegalStateException("not in openapi.yaml: " + route.method() + " " + route.path());
            }
            return;
        }
        List<FieldError> errors = new ArrayList<>();
        checkParameters(request, operation, errors);
        if (errors.isEmpty()) {
            checkBody(request, operation.requestBody(), errors);
        }
        if (!errors.isEmpty()) {
            throw Problem.fields(errors);
        }
    }

    private void checkParameters(Request request, Operation operation, List<FieldError> errors) {
        Set<String> known = new HashSet<>();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").asText();
            JsonNode schema = parameter.path("schema");
            if (parameter.path("in").asText().equals("path")) {
                schemas.check(schema, schemas.fromText(schema, request.pathParameters().getOrDefault(name, "")), name, errors);
            } else if (parameter.path("in").asText().equals("query")) {
                known.add(name);
                List<String> values = request.query().getOrDefault(name, List.of());
                if (values.isEmpty() && parameter.path("required").asBoolean()) {
                    errors.add(new FieldError(name, "required", "The query parameter '" + name + "' is needed."));
                }
                if (values.size() > 1) {
                    errors.add(new FieldError(name, "single", "The query parameter '" + name + "' can be given only once."));
                }
                values.stream().limit(1).forEach(value -> schemas.check(schema, schemas.fromText(schema, value), name, errors));
            }
        }
        if (FetchRules.isApi(request.path())) {
            request.query().keySet().stream()
                    .filter(name -> !known.contains(name))
                    .forEach(name -> errors.add(new FieldError(name, "unknown", "There is no query parameter '" + name + "' here.")));
        }
    }

    private void checkBody(Request request, JsonNode body, List<FieldError> errors) {
        JsonNode schema = body.path("content").path("application/json").path("schema");
        if (schema.isMissingNode()) {
            return;
        }
        String media = request.mediaType();
        if (!media.isEmpty() && !media.equals("application/json") && body.path("content").has(media)) {
            return;
        }
        if (request.body().length == 0) {
            if (body.path("required").asBoolean()) {
                errors.add(new FieldError("body", "required", "A JSON body is needed here."));
            }
            return;
        }
        if (!media.equals("application/json")) {
            throw Problem.of(ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as Content-Type: " + String.join(" or ", body.path("content").propertyStream().map(Map.Entry::getKey).toList()) + ".");
        }
        schemas.check(schema, Json.tree(request.body()), "", errors);
    }

    private void add(String method, String path, JsonNode item, JsonNode operation) {
        List<JsonNode> parameters = Stream.of(item, operation)
                .flatMap(node -> node.path("parameters").valueStream())
                .map(schemas::resolve)
                .toList();
        boolean open = operation.has("security") && operation.path("security").isEmpty();
        Operation added = new Operation(method, path, operation.path("operationId").asText(), operation.path("tags").path(0).asText(), open,
                parameters, schemas.resolve(operation.path("requestBody")));
        operations.put(key(method, path), added);
    }

    private static byte[] resource(String name) {
        try (InputStream in = Contract.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the build left out " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }
}
