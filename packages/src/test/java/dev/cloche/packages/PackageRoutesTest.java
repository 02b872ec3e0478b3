package dev.cloche.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import dev.cloche.http.Router;
import dev.cloche.identity.Access;
import dev.cloche.identity.Actor;
import dev.cloche.identity.PersonId;
import dev.cloche.identity.ProjectId;
import dev.cloche.identity.Role;
import dev.cloche.kernel.Json;
import dev.cloche.workspaces.WorkspaceId;
import dev.cloche.workspaces.WorkspaceType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageRoutesTest {
    private static final PersonId MEMBER = new PersonId("member0000000000");
    private static final PersonId VIEWER = new PersonId("v1ewer0000000000");
    private static final PersonId STRANGER = new PersonId("stranger00000000");
    private static final String ID = "w0rkspace0000000";
    private static final String PACKAGES = "/api/workspaces/" + ID + "/packages";

    @TempDir
    private Path folder;

    private final FakeCatalog catalog = new FakeCatalog();
    private final TestWheels.Made numpy = TestWheels.tagged("numpy", "2.4.6", "cp314-cp314-pyemscripten_2026_0_wasm32");
    private final TestWheels.Made plot = TestWheels.pure("matplotlib", "3.10", "numpy>=1.20", "pillow; sys_platform=='win32'");
    private final TestWheels.Made flask = TestWheels.pure("flask", "3.1");
    private WorkspaceId workspace = new WorkspaceId(ID);
    private Router control = new Router(List.of());
    private Router content = new Router(List.of());

    @BeforeEach
    void start() throws IOException {
        TestWheels.shelf(folder.resolve("shelf"), numpy, plot, flask);
        workspace = catalog.add(ID, WorkspaceType.PYODIDE, "numpy", "matplotlib");
        open();
    }

    private void open() {
        PythonPackages packages = new PythonPackages(PackagesConfig.defaults(folder.resolve("shelf"), folder.resolve("data")),
                new Upstream.None("there is no network"), catalog, new Access(new Members()), Clock.systemUTC());
        control = new Router(packages.routes());
        content = new Router(packages.contentRoutes());
    }

    @Test
    void theFirstLookMakesTheLockOfANewWorkspace() {
        JsonNode answer = json(get(MEMBER, PACKAGES), 200);

        assertThat(answer.path("requirements")).map(JsonNode::asText).containsExactly("numpy", "matplotlib");
        assertThat(answer.path("lock").path("python").asText()).isEqualTo("3.14.2");
        assertThat(answer.path("lock").path("wheels")).map(w -> w.path("name").asText()).containsExactly("numpy", "matplotlib");
        assertThat(answer.path("lock").path("wheels").get(0).path("sha256").asText()).isEqualTo(numpy.digest().hex());
        PythonLock written = PythonLock.parse(catalog.read(workspace, PythonLock.PATH).orElseThrow()).orElseThrow();
        assertThat(Json.text(written.json())).isEqualTo(answer.path("lock").toString());
    }

    @Test
    void theSecondLookWritesNothing() {
        get(MEMBER, PACKAGES);
        int writes = catalog.writes;

        get(MEMBER, "/api/workspaces/" + ID + "/pyodide/packages");

        assertThat(catalog.writes).isEqualTo(writes);
    }

    @Test
    void aViewerSeesTheLockWithoutWritingIt() {
        assertThat(json(get(VIEWER, PACKAGES), 200).path("lock").path("wheels")).hasSize(2);
        assertThat(catalog.writes).isZero();
        json(post(VIEWER, PACKAGES, Map.of("install", List.of("flask"))), 403);
        json(get(STRANGER, PACKAGES), 404);
    }

    @Test
    void installingAddsToConfigurationAndLock() {
        JsonNode answer = json(post(MEMBER, PACKAGES, Map.of("install", List.of("Flask>=3"))), 200);

        assertThat(answer.path("requirements")).map(JsonNode::asText).containsExactly("numpy", "matplotlib", "Flask>=3");
        assertThat(answer.path("lock").path("wheels")).hasSize(3);
        assertThat(catalog.get(workspace).config().pythonPackages()).containsExactly("numpy", "matplotlib", "Flask>=3");
        assertThat(catalog.get(workspace).config().environment()).containsEntry("A", "1");
    }

    @Test
    void removingTakesAwayWhatNothingNeedsAnyMore() {
        JsonNode answer = json(post(MEMBER, PACKAGES, Map.of("remove", List.of("Matplotlib"))), 200);

        assertThat(answer.path("lock").path("wheels")).map(w -> w.path("name").asText()).containsExactly("numpy");
    }

    @Test
    void whatCannotComeIsExplainedAndNothingChanges() {
        JsonNode problem = json(post(MEMBER, PACKAGES, Map.of("install", List.of("flask", "tkinter"))), 422);

        assertThat(problem.path("reasons").get(0).path("package").asText()).isEqualTo("tkinter");
        assertThat(problem.path("reasons").get(0).path("cause").asText()).isEqualTo("unknown-package");
        assertThat(problem.path("detail").asText()).contains("no windows");
        assertThat(catalog.writes).isZero();
        assertThat(catalog.get(workspace).config().pythonPackages()).hasSize(2);
    }

    @Test
    void withoutNetworkWhatIsNotOnTheShelfIsExplained() {
        JsonNode problem = json(post(MEMBER, PACKAGES, Map.of("install", List.of("rich"))), 422);

        assertThat(problem.path("reasons").get(0).path("cause").asText()).isEqualTo("upstream");
        assertThat(problem.path("reasons").get(0).path("message").asText()).contains("there is no network");
    }

    @Test
    void brokenRequirementsAreNamedByPlace() {
        JsonNode problem = json(post(MEMBER, PACKAGES, Map.of("install", List.of("flask", "x @ https://example.org/x.whl"))), 400);

        assertThat(problem.path("errors").get(0).path("field").asText()).isEqualTo("install[1]");
        json(post(MEMBER, PACKAGES, Map.of("install", List.of("x".repeat(301)))), 400);
        json(post(MEMBER, PACKAGES, Map.of("install", java.util.Collections.nCopies(51, "flask"))), 400);
        json(post(MEMBER, PACKAGES, Map.of("instal", List.of("flask"))), 400);
        json(post(MEMBER, PACKAGES, Map.of("install", "flask")), 400);
    }

    @Test
    void otherTypesOfWorkspacesHaveNoPythonPackages() {
        catalog.add("n0de000000000000", WorkspaceType.NODE);

        assertThat(json(get(MEMBER, "/api/workspaces/n0de000000000000/packages"), 400).path("detail").asText()).contains("PYODIDE");
    }

    @Test
    void whenTheLockCannotBeWrittenTheConfigurationStays() {
        catalog.broken = true;

        json(post(MEMBER, PACKAGES, Map.of("install", List.of("flask"))), 500);

        assertThat(catalog.get(workspace).config().pythonPackages()).hasSize(2);
    }

    @Test
    void locksOutliveTheShelfTheyCameFrom() throws IOException {
        json(get(MEMBER, PACKAGES), 200);
        TestWheels.shelf(folder.resolve("shelf"), TestWheels.tagged("numpy", "2.5", "cp314-cp314-pyemscripten_2026_0_wasm32"), plot);
        Files.delete(folder.resolve("shelf").resolve(numpy.file()));

        open();

        assertThat(json(get(MEMBER, PACKAGES), 200).path("lock").path("wheels").get(0).path("version").asText()).isEqualTo("2.4.6");
        assertThat(wheel(numpy.digest().hex(), numpy.file()).status()).isEqualTo(200);
    }

    @Test
    void aLockThatPeopleBrokeIsMadeAnew() {
        catalog.write(workspace, Map.of(PythonLock.PATH, "{\"wheels\": 7".getBytes(StandardCharsets.UTF_8)));

        assertThat(json(get(MEMBER, PACKAGES), 200).path("lock").path("wheels")).hasSize(2);
    }

    @Test
    void aLockCannotNameWheelsThatAreNotHere() {
        String forged = "{\"python\":\"3.14.2\",\"platform\":\"pyemscripten_2026_0_wasm32\",\"requirements\":[\"numpy\",\"matplotlib\"],\"wheels\":"
                + "[{\"file\":\"numpy-9-py3-none-any.whl\",\"sha256\":\"" + "0".repeat(64) + "\",\"size\":1}]}";
        catalog.write(workspace, Map.of(PythonLock.PATH, forged.getBytes(StandardCharsets.UTF_8)));

        assertThat(json(get(MEMBER, PACKAGES), 200).path("lock").path("wheels").get(0).path("version").asText()).isEqualTo("2.4.6");
    }

    @Test
    void progressIsToldInLines() throws IOException {
        Response response = control.handle(acting(MEMBER, request(MEMBER, "POST", PACKAGES).header("accept", "application/x-ndjson")
                .json(Map.of("install", List.of("flask"))).build()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ((Response.Body.Stream) response.body()).writer().writeTo(out);
        List<JsonNode> lines = out.toString(StandardCharsets.UTF_8).lines().map(l -> Json.tree(l.getBytes(StandardCharsets.UTF_8))).toList();

        assertThat(lines.getFirst().path("phase").asText()).isEqualTo("resolve");
        assertThat(lines).anyMatch(l -> l.path("phase").asText().equals("fetch") && l.path("package").asText().equals("flask") && l.path("total").asInt() == 3);
        assertThat(lines.getLast().path("result").path("lock").path("wheels")).hasSize(3);
    }

    @Test
    void aRefusalEndsTheLinesAsAProblem() throws IOException {
        Response response = control.handle(acting(MEMBER, request(MEMBER, "POST", PACKAGES).header("accept", "application/x-ndjson")
                .json(Map.of("install", List.of("rich"))).build()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ((Response.Body.Stream) response.body()).writer().writeTo(out);

        JsonNode last = Json.tree(out.toString(StandardCharsets.UTF_8).lines().toList().getLast().getBytes(StandardCharsets.UTF_8));
        assertThat(last.path("problem").path("status").asInt()).isEqualTo(422);
        assertThat(last.path("problem").path("reasons")).hasSize(1);
    }

    @Test
    void importNamesLeadToPackages() {
        JsonNode answer = json(post(MEMBER, PACKAGES + "/imports",
                Map.of("imports", List.of("matplotlib.pyplot", "sklearn", "json", "PIL", "nosuch", "flask"))), 200);

        assertThat(answer.path("packages")).isEqualTo(Json.tree(Map.of("matplotlib.pyplot", "matplotlib", "sklearn", "scikit-learn", "PIL", "pillow", "flask", "flask")));
    }

    @Test
    void theShelfIsSearchedByPartsOfNames() {
        JsonNode found = json(get(MEMBER, "/api/packages/search", "q", "plot"), 200).path("packages");

        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("name").asText()).isEqualTo("matplotlib");
        assertThat(found.get(0).path("summary").asText()).isEqualTo("The package matplotlib");
        assertThat(found.get(0).path("onShelf").asBoolean()).isTrue();
        json(get(MEMBER, "/api/packages/search", "q", " "), 400);
    }

    @Test
    void wheelsAreGivenToEveryEngineByDigest() throws IOException {
        Response response = wheel(numpy.digest().hex(), numpy.file());

        assertThat(response.status()).isEqualTo(200);
        Response.Body.File file = (Response.Body.File) response.body();
        assertThat(Files.readAllBytes(file.path())).isEqualTo(numpy.bytes());
        assertThat(response.header("cache-control").orElseThrow()).contains("immutable");
        Response again = content.handle(Request.builder("GET", "/__cloche/wheels/" + numpy.digest() + "/" + numpy.file())
                .header("if-none-match", response.header("etag").orElseThrow()).build());
        assertThat(again.status()).isEqualTo(304);
    }

    @Test
    void nothingElseIsGivenThere() {
        String digest = numpy.digest().hex();
        for (String file : List.of("shelf.lock.json", "..%2fshelf.lock.json", "..", "%2e%2e%2f" + numpy.file(), flask.file(), "x-1-py3-none-any.whl", "%00.whl", "ü.whl")) {
            assertThat(wheel(digest, file).status()).as(file).isIn(404, 400);
        }
        assertThat(wheel("0".repeat(64), numpy.file()).status()).isEqualTo(404);
        assertThat(wheel("..", numpy.file()).status()).isIn(404, 400);
    }

    @Test
    void aDamagedShelfIsNoticedAtTheStart() throws IOException {
        Files.writeString(folder.resolve("shelf").resolve("shelf.lock.json"), "{\"wheels\":[{\"file\":\"../x\"}]}");

        assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class).hasMessageContaining("damaged");
    }

    private Response wheel(String digest, String file) {
        return content.handle(Request.builder("GET", "/__cloche/wheels/" + digest + "/" + file).build());
    }

    private Response get(PersonId person, String path, String... query) {
        var builder = request(person, "GET", path);
        if (query.length == 2) {
            builder.query(query[0], query[1]);
        }
        return control.handle(acting(person, builder.build()));
    }

    private Response post(PersonId person, String path, Object body) {
        return control.handle(acting(person, request(person, "POST", path).json(body).build()));
    }

    private static dev.cloche.http.RequestBuilder request(PersonId person, String method, String path) {
        return Request.builder(method, path).header("x-test-person", person.value());
    }

    private static Request acting(PersonId person, Request request) {
        request.set(Actor.ATTRIBUTE, new Actor.Session(person, "s"));
        return request;
    }

    private static JsonNode json(Response response, int status) {
        JsonNode node = Json.tree(((Response.Body.Bytes) response.body()).bytes());
        assertThat(response.status()).as(node.toString()).isEqualTo(status);
        return node;
    }

    private static final class Members implements Access.Memberships {
        @Override
        public Optional<Role> role(PersonId person, ProjectId project) {
            return Optional.ofNullable(Map.of(MEMBER, Role.MEMBER, VIEWER, Role.VIEWER).get(person));
        }

        @Override
        public Map<ProjectId, Role> projects(PersonId person) {
            return Map.of();
        }

        @Override
        public boolean isServerOwner(PersonId person) {
            return false;
        }
    }
}
