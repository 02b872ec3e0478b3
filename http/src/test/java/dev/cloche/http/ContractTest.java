package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.FieldError;
import dev.cloche.kernel.Json;
import dev.cloche.kernel.Problem;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ContractTest {
    private static final Contract CONTRACT = Contract.load();
    private static final String ID = "0123456789abcdef";

    @Test
    void theContractUsesOnlyKeywordsThatAreChecked() throws IOException {
        JsonNode root = Json.tree(ContractTest.class.getResourceAsStream("openapi.json").readAllBytes());
        Set<String> used = new TreeSet<>();
        root.findValues("schema").forEach(schema -> collect(schema, used));
        root.at("/components/schemas").forEach(schema -> collect(schema, used));

        assertThat(used).isSubsetOf(SchemaCheck.KEYWORDS);
    }

    @Test
    void everyReferenceOfTheContractLeadsSomewhere() throws IOException {
        JsonNode root = Json.tree(ContractTest.class.getResourceAsStream("openapi.json").readAllBytes());

        assertThat(root.findValuesAsText("$ref")).allSatisfy(reference -> assertThat(root.at(reference.substring(1)).isMissingNode()).isFalse());
    }

    @Test
    void aRequestThatKeepsTheContractPasses() {
        assertThat(errors("POST", "/api/workspaces", Map.of("name", "Plot", "type", "PYODIDE", "config",
                Map.of("environment", Map.of("A_1", "b"), "pythonPackages", List.of("numpy"))))).isEmpty();
    }

    @Test
    void eachBrokenRuleIsNamedWithItsField() {
        List<FieldError> errors = errors("POST", "/api/workspaces", Map.of("name", "", "colour", "red", "config",
                Map.of("environment", Map.of("1x", "b", "ok", 5), "pythonPackages", List.of("a", 7))));

        assertThat(errors).extracting(error -> error.field() + " " + error.rule()).containsExactlyInAnyOrder("name minLength",
                "colour unknown", "config.environment.1x pattern", "config.environment.ok type", "config.pythonPackages[1] type");
        assertThat(errors).allSatisfy(error -> assertThat(error.message()).endsWith("."));
    }

    @Test
    void aLineFeedAtTheEndDoesNotSlipPastAPattern() {
        assertThat(errors("POST", "/api/people", Map.of("name", "ada\n"))).extracting(FieldError::rule).containsExactly("pattern");
    }

    @Test
    void lengthsCountCharactersNotCodeUnits() {
        assertThat(errors("POST", "/api/workspaces", Map.of("name", "🌱".repeat(100), "type", "PYODIDE"))).isEmpty();
        assertThat(errors("POST", "/api/workspaces", Map.of("name", "🌱".repeat(101), "type", "PYODIDE"))).extracting(FieldError::rule).containsExactly("maxLength");
    }

    @Test
    void parametersAreCheckedByTheirTypes() {
        assertThat(query("/api/audit", "limit", "500")).isEmpty();
        assertThat(query("/api/audit", "limit", "501")).containsExactly("limit maximum");
        assertThat(query("/api/audit", "limit", "many")).containsExactly("limit type");
        assertThat(query("/api/audit", "limits", "5")).containsExactly("limits unknown");
        assertThat(query("/api/packages/search", "p", "5")).containsExactly("q required", "p unknown");
        assertThat(query("/api/workspaces", "deleted", "true")).isEmpty();
        assertThat(query("/api/workspaces", "deleted", "yes")).containsExactly("deleted type");
    }

    @Test
    void anIdentifierInAPathHasItsForm() {
        Problem problem = refusal(Request.builder("GET", "/api/workspaces/x").pathParameter("id", "x"), "/api/workspaces/{id}");

        assertThat(problem.fields()).extracting(FieldError::field).containsExactly("id");
    }

    @Test
    void aBodyNeedsItsMediaTypeAndToBeThere() {
        Request.builder("POST", "/api/workspaces");

        assertThat(refusal(Request.builder("POST", "/api/tokens").body(new byte[] {'{', '}'}), "/api/tokens").code()).isEqualTo(ErrorCode.UNSUPPORTED_MEDIA_TYPE);
        assertThat(refusal(Request.builder("POST", "/api/tokens"), "/api/tokens").fields()).extracting(FieldError::rule).containsExactly("required");
        assertThat(refusal(Request.builder("POST", "/api/tokens").header("content-type", "application/json").body("{\"name\":".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                "/api/tokens").code()).isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aBodyThatMayBeLeftOutMayBeLeftOut() {
        check(Request.builder("POST", "/api/apps/a/rollback").pathParameter("name", "a"), "/api/apps/{name}/rollback");
    }

    @Test
    void aRouteOfTheApiThatNobodyWroteDownIsNotServed() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> check(Request.builder("GET", "/api/secret"), "/api/secret"))).isInstanceOf(IllegalStateException.class);
        check(Request.builder("GET", "/app/x"), "/app/{name}");
    }

    @Test
    void theRestOfAPathIsTheContractsParameter() {
        check(Request.builder("GET", "/x").pathParameter("id", ID).pathParameter("path", "a/b"), "/api/workspaces/{id}/files/{path*}");
        assertThat(refusal(Request.builder("GET", "/x").pathParameter("id", ID).pathParameter("path", "a".repeat(1025)),
                "/api/workspaces/{id}/files/{path*}").fields()).extracting(FieldError::rule).containsExactly("maxLength");
    }

    private static List<FieldError> errors(String method, String path, Object body) {
        try {
            CONTRACT.check(Request.builder(method, path).json(body).build(), new Route(method, path, Route.Admission.OPEN, 1000, request -> Response.empty()));
            return List.of();
        } catch (Problem e) {
            return e.fields();
        }
    }

    private static List<String> query(String path, String name, String value) {
        try {
            check(Request.builder("GET", path).query(name, value), path);
            return List.of();
        } catch (Problem e) {
            return e.fields().stream().map(error -> error.field() + " " + error.rule()).toList();
        }
    }

    private static Problem refusal(RequestBuilder request, String path) {
        return catchThrowableOfType(Problem.class, () -> check(request, path));
    }

    private static void check(RequestBuilder builder, String path) {
        Request request = builder.build();
        CONTRACT.check(request, new Route(request.method(), path, Route.Admission.OPEN, 1000, r -> Response.empty()));
    }

    private static void collect(JsonNode schema, Set<String> used) {
        schema.fieldNames().forEachRemaining(used::add);
        for (String name : Arrays.asList("items", "additionalProperties", "propertyNames")) {
            if (schema.path(name).isObject()) {
                collect(schema.path(name), used);
            }
        }
        schema.path("properties").forEach(property -> collect(property, used));
        schema.path("allOf").forEach(part -> collect(part, used));
    }
}
