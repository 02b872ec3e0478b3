package dev.cloche.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
    private final Router router = new Router(List.of(
            Route.get("/files/{path*}", request -> Response.text(200, "rest " + request.pathParameter("path"))),
            Route.get("/apps/{name}", request -> Response.text(200, "name " + request.pathParameter("name"))),
            Route.post("/apps/detect", request -> Response.text(200, "detect")),
            Route.get("/apps/list", request -> Response.text(200, "list")),
            Route.get("/{project}/app/{name}/{path*}", request -> Response.text(200, request.pathParameter("project") + " " + request.pathParameter("path"))),
            Route.get("/simple/", request -> Response.text(200, "simple"))));

    @Test
    void theMoreExactRouteWins() {
        assertThat(text("GET", "/apps/list")).isEqualTo("list");
        assertThat(text("GET", "/apps/detect")).isEqualTo("name detect");
        assertThat(text("POST", "/apps/detect")).isEqualTo("detect");
        assertThat(text("GET", "/simple/")).isEqualTo("simple");
    }

    @Test
    void parametersAreDecodedOnce() {
        assertThat(text("GET", "/apps/a%20b%2525")).isEqualTo("name a b%25");
        assertThat(text("GET", "/files/d%C3%A4/x%2Fy")).isEqualTo("rest dä/x/y");
        assertThat(text("GET", "/files/")).isEqualTo("rest ");
        assertThat(text("GET", "/files/a//b")).isEqualTo("rest a//b");
        assertThat(text("GET", "/home/app/x/")).isEqualTo("home ");
    }

    @Test
    void aSlashCannotBeSmuggledIntoASegment() {
        assertThat(router.handle(Request.builder("GET", "/apps/a%2Fb").build()).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/files/../x", "/files/%2e%2e/x", "/files/a/%2E%2E", "/files/.", "/files/..%2Fx", "/files/a%00b", "/files/%0a", "/files/%zz",
        "/files/%", "/files/%ff", "/files/%c0%ae", "/files/ä", "/files/%ed%a0%80"})
    void aPathThatTriesATrickIsRefused(String path) {
        assertThatThrownBy(() -> router.find("GET", path)).isInstanceOf(Problem.class);
    }

    @Test
    void twoRoutesForTheSamePathAreAMistake() {
        Route one = Route.get("/a/{x}", request -> Response.empty());
        Route two = Route.get("/a/{y}", request -> Response.empty());

        assertThatThrownBy(() -> new Router(List.of(one, two))).isInstanceOf(IllegalArgumentException.class);
    }

    private String text(String method, String path) {
        Response response = router.handle(Request.builder(method, path).build());
        return new String(((Response.Body.Bytes) response.body()).bytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
}
