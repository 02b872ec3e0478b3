package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.kernel.Problem;
import dev.cloche.modules.PythonModulePacker;
import dev.cloche.modules.PythonSource;
import dev.cloche.storage.TestDatabase;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Databases as in the product: real PostgreSQL, wasmtime, the built interpreter, the example modules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveDatabasesTest {
    private static final long SMALL_LOG = 8192;
    private static final Identity OWNER = Identity.ofClaims("test", "owner");

    private final TestDatabase postgres = TestProject.database();
    private LiveDatabases live;

    @TempDir
    static Path folder;

    @BeforeAll
    void start() {
        live = open();
    }

    private LiveDatabases open() {
        Path assets = Path.of(System.getProperty("cloche.assets"));
        LiveDatabases.Settings built = LiveDatabases.Settings.in(Optional.of(assets), folder, DatabaseLimits.DEFAULT.withLog(SMALL_LOG), SharedMemory.usual(), HistoryLimits.DEFAULT);
        assertThat(built.natives()).as("the build's wasmtime").isPresent();
        assertThat(built.python()).as("the build's interpreter").isPresent();
        return new LiveDatabases(built, postgres.database(), Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        live.close();
        postgres.close();
    }

    private static ModuleFile example(String name) throws IOException {
        return new ModuleFile(ModuleFile.Host.WASM, Files.readAllBytes(Path.of(System.getProperty("cloche.root"), "examples", name, name + ".py")));
    }

    private static ModuleFile source(String text) {
        return new ModuleFile(ModuleFile.Host.WASM, text.getBytes(StandardCharsets.UTF_8));
    }

    private DatabaseEntry publish(String name, ModuleFile module) {
        PublishOutcome outcome = live.databases().create(new NewDatabase(Optional.of(new DatabaseName(name)), TestProject.ID, OWNER), module);
        assertThat(outcome).isInstanceOf(PublishOutcome.Created.class);
        return ((PublishOutcome.Created) outcome).database();
    }

    private static byte[] text(String argument) {
        return new BsatnWriter().writeString(argument).toArray();
    }

    private static HeardClient connected(LiveDatabase database, String name) throws InterruptedException {
        HeardClient client = new HeardClient(name);
        database.connect(client);
        assertThat(client.next()).isEqualTo("opened");
        return client;
    }

    @Test
    void aChatInPythonTellsEachClientWhatTheOtherSays() throws Exception {
        LiveDatabase chat = live.databases().open(publish("chat", example("chat")).identity());
        HeardClient ann = connected(chat, "ann");
        HeardClient bob = connected(chat, "bob");
        ann.heard.clear();

        bob.heard.clear();
        chat.subscribe(ann, 1, 7, List.of("SELECT * FROM message", "SELECT * FROM user"));
        chat.subscribe(bob, 2, 8, List.of("SELECT * FROM message"));
        chat.callReducer(bob, 3, "send_message", text("hello"));
        chat.callReducer(bob, 4, "send_message", text("   "));
        chat.callReducer(bob, 5, "nothing", new byte[0]);
        chat.callReducer(bob, 6, "send_message", new byte[] {1});

        assertThat(ann.next()).isEqualTo("subscribed 7 message:1 user:2");
        assertThat(ann.next()).isEqualTo("changed 7/message +1 -0");
        assertThat(bob.next()).isEqualTo("subscribed 8 message:1");
        assertThat(bob.next()).isEqualTo("call 3 ok 8/message +1 -0");
        assertThat(bob.next()).isEqualTo("call 4 refused: text must not be blank");
        assertThat(bob.next()).isEqualTo("call 5 UNKNOWN: no such reducer");
        assertThat(bob.next()).startsWith("call 6 ARGUMENTS: invalid arguments for reducer send_message: ");
    }

    @Test
    void aModuleIsLoadedOnceAndEachInstanceBeginsWhereThatEnded() throws Exception {
        Identity identity = publish("loaded-once", source("""
                from cloche import ReducerError, init, reducer, table

                @table
                class Row:
                    n: int

                print("loaded")
                room = ["x" * 1000 for _ in range(5000)]
                calls = []

                @init
                def start(ctx):
                    calls.append("init")
                    room.clear()

                @reducer
                def count(ctx):
                    calls.append("count")
                    raise ReducerError(f"{calls} {sum(map(len, room))}")
                """)).identity();
        LiveDatabase database = live.databases().open(identity);
        HeardClient ann = connected(database, "ann");

        database.callReducer(ann, 1, "count", new byte[0]);
        database.callReducer(ann, 2, "count", new byte[0]);

        // init ran in another instance
        assertThat(ann.next()).isEqualTo("call 1 refused: ['count'] 5000000");
        assertThat(ann.next()).isEqualTo("call 2 refused: ['count', 'count'] 5000000");
        assertThat(lines(identity)).containsOnlyOnce("loaded");
    }

    private List<String> lines(Identity identity) throws InterruptedException {
        List<String> lines = new ArrayList<>();
        try (DatabaseLog log = live.databases().log(identity, Optional.empty(), false)) {
            for (Optional<LogLine> line = log.next(); line.isPresent(); line = log.next()) {
                lines.add(line.get().message());
            }
        }
        return lines;
    }

    @Test
    void whatWasDurableIsThereAfterAStart() throws Exception {
        Identity identity = publish("keeps", example("chat")).identity();
        LiveDatabase before = live.databases().open(identity);
        HeardClient ann = connected(before, "ann");
        for (int i = 0; i < 100; i++) {
            before.callReducer(ann, i, "send_message", text("line " + i));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(ann.next()).isEqualTo("call " + i + " ok");
        }

        live.close();
        live = open();

        assertThat(ann.next()).isEqualTo("closed The server is stopping.");
        LiveDatabase after = live.databases().open(identity);
        var rows = after.sql(OWNER, true, "SELECT COUNT(*) AS n FROM message").toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(HeardClient.hex(rows.rows())).isEqualTo("6500000000000000");
    }

    @Test
    void aLogThatGrewIsReplacedByASnapshot() throws Exception {
        Identity identity = publish("swells", source("""
                from cloche import reducer, table

                @table(public=True)
                class Counter:
                    id: int
                    value: str

                @reducer
                def count(ctx, value: str):
                    for row in list(ctx.db.counter):
                        ctx.db.counter.delete(row)
                    ctx.db.counter.insert(Counter(id=1, value=value))
                """)).identity();
        String padding = "v".repeat(1000);
        LiveDatabase counts = live.databases().open(identity);
        HeardClient ann = connected(counts, "ann");
        for (int i = 0; i < 500; i++) {
            counts.callReducer(ann, i, "count", text(padding + i));
        }
        for (int i = 0; i < 500; i++) {
            assertThat(ann.next()).isEqualTo("call " + i + " ok");
        }

        live.close();
        DatabaseRows rows = new DatabaseRows(postgres.database());
        assertThat(rows.logSize(identity)).as("bytes of the log").isLessThan(500_000);
        live = open();

        var answer = live.databases().open(identity).sql(OWNER, true, "SELECT value FROM counter").toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(HeardClient.hex(answer.rows())).isEqualTo(HexFormat.of().formatHex(text(padding + 499)));
    }

    @Test
    void aDatabaseThatActsByItselfStartsWithTheServer() throws Exception {
        Identity identity = publish("ticks", source("""
                from cloche import scheduled, table

                @table(public=True)
                class Tick:
                    at: int

                @scheduled(interval_ms=20)
                def tick(ctx):
                    ctx.db.tick.insert(Tick(at=ctx.db.tick.count()))
                """)).identity();
        live.close();
        live = open();

        PostgresDatabases databases = (PostgresDatabases) live.databases();
        assertThat(databases.awake(identity)).isEmpty();
        databases.wake();

        RunningDatabase running = databases.awake(identity).orElseThrow();
        HeardClient ann = connected(running, "ann");
        running.subscribe(ann, 1, 1, List.of("SELECT * FROM tick"));
        assertThat(ann.next()).startsWith("subscribed 1 tick:");
        assertThat(ann.next()).isEqualTo("changed 1/tick +1 -0");
    }

    @Test
    void aBackupBecomesADatabaseWithTheSameRows() throws Exception {
        Identity identity = publish("backed-up", example("chat")).identity();
        LiveDatabase chat = live.databases().open(identity);
        HeardClient ann = connected(chat, "ann");
        chat.callReducer(ann, 1, "send_message", text("kept"));
        assertThat(ann.next()).isEqualTo("call 1 ok");
        PostgresDatabases databases = (PostgresDatabases) live.databases();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        databases.backup(identity).write(file);
        chat.callReducer(ann, 2, "send_message", text("later"));
        assertThat(ann.next()).isEqualTo("call 2 ok");

        NewDatabase wanted = new NewDatabase(Optional.of(new DatabaseName("restored")), TestProject.ID, OWNER);
        PublishOutcome outcome = databases.restore(wanted, DatabaseBackup.read(file.toByteArray()));

        assertThat(outcome).isInstanceOf(PublishOutcome.Created.class);
        assertThat(databases.restore(wanted, DatabaseBackup.read(file.toByteArray()))).isInstanceOf(PublishOutcome.NameTaken.class);
        Identity restored = ((PublishOutcome.Created) outcome).database().identity();
        var rows = live.databases().open(restored).sql(OWNER, true, "SELECT text FROM message").toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(HeardClient.hex(rows.rows())).isEqualTo(HexFormat.of().formatHex(text("welcome")) + HexFormat.of().formatHex(text("kept")));
        assertThat(databases.publications(restored, 1).getFirst().kind()).isEqualTo(Publication.Kind.RESTORED);
    }

    @Test
    void aDamagedBackupIsRefused() throws Exception {
        Identity identity = publish("to-damage", example("chat")).identity();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ((PostgresDatabases) live.databases()).backup(identity).write(file);

        assertThatThrownBy(() -> DatabaseBackup.read(new byte[] {1, 2, 3})).isInstanceOf(Problem.class).hasMessageContaining("backup.json is missing");
        assertThatThrownBy(() -> DatabaseBackup.read(Arrays.copyOf(file.toByteArray(), file.size() / 2))).isInstanceOf(Problem.class).hasMessageContaining("no backup");
    }

    @Test
    void whatWasPublishedIsRemembered() throws Exception {
        DatabaseEntry made = publish("history", example("chat"));
        live.databases().update(made.identity(), source(Files.readString(Path.of(System.getProperty("cloche.root"), "examples/chat/chat.py"))
                + "\n\n@table(public=True)\nclass Extra:\n    id: int\n"), new UpdateRules(OWNER, false, Optional.empty()));

        List<Publication.Past> past = ((PostgresDatabases) live.databases()).publications(made.identity(), 10);

        assertThat(past).extracting(Publication.Past::kind).containsExactly(Publication.Kind.UPDATED, Publication.Kind.CREATED);
        assertThat(past.getFirst().plan()).contains("extra");
        assertThat(past).extracting(Publication.Past::sender).containsOnly(OWNER);
    }

    @Test
    void aMistakeInTheSourceIsToldWithItsPlaceAndLeavesNothing() {
        assertThatThrownBy(() -> publish("broken", source("from cloche import table\n\n@table(public=True)\nclass A:\n    x: complex\n")))
                .isInstanceOf(Problem.class).hasMessageContaining("module.py:5: A.x: complex is no type of a column");
        Map<String, String> files = Map.of("game.py", "import rules\n", "rules.py", "from cloche import table\n\n@table\nclass B:\n    y: complex\n");
        assertThatThrownBy(() -> publish("broken", new ModuleFile(ModuleFile.Host.WASM, PythonSource.of("game.py", files).bundle())))
                .isInstanceOf(Problem.class).hasMessageContaining("rules.py:5: B.y: complex is no type of a column");
        assertThat(live.databases().find("broken")).isEmpty();
    }

    @Test
    void anInitThatRefusesLeavesNothing() {
        PublishOutcome outcome = live.databases().create(new NewDatabase(Optional.of(new DatabaseName("never")), TestProject.ID, OWNER),
                source("from cloche import init, ReducerError\n\n@init\ndef start(ctx):\n    raise ReducerError('not today')\n"));

        assertThat(outcome).isEqualTo(new PublishOutcome.InitFailed("not today"));
        assertThat(live.databases().find("never")).isEmpty();
    }

    @Test
    void anEndlessCallEndsAndItsNeighbourDoesNotNotice() throws Exception {
        LiveDatabase hostile = live.databases().open(publish("hostile", source("""
                from cloche import reducer, table

                @table(public=True)
                class Row:
                    n: int

                @reducer
                def endless(ctx):
                    ctx.db.row.insert(Row(1))
                    while True:
                        pass

                @reducer
                def deep(ctx):
                    def f(): return f()
                    f()

                @reducer
                def bomb(ctx):
                    held = []
                    while True:
                        held.append(bytearray(1 << 20))

                @reducer
                def fine(ctx):
                    ctx.db.row.insert(Row(2))
                """)).identity());
        LiveDatabase neighbour = live.databases().open(publish("neighbour", example("chat")).identity());
        HeardClient mallory = connected(hostile, "mallory");
        HeardClient ann = connected(neighbour, "ann");

        hostile.callReducer(mallory, 1, "endless", new byte[0]);
        hostile.callReducer(mallory, 2, "deep", new byte[0]);
        hostile.callReducer(mallory, 3, "bomb", new byte[0]);
        hostile.callReducer(mallory, 4, "fine", new byte[0]);
        neighbour.callReducer(ann, 1, "send_message", text("still here"));

        assertThat(ann.next()).isEqualTo("call 1 ok");
        assertThat(mallory.next()).startsWith("call 1 TIME: ");
        assertThat(mallory.next()).contains("RecursionError");
        // on a busy machine the pages cost more time than a call has: either limit ends it
        assertThat(mallory.next()).matches("(?s)call 3 (TIME: .*|.*MemoryError.*)");
        assertThat(mallory.next()).isEqualTo("call 4 ok");
        var rows = hostile.sql(OWNER, true, "SELECT * FROM row").toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(rows.rows().count()).isEqualTo(1);
    }

    @Test
    void anotherModuleKeepsTheRowsAndTheClients() throws Exception {
        Identity identity = publish("grows", source("from cloche import reducer, table\n\n@table(public=True)\nclass Item:\n    name: str\n\n@reducer\ndef add(ctx, name: str):\n    ctx.db.item.insert(Item(name))\n")).identity();
        LiveDatabase database = live.databases().open(identity);
        HeardClient ann = connected(database, "ann");
        database.subscribe(ann, 1, 1, List.of("SELECT * FROM item"));
        assertThat(ann.next()).isEqualTo("subscribed 1 item:0");
        database.callReducer(ann, 2, "add", text("one"));
        assertThat(ann.next()).isEqualTo("call 2 ok 1/item +1 -0");

        PublishOutcome outcome = live.databases().update(identity, source("from cloche import reducer, table\n\n@table(public=True)\nclass Another:\n    n: int\n\n@table(public=True)\nclass Item:\n    name: str\n\n@reducer\ndef add(ctx, name: str):\n    ctx.db.item.insert(Item(name + '!'))\n"),
                new UpdateRules(OWNER, false, Optional.empty()));

        assertThat(outcome).isInstanceOf(PublishOutcome.Updated.class);
        database.callReducer(ann, 3, "add", text("two"));
        assertThat(ann.next()).isEqualTo("call 3 ok 1/item +1 -0");
        live.close();
        live = open();
        var rows = live.databases().open(identity).sql(OWNER, true, "SELECT * FROM item").toCompletableFuture().get(60, TimeUnit.SECONDS);
        assertThat(rows.rows().count()).isEqualTo(2);
    }

    @Test
    void aPackedModuleOfThisInterpreterRunsOnItsCodeAndSoDoesWhatTheScriptPacks() throws Exception {
        byte[] guest = Files.readAllBytes(Path.of(System.getProperty("cloche.assets"), "guest/python.wasm"));
        String root = System.getProperty("cloche.root");
        String text = Files.readString(Path.of(root, "examples/chat/chat.py"));
        byte[] packed = new PythonModulePacker(guest).pack(new PythonSource(Map.of("chat.py", text)));
        Path out = folder.resolve("packed.wasm");
        Process script = new ProcessBuilder("python3", root + "/guests/python/pack.py", System.getProperty("cloche.assets") + "/guest/python.wasm",
                root + "/examples/chat/chat.py", "-o", out.toString()).inheritIO().start();
        assertThat(script.waitFor()).isZero();
        assertThat(Files.mismatch(out, Files.write(folder.resolve("by-java.wasm"), packed))).isEqualTo(-1);
        publish("plain", example("chat"));
        List<Path> compiled = filesIn(folder.resolve("code"));

        LiveDatabase chat = live.databases().open(publish("packed", new ModuleFile(ModuleFile.Host.WASM, packed)).identity());
        HeardClient ann = connected(chat, "ann");
        chat.callReducer(ann, 1, "send_message", text("hello"));

        assertThat(ann.next()).isEqualTo("call 1 ok");
        assertThat(filesIn(folder.resolve("code"))).isEqualTo(compiled);
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
