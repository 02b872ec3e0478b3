package dev.cloche.workspaces;

import static dev.cloche.workspaces.Bench.OWNER;
import static dev.cloche.workspaces.Bench.body;
import static dev.cloche.workspaces.Bench.bytes;
import static dev.cloche.workspaces.Bench.json;
import static dev.cloche.workspaces.Bench.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.http.Request;
import dev.cloche.http.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FilesApiTest {
    private final Bench bench = new Bench(new WorkspaceLimits(100, 300, 20, 8, 400, 100));
    private WorkspaceId id = new WorkspaceId("0000000000000000");
    private String base = "";

    @BeforeEach
    void open() {
        id = bench.newWorkspace();
        base = "/api/workspaces/" + id;
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private Response change(Object... changes) {
        return bench.as(OWNER, Request.builder("POST", base + "/changes").json(Map.of("changes", List.of(changes))));
    }

    private List<String> paths() {
        return json(bench.get(base + "/files")).get("files").findValuesAsText("path");
    }

    private long revision() {
        return json(bench.get(base + "/files")).get("revision").asLong();
    }

    @Test
    void aFileIsReadAsItWasWritten() {
        Response made = bench.put(id, "src/main.py", "print(1)");
        Response replaced = bench.put(id, "src/main.py", "print(2)");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("etag")).contains("\"1\"");
        assertThat(replaced.status()).isEqualTo(200);
        assertThat(json(replaced).get("revision").asLong()).isEqualTo(2);
        Response read = bench.get(base + "/files/src/main.py");
        assertThat(text(read)).isEqualTo("print(2)");
        assertThat(read.header("etag")).contains("\"2\"");
        assertThat(paths()).containsExactly("src", "src/main.py");
        assertThat(text(bench.as(OWNER, Request.builder("GET", base + "/files/src/main.py").query("revision", "1")))).isEqualTo("print(1)");
    }

    @Test
    void rawReadsCannotRunInABrowser() {
        bench.put(id, "evil é\".html", "<script>");

        Response read = bench.get(base + "/files/evil%20%C3%A9%22.html");

        assertThat(read.header("content-type")).contains("application/octet-stream");
        assertThat(read.header("content-disposition")).contains("attachment; filename=\"evil __.html\"; filename*=UTF-8''evil%20%C3%A9%22.html");
        assertThat(read.header("x-content-type-options")).contains("nosniff");
        assertThat(read.header("content-security-policy").orElse("")).contains("sandbox").contains("default-src 'none'");
    }

    @Test
    void preconditionsAreHonoured() {
        bench.put(id, "a.txt", "one");

        assertThat(put("a.txt", "two", "if-match", "\"7\"").status()).isEqualTo(412);
        assertThat(put("a.txt", "two", "if-none-match", "*").status()).isEqualTo(412);
        assertThat(put("new.txt", "two", "if-match", "*").status()).isEqualTo(412);
        assertThat(put("a.txt", "two", "if-match", "nonsense").status()).isEqualTo(400);
        Response mismatch = put("a.txt", "two", "if-match", "\"7\"");
        assertThat(json(mismatch).get("code").asText()).isEqualTo("revision-mismatch");
        assertThat(json(mismatch).get("revision").asLong()).isEqualTo(1);
        assertThat(text(bench.get(base + "/files/a.txt"))).isEqualTo("one");
        assertThat(put("a.txt", "two", "if-match", "\"1\"").status()).isEqualTo(200);
        assertThat(put("b.txt", "two", "if-none-match", "*").status()).isEqualTo(201);
        assertThat(bench.as(OWNER, Request.builder("DELETE", base + "/files/a.txt").header("if-match", "\"1\"")).status()).isEqualTo(412);
        assertThat(bench.as(OWNER, Request.builder("GET", base + "/files/a.txt").header("if-none-match", "\"2\"")).status()).isEqualTo(304);
    }

    private Response put(String path, String content, String header, String value) {
        return bench.as(OWNER, Request.builder("PUT", base + "/files/" + path).header(header, value).body(bytes(content)));
    }

    @Test
    void writingTheSameAgainMakesNoRevision() {
        bench.put(id, "a.txt", "same");

        Response again = bench.put(id, "a.txt", "same");

        assertThat(again.status()).isEqualTo(200);
        assertThat(json(again).get("revision").asLong()).isEqualTo(1);
        assertThat(revision()).isEqualTo(1);
    }

    @Test
    void aBatchIsOneRevision() {
        bench.put(id, "old/a.txt", "a");
        bench.put(id, "gone.txt", "x");

        Response done = change(
                Map.of("op", "write", "path", "b.txt", "text", "grüße"),
                Map.of("op", "write", "path", "c.bin", "base64", Base64.getEncoder().encodeToString(new byte[] {0, -1})),
                Map.of("op", "move", "path", "old", "to", "new/place"),
                Map.of("op", "delete", "path", "gone.txt"),
                Map.of("op", "folder", "path", "empty"));

        assertThat(json(done).get("revision").asLong()).isEqualTo(3);
        assertThat(paths()).containsExactly("b.txt", "c.bin", "empty", "new", "new/place", "new/place/a.txt");
        assertThat(text(bench.get(base + "/files/b.txt"))).isEqualTo("grüße");
        assertThat(body(bench.get(base + "/files/c.bin"))).containsExactly(0, -1);
        assertThat(json(bench.as(OWNER, Request.builder("GET", base + "/files").query("revision", "2"))).get("files").findValuesAsText("path"))
                .containsExactly("gone.txt", "old", "old/a.txt");
    }

    @Test
    void aBatchThatFailsInTheMiddleLeavesNothing() {
        bench.put(id, "a.txt", "a");
        Object write = Map.of("op", "write", "path", "b.txt", "text", "b");

        assertThat(change(write, Map.of("op", "move", "path", "missing", "to", "x")).status()).isEqualTo(404);
        assertThat(change(write, Map.of("op", "write", "path", "a.txt", "text", "x", "ifRevision", 9)).status()).isEqualTo(412);
        assertThat(change(write, Map.of("op", "write", "path", "a.txt/x", "text", "x")).status()).isEqualTo(409);
        assertThat(change(write, Map.of("op", "write", "path", "../x", "text", "x")).status()).isEqualTo(400);
        assertThat(change(write, Map.of("op", "write", "path", "c.txt", "text", "x".repeat(101))).status()).isEqualTo(413);
        assertThat(change(write, Map.of("op", "write", "path", "A.TXT", "text", "x")).status()).isEqualTo(409);

        assertThat(paths()).containsExactly("a.txt");
        assertThat(revision()).isEqualTo(1);
    }

    @Test
    void wrongBatchesNameThePlace() {
        Map<Map<String, Object>, String> wrong = Map.of(
                Map.of("op", "copy", "path", "a"), "changes[0].op",
                Map.of("op", "write", "path", "a\\b", "text", ""), "changes[0].path",
                Map.of("op", "write", "path", "a"), "changes[0]",
                Map.of("op", "write", "path", "a", "text", "", "base64", ""), "changes[0]",
                Map.of("op", "write", "path", "a", "base64", "*"), "changes[0].base64",
                Map.of("op", "write", "path", "a", "text", "", "ifRevision", -1), "changes[0].ifRevision",
                Map.of("op", "move", "path", "a"), "changes[0].to",
                Map.of("op", "write"), "changes[0].path");

        wrong.forEach((item, field) -> {
            Response refused = change(item);
            assertThat(refused.status()).as(item.toString()).isEqualTo(400);
            assertThat(json(refused).at("/errors/0/field").asText()).isEqualTo(field);
        });
        Response half = bench.as(OWNER, Request.builder("POST", base + "/changes").header("content-type", "application/json")
                .body(bytes("{\"changes\":[{\"op\":\"write\",\"path\":\"a\",\"text\":\"\\ud800\"}]}")));
        assertThat(json(half).at("/errors/0/rule").asText()).isEqualTo("encoding");
        assertThat(revision()).isZero();
    }

    @Test
    void clashesNameTheOtherFile() {
        bench.put(id, "Docs/Plan.md", "x");

        for (String path : List.of("docs/other.md", "DOCS", "Docs/plan.MD")) {
            Response refused = bench.put(id, path, "y");
            assertThat(refused.status()).as(path).isEqualTo(409);
            assertThat(json(refused).get("detail").asText()).contains("Docs");
        }
        assertThat(bench.put(id, "Docs", "y").status()).as("a folder is no file").isEqualTo(409);
        assertThat(change(Map.of("op", "move", "path", "Docs", "to", "docs")).status()).as("changing only the case is a rename").isEqualTo(200);
        assertThat(paths()).containsExactly("docs", "docs/Plan.md");
        assertThat(change(Map.of("op", "move", "path", "docs", "to", "docs/in")).status()).isEqualTo(409);
    }

    @Test
    void limitsAreKept() {
        assertThat(bench.put(id, "big", "x".repeat(101)).status()).isEqualTo(413);
        for (int i = 0; i < 4; i++) {
            assertThat(bench.put(id, "f" + i, i + "x".repeat(98)).status()).isEqualTo(201);
        }
        assertThat(bench.put(id, "f4", "x".repeat(10)).status()).as("400 bytes in all").isEqualTo(413);
        assertThat(change(Map.of("op", "folder", "path", "a/b/c/d")).status()).isEqualTo(200);
        assertThat(bench.put(id, "f5", "").status()).as("8 entries").isEqualTo(413);
        assertThat(bench.as(OWNER, Request.builder("DELETE", base + "/files/a")).status()).isEqualTo(204);
        assertThat(bench.put(id, "f5", "").status()).isEqualTo(201);
        assertThat(bench.as(OWNER, Request.builder("DELETE", base + "/files/none")).status()).isEqualTo(404);
    }

    @Test
    void theArchiveHoldsFilesAndEmptyFolders() throws IOException {
        bench.put(id, "a.txt", "A");
        bench.put(id, "d/ü.txt", "U");
        change(Map.of("op", "folder", "path", "d/empty"));

        assertThat(unzipped(bench.get(base + "/archive"))).isEqualTo(Map.of("a.txt", "A", "d/", "", "d/ü.txt", "U", "d/empty/", ""));
        assertThat(unzipped(bench.as(OWNER, Request.builder("GET", base + "/archive").query("path", "d")))).isEqualTo(Map.of("ü.txt", "U", "empty/", ""));
        assertThat(unzipped(bench.as(OWNER, Request.builder("GET", base + "/archive").query("revision", "1")))).isEqualTo(Map.of("a.txt", "A"));
        assertThat(bench.as(OWNER, Request.builder("GET", base + "/archive").query("path", "none")).status()).isEqualTo(404);
        assertThat(bench.as(OWNER, Request.builder("GET", base + "/files").query("revision", "99")).status()).isEqualTo(400);
    }

    private static Map<String, String> unzipped(Response response) throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(body(response)), StandardCharsets.UTF_8)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }

    @Test
    void theAliasesAreTheSameFiles() {
        bench.as(OWNER, Request.builder("PUT", base + "/pyodide/files/x.py").body(bytes("x")));

        assertThat(text(bench.get(base + "/files/x.py"))).isEqualTo("x");
        JsonNode tree = json(bench.get(base + "/pyodide/files"));
        assertThat(tree).isEqualTo(json(bench.get(base + "/files")));
    }
}
