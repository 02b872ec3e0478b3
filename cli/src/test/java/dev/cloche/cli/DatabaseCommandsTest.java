package dev.cloche.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Json;
import dev.cloche.modules.PythonSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DatabaseCommandsTest {
    private static final String PUBLISHED = "{\"Success\":{\"domain\":\"chat\",\"database_identity\":\"c200ab\",\"op\":\"updated\"}}";
    private static final String IDENTITY = "c2".repeat(32);
    static final String SCHEMA = """
            {"sections":[
              {"Typespace":{"types":[{"Product":{"elements":[
                {"name":{"some":"id"},"algebraic_type":{"U32":[]}},{"name":{"some":"name"},"algebraic_type":{"String":[]}},
                {"name":{"some":"who"},"algebraic_type":{"Product":{"elements":[{"name":{"some":"__identity__"},"algebraic_type":{"U256":[]}}]}}}]}}]}},
              {"Types":[{"name":{"scope":[],"name":"Person"},"ty":0,"custom_ordering":true}]},
              {"Tables":[{"source_name":"person","product_type_ref":0,"primary_key":[0],
                "indexes":[{"source_name":{"some":"person_id_idx_btree"},"accessor_name":{"some":"id"},"algorithm":{"BTree":{"columns":[0]}}}],
                "constraints":[{"source_name":{"none":[]},"data":{"Unique":{"columns":[0]}}}],
                "sequences":[{"source_name":{"none":[]},"column":0,"start":{"none":[]},"min_value":{"none":[]},"max_value":{"none":[]},"increment":1}],
                "table_type":{"User":[]},"table_access":{"Public":[]},"default_values":[],"is_event":false}]},
              {"Reducers":[{"source_name":"add","params":{"elements":[
                {"name":{"some":"name"},"algebraic_type":{"String":[]}},{"name":{"some":"age"},"algebraic_type":{"I32":[]}},
                {"name":{"some":"who"},"algebraic_type":{"Product":{"elements":[{"name":{"some":"__identity__"},"algebraic_type":{"U256":[]}}]}}}]},
                "visibility":{"ClientCallable":[]},"ok_return_type":{"Product":{"elements":[]}},"err_return_type":{"String":[]}},
                {"source_name":"init","params":{"elements":[]},"visibility":{"Private":[]},"ok_return_type":{"Product":{"elements":[]}},"err_return_type":{"String":[]}}]},
              {"Procedures":[{"source_name":"people","params":{"elements":[]},"return_type":{"Array":{"Ref":0}},"visibility":{"ClientCallable":[]}}]},
              {"LifeCycleReducers":[{"lifecycle_spec":{"Init":[]},"function_name":"init"}]}]}
            """;

    @TempDir Path folder;
    private FakeDatabases server;
    private String typed = "";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws Exception {
        server = new FakeDatabases();
        server.on("GET /v1/database/chat", 200, "{}").on("GET /v1/database/chat/schema?version=10", 200, SCHEMA);
        write("chat.py", "import rules\n");
        write("rules.py", "x = 'é'\n");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aNewDatabaseIsPublishedWithAllItsFiles() throws Exception {
        server.on("PUT /v1/database/new?organization=abc", 200, "{\"Success\":{\"domain\":\"new\",\"database_identity\":\"c200ab\",\"op\":\"created\"}}");

        assertThat(cloche("db", "publish", "new", file("chat.py"), file("rules.py"), "--project", "abc")).as(err()).isZero();

        assertThat(out()).isEqualTo("new created, identity c200ab\n");
        byte[] sent = server.bodies.get("PUT /v1/database/new?organization=abc");
        assertThat(PythonSource.isBundle(sent)).isTrue();
        assertThat(PythonSource.ofBundle(sent).files()).containsExactly(Map.entry("chat.py", "import rules\n"), Map.entry("rules.py", "x = 'é'\n"));
    }

    @Test
    void aPlanIsShownAndAsksOnlyWhereTablesChange() {
        server.on("POST /v1/database/chat/pre_publish", 200, "{\"AutoMigrate\":{\"migrate_plan\":\"No change of tables.\\n\",\"break_clients\":false,\"token\":\"t1\"}}");
        server.on("PUT /v1/database/chat?token=t1", 200, PUBLISHED);
        assertThat(cloche("db", "publish", "chat", file("chat.py"))).as(err()).isZero();
        assertThat(err()).isEqualTo("No change of tables.\n");

        server.on("POST /v1/database/chat/pre_publish", 200, "{\"AutoMigrate\":{\"migrate_plan\":\"Breaks clients:\\n  - person goes\\n\",\"break_clients\":true,\"token\":\"t2\"}}");
        server.on("PUT /v1/database/chat?token=t2&policy=BreakClients", 200, PUBLISHED);
        assertThat(cloche("db", "publish", "chat", file("chat.py"))).isEqualTo(1);
        assertThat(err()).contains("person goes").contains("disconnect clients").contains("nothing was changed");
        assertThat(server.requests).doesNotContain("PUT /v1/database/chat?token=t2&policy=BreakClients");
        typed = "y\n";
        assertThat(cloche("db", "publish", "chat", file("chat.py"))).isZero();
        typed = "";
        assertThat(cloche("db", "publish", "chat", file("chat.py"), "--yes")).isZero();
        assertThat(server.requests.stream().filter("PUT /v1/database/chat?token=t2&policy=BreakClients"::equals)).hasSize(2);
    }

    @Test
    void whatCannotBeMigratedIsToldAndCanBeCleared() {
        server.on("POST /v1/database/chat/pre_publish", 200, "{\"ManualMigrate\":{\"reason\":\"Cannot be done:\\n  - person.age changes its type\\n\"}}");
        server.on("PUT /v1/database/chat?clear=true", 200, PUBLISHED);

        assertThat(cloche("db", "publish", "chat", file("chat.py"), "--yes")).isEqualTo(7);
        assertThat(err()).contains("person.age changes its type").contains("--clear");
        assertThat(cloche("db", "publish", "chat", file("chat.py"), "--clear")).isEqualTo(1);
        assertThat(cloche("db", "publish", "chat", file("chat.py"), "--clear", "--yes")).isZero();
    }

    @Test
    void refusalsInPlainTextAreShownAndGiveExitCodes() {
        server.on("POST /v1/database/chat/pre_publish", 400, "setup function returned an error: chat.py:5: A.x: complex is no type of a column.");
        assertThat(cloche("db", "publish", "chat", file("chat.py"))).isEqualTo(7);
        assertThat(err()).isEqualTo("cloche: setup function returned an error: chat.py:5: A.x: complex is no type of a column.\n");

        assertThat(cloche("db", "publish", "chat", file("nothing.py"))).isEqualTo(5);
        assertThat(cloche("db", "describe", "gone")).isEqualTo(5);
        server.on("POST /v1/database/chat/call/people", 530, "not today");
        assertThat(cloche("db", "call", "chat", "people")).isEqualTo(1);
        assertThat(err()).contains("cloche: not today\n");
    }

    @Test
    void theSchemaIsReadable() {
        assertThat(cloche("db", "schema", "chat")).as(err()).isZero();

        assertThat(out()).isEqualTo("""
                table person (public)
                  id    U32  primary key  auto-increment
                  name  String
                  who   Identity
                reducers
                  add(name: String, age: I32, who: Identity)
                procedures
                  people(): Array<Person>
                runs by itself
                  init  init
                """);
        out.reset();
        assertThat(cloche("db", "describe", "chat", "--json")).isZero();
        assertThat(out().strip()).isEqualTo(SCHEMA.strip());
    }

    @Test
    void wordsBecomeArgumentsByTheirTypes() {
        server.on("POST /v1/database/chat/call/add", 200, "").on("POST /v1/database/chat/call/people", 200, "[[1,\"x\"]]");

        assertThat(cloche("db", "call", "chat", "add", "--", "Ann B.", "-5", IDENTITY)).as(err()).isZero();
        assertThat(server.body("POST /v1/database/chat/call/add")).isEqualTo("[\"Ann B.\",-5,{\"__identity__\":\"0x" + IDENTITY + "\"}]");
        assertThat(cloche("db", "call", "chat", "people")).isZero();
        assertThat(out()).isEqualTo("[[1,\"x\"]]\n");
        assertThat(cloche("db", "call", "chat", "add", "Ann")).isEqualTo(7);
        assertThat(err()).contains("add takes (name: String, age: I32, who: Identity), not 1 argument.");
        assertThat(cloche("db", "call", "chat", "add", "Ann", "old", IDENTITY)).isEqualTo(7);
        assertThat(err()).contains("age: expected JSON").contains("'old'");
        assertThat(cloche("db", "call", "chat", "remove")).isEqualTo(5);
        assertThat(err()).contains("There is no reducer or procedure 'remove'; there are add.");
    }

    @Test
    void rowsAreShownByTheirTypes() {
        server.on("POST /v1/database/chat/sql", 200, """
                [{"schema":{"elements":[{"name":{"some":"name"},"algebraic_type":{"String":[]}},
                  {"name":{"some":"who"},"algebraic_type":{"Product":{"elements":[{"name":{"some":"__identity__"},"algebraic_type":{"U256":[]}}]}}},
                  {"name":{"some":"at"},"algebraic_type":{"Product":{"elements":[{"name":{"some":"__timestamp_micros_since_unix_epoch__"},"algebraic_type":{"I64":[]}}]}}},
                  {"name":{"some":"nick"},"algebraic_type":{"Sum":{"variants":[{"name":{"some":"some"},"algebraic_type":{"String":[]}},{"name":{"some":"none"},"algebraic_type":{"Product":{"elements":[]}}}]}}}]},
                 "rows":[["A\\nB",["0xc2"],[1000000],[0,"Ann"]],["C",["0xc3"],[0],[1,[]]]],"total_duration_micros":1,"stats":{"rows_inserted":0,"rows_deleted":0,"rows_updated":0}}]
                """);

        assertThat(cloche("db", "sql", "chat", "SELECT * FROM person")).as(err()).isZero();

        assertThat(server.body("POST /v1/database/chat/sql")).isEqualTo("SELECT * FROM person");
        assertThat(out()).isEqualTo("""
                name  who   at                    nick
                A\\nB  0xc2  1970-01-01T00:00:01Z  Ann
                C     0xc3  1970-01-01T00:00:00Z  none
                """);
    }

    @Test
    void logsAreALineEach() {
        server.on("GET /v1/database/chat/logs?num_lines=5&follow=true", 200,
                "{\"level\":\"Info\",\"ts\":0,\"filename\":\"chat.py\",\"line_number\":7,\"function\":\"add\",\"message\":\"hello\"}\n{\"level\":\"Error\",\"ts\":1000000,\"message\":\"no\"}\n");

        assertThat(cloche("db", "logs", "chat", "-f", "-n", "5")).as(err()).isZero();

        assertThat(out()).isEqualTo("1970-01-01T00:00:00Z INFO chat.py:7 add: hello\n1970-01-01T00:00:01Z ERROR: no\n");
        assertThat(cloche("db", "logs", "gone")).isEqualTo(5);
    }

    @Test
    void aBackupIsOfNowOrOfATimeOrOfATransaction() throws Exception {
        server.on("GET /api/databases/chat/backup", 200, "now").on("GET /api/databases/chat/backup?at=2026-01-31T12%3A00%3A00Z", 200, "then")
                .on("GET /api/databases/chat/backup?transaction=7", 200, "seven");
        String out = file("chat.zip");

        assertThat(cloche("db", "backup", "chat", "-o", out)).as(err()).isZero();
        assertThat(Path.of(out)).content().isEqualTo("now");
        assertThat(cloche("db", "backup", "chat", "-o", out, "--at", "2026-01-31T13:00:00+01:00")).as(err()).isZero();
        assertThat(Path.of(out)).content().isEqualTo("then");
        assertThat(cloche("db", "backup", "chat", "-o", out, "--transaction", "7")).as(err()).isZero();
        assertThat(Path.of(out)).content().isEqualTo("seven");
        assertThat(cloche("db", "backup", "chat", "-o", out, "--at", "yesterday")).isEqualTo(2);
        assertThat(cloche("db", "backup", "chat", "-o", out, "--at", "2026-01-31T12:00", "--transaction", "7")).isEqualTo(2);
    }

    @Test
    void oneListsRenamesAndDeletes() {
        server.on("GET /api/databases", 200, """
                {"databases":[{"identity":"c200ab","names":["chat","talk"],"running":true,"rows":3,"clients":1},{"identity":"c200cd","names":["old"],"running":false,"rows":0,"clients":0}],
                 "memory":{"tables":5242880,"mostTables":1073741824,"modules":1048576,"mostModules":2097152}}""");
        server.on("GET /v1/database/chat/names", 200, "{\"names\":[\"chat\",\"talk\"]}").on("PUT /v1/database/chat/names", 200, "{\"Success\":[]}");
        server.on("DELETE /v1/database/chat", 200, "");

        assertThat(cloche("db", "list")).as(err()).isZero();
        assertThat(out()).isEqualTo("NAME        ROWS  CLIENTS  IDENTITY\nchat, talk  3     1        c200ab\nold         -     asleep   c200cd\n");
        assertThat(err()).contains("tables 5 of 1024 MiB, modules 1 of 2 MiB");
        assertThat(cloche("db", "rename", "chat", "room")).as(err()).isZero();
        assertThat(server.body("PUT /v1/database/chat/names")).isEqualTo("[\"talk\",\"room\"]");
        assertThat(cloche("db", "delete", "chat")).isEqualTo(1);
        assertThat(server.requests).doesNotContain("DELETE /v1/database/chat");
        typed = "yes\n";
        assertThat(cloche("db", "delete", "chat")).isZero();
    }

    @Test
    void bindingsAreWrittenForADatabase() {
        String out = folder.resolve("made/bindings").toString();

        assertThat(cloche("db", "generate", "--lang", "typescript", "-o", out, "chat")).as(err()).isZero();
        assertThat(cloche("db", "generate", "--lang", "PYTHON", "-o", out, "chat")).as(err()).isZero();

        assertThat(Path.of(out, "index.ts")).content().contains("__schema({\n  person: __table({");
        assertThat(Path.of(out, "__init__.py")).content().contains("class Person:\n    id: int\n    name: str\n    who: Identity\n");
        assertThat(cloche("db", "generate", "--lang", "typescript", "--sdk", "1", "-o", out, "chat")).isZero();
        assertThat(Path.of(out, "index.ts")).content().contains("__schema(\n  __table({");
        assertThat(cloche("db", "generate", "--lang", "typescript", "--sdk", "3", "-o", out, "chat")).isEqualTo(2);
        assertThat(cloche("db", "generate", "--lang", "cobol", "-o", out, "chat")).isEqualTo(2);
        assertThat(cloche("db", "generate", "--lang", "python", "-o", out, "gone")).isEqualTo(5);
    }

    @Test
    void filesMustBeImportable() throws Exception {
        Files.createDirectories(folder.resolve("sub"));
        write("sub/deep.py", "");
        write("my file.py", "");
        Files.write(folder.resolve("a.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});

        assertThat(cloche("db", "publish", "chat", file("sub/deep.py"), file("chat.py"))).isEqualTo(2);
        assertThat(cloche("db", "publish", "chat", file("my file.py"))).isEqualTo(7);
        assertThat(cloche("db", "publish", "chat", file("a.wasm"), file("chat.py"))).isEqualTo(2);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void refusalsAreJsonForScripts() {
        cloche("db", "list", "--json");

        assertThat(Json.tree(err().getBytes(StandardCharsets.UTF_8)).path("detail").asText()).contains("not found");
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
    }

    private int cloche(String... words) {
        Map<String, String> environment = Map.of("CLOCHE_URL", server.url(), "CLOCHE_TOKEN", FakeDatabases.TOKEN);
        ByteArrayInputStream in = new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8));
        return Main.run(new Main.Surroundings(environment, in, new PrintStream(out, true), new PrintStream(err, true)), words);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
