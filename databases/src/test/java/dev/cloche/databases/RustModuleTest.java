package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cloche.kernel.Json;
import dev.cloche.storage.TestDatabase;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Modules that were compiled with the public crate for Rust, its present generation and 1.12 ({@code rust-chat} and {@code rust-chat1}, built by
 * {@code build-rust.sh}), beside the same chat in Python: they say the same of themselves, and their clients hear the same.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RustModuleTest {
    private static final Identity OWNER = Identity.ofClaims("test", "owner");

    private final TestDatabase postgres = TestProject.database();
    private LiveDatabases live;
    private final Map<String, Identity> rust = new HashMap<>();
    private Identity python;

    /** Kept, so that the interpreter is compiled once for all tests that run it. */
    private static final Path FOLDER = Path.of("target", "modules");

    @BeforeAll
    void start() throws IOException {
        Path assets = Path.of(System.getProperty("cloche.assets"));
        live = new LiveDatabases(LiveDatabases.Settings.in(Optional.of(assets), FOLDER), postgres.database(), Clock.systemUTC());
        for (String name : List.of("rust-chat", "rust-chat1")) {
            try (InputStream module = Objects.requireNonNull(RustModuleTest.class.getResourceAsStream("/" + name + "/" + name.substring(5) + ".wasm"))) {
                rust.put(name, publish(name, module.readAllBytes()));
            }
        }
        python = publish("python-chat", Files.readAllBytes(Path.of(System.getProperty("cloche.root"), "examples/chat/chat.py")));
    }

    @AfterAll
    void stop() {
        live.close();
        postgres.close();
    }

    private Identity publish(String name, byte[] module) {
        PublishOutcome outcome = live.databases().create(
                new NewDatabase(Optional.of(new DatabaseName(name)), TestProject.ID, OWNER), new ModuleFile(ModuleFile.Host.WASM, module));
        assertThat(outcome).isInstanceOf(PublishOutcome.Created.class);
        return ((PublishOutcome.Created) outcome).database().identity();
    }

    /** Whose definition is of version 10 and of version 9. */
    @ParameterizedTest
    @ValueSource(strings = {"rust-chat", "rust-chat1"})
    void bothSayTheSameOfThemselves(String name) {
        assertThat(definition(rust(name))).isEqualTo(definition(python));
    }

    private Identity rust(String name) {
        return Objects.requireNonNull(rust.get(name));
    }

    /** Tables, their columns and keys, and reducers with their parameters, by name. */
    private List<String> definition(Identity database) {
        JsonNode all = Json.tree(live.databases().definition(database, 9));
        List<String> lines = new ArrayList<>();
        JsonNode types = all.path("typespace").path("types");
        for (JsonNode table : all.path("tables")) {
            lines.add("table " + table.path("name") + types.get(table.path("product_type_ref").intValue()) + table.path("primary_key")
                    + table.path("table_access") + table.path("table_type") + table.path("schedule"));
        }
        for (JsonNode reducer : all.path("reducers")) {
            lines.add("reducer " + reducer.path("name") + reducer.path("params") + reducer.path("lifecycle"));
        }
        return lines.stream().sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rust-chat", "rust-chat1"})
    void clientsOfBothHearTheSame(String name) throws Exception {
        Identity rust = rust(name);
        List<String> ofRust = talk(rust);
        python = publish("python-beside-" + name, Files.readAllBytes(Path.of(System.getProperty("cloche.root"), "examples/chat/chat.py")));
        List<String> ofPython = talk(python);

        assertThat(ofRust).isEqualTo(ofPython).hasSizeGreaterThan(15);
        assertThat(rows(rust, "SELECT text FROM message")).isEqualTo(rows(python, "SELECT text FROM message"));
        assertThat(rows(rust, "SELECT * FROM user")).isEqualTo(rows(python, "SELECT * FROM user")).hasSize(2);
    }

    /** What two clients hear, each in its order, while they talk, name themselves, make mistakes, leave and come back. */
    private List<String> talk(Identity database) throws Exception {
        LiveDatabase chat = live.databases().open(database);
        List<String> heard = new ArrayList<>();
        HeardClient ann = connected(chat, "ann");
        HeardClient bob = connected(chat, "bob");
        chat.subscribe(ann, 1, 7, List.of("SELECT * FROM message", "SELECT * FROM user"));
        chat.subscribe(bob, 2, 8, List.of("SELECT * FROM user WHERE online = true", "SELECT * FROM message WHERE text = 'hello'"));
        chat.subscribe(bob, 3, 9, List.of("SELECT m.* FROM message m JOIN user u ON m.sender = u.identity"));
        hear(heard, ann, 1);
        hear(heard, bob, 2);
        call(chat, ann, 3, "set_name", "Ann");
        hear(heard, ann, 1);
        hear(heard, bob, 1);
        call(chat, ann, 4, "send_message", "hello");
        hear(heard, ann, 1);
        hear(heard, bob, 1);
        call(chat, bob, 5, "send_message", "hi");
        hear(heard, bob, 1);
        hear(heard, ann, 1);
        call(chat, ann, 6, "send_message", " \t");
        call(chat, ann, 7, "set_name", "");
        chat.callReducer(ann, 8, "send_message", new byte[] {9, 0, 0, 0, 1});
        chat.callReducer(ann, 9, "start", new byte[0]);
        chat.callReducer(ann, 10, "nothing", new byte[0]);
        chat.query(ann, new byte[] {1}, "SELECT * FROM message WHERE text = 'hi'");
        chat.query(ann, new byte[] {2}, "SELECT * FROM nowhere");
        hear(heard, ann, 7);
        chat.disconnect(bob);
        hear(heard, ann, 1);
        chat.connect(bob);
        hear(heard, bob, 1);
        hear(heard, ann, 1);
        chat.unsubscribe(ann, 11, 7);
        hear(heard, ann, 1);
        return heard;
    }

    private static HeardClient connected(LiveDatabase database, String name) throws InterruptedException {
        HeardClient client = new HeardClient(name);
        database.connect(client);
        assertThat(client.next()).isEqualTo("opened");
        return client;
    }

    private static void call(LiveDatabase database, HeardClient client, int request, String reducer, String argument) {
        database.callReducer(client, request, reducer, new BsatnWriter().writeString(argument).toArray());
    }

    private static void hear(List<String> heard, HeardClient client, int messages) throws InterruptedException {
        for (int i = 0; i < messages; i++) {
            heard.add(client.identity().hex().substring(0, 8) + " " + client.next());
        }
    }

    private TreeSet<String> rows(Identity database, String sql) throws Exception {
        var answer = live.databases().open(database).sql(OWNER, true, sql).toCompletableFuture().get(20, TimeUnit.SECONDS);
        TreeSet<String> rows = new TreeSet<>();
        for (int row = 0; row < answer.rows().count(); row++) {
            rows.add(HexFormat.of().formatHex(answer.rows().row(row)));
        }
        return rows;
    }
}
