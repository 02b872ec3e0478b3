package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Problem;
import dev.cloche.storage.TestDatabase;
import dev.cloche.values.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Modules that want to harm: whatever they do ends within its limit and is told by name, their database goes on or was never made,
 * nothing outside is reached, and a neighbour's calls do not notice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileModulesTest {
    private static final Identity OWNER = Identity.ofClaims("test", "owner");
    private static final Duration CALL = Duration.ofMillis(300);
    private static final DatabaseLimits LIMITS = DatabaseLimits.DEFAULT
            .withTimes(CALL, Duration.ofMillis(400)).withMemory(64L << 20, 24L << 20, 12L << 20);
    /** More than any limit and what a busy machine adds: whoever takes longer was not ended by us. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final double MOST_MILLISECONDS = 50;
    /** Where two idle threads wait for one another already, a call, which wakes several and works, waits more. */
    private static final double BUSY = 10;
    private static final byte[] NOTHING = new byte[0];

    private final TestDatabase postgres = TestProject.database();
    private LiveDatabases live;
    private Neighbour neighbour;
    private LiveDatabase code;
    private LiveDatabase python;

    @TempDir
    static Path folder;

    @BeforeAll
    void start() throws InterruptedException {
        live = new LiveDatabases(
                LiveDatabases.Settings.in(Optional.of(Path.of(System.getProperty("cloche.assets"))), folder, LIMITS, SharedMemory.of(256L << 20, 1L << 30), HistoryLimits.DEFAULT),
                postgres.database(), Clock.systemUTC());
        neighbour = new Neighbour(open("neighbour", text("""
                from cloche import reducer, table

                @table(public=True)
                class Beat:
                    n: int

                @reducer
                def beat(ctx):
                    ctx.db.beat.insert(Beat(ctx.db.beat.count()))
                    if ctx.db.beat.count() > 100:
                        for row in ctx.db.beat:
                            ctx.db.beat.delete(row)
                """)));
        HostileWasm all = new HostileWasm().reducer("fine", INSERT_ONE);
        codeCalls().forEach(row -> all.reducer(row.name, row.body));
        code = open("code", all.fields("(func $deep (result i32) (i32.add (call $deep) (i32.const 1)))").build());
        StringBuilder source = new StringBuilder("""
                import cloche
                from cloche import ReducerError, reducer, table

                @table(public=True)
                class Row:
                    n: int
                    text: str

                @reducer
                def fine(ctx):
                    ctx.db.row.insert(Row(ctx.db.row.count(), ""))

                def reached(what):
                    raise ReducerError(f"reached {what!r}")
                """);
        pythonCalls().forEach(row -> source.append("\n@reducer\ndef ").append(row.name).append("(ctx):\n").append(row.body.indent(4)));
        python = open("python", text(source.toString()));
        neighbour.forget();
    }

    @AfterAll
    void stop() throws InterruptedException {
        neighbour.close();
        live.close();
        postgres.close();
    }

    private static byte[] text(String source) {
        return source.getBytes(StandardCharsets.UTF_8);
    }

    private PublishOutcome publish(String name, byte[] module) {
        return live.databases().create(new NewDatabase(Optional.of(new DatabaseName(name)), TestProject.ID, OWNER), new ModuleFile(ModuleFile.Host.WASM, module));
    }

    private LiveDatabase open(String name, byte[] module) {
        PublishOutcome outcome = publish(name, module);
        assertThat(outcome).isInstanceOf(PublishOutcome.Created.class);
        return live.databases().open(((PublishOutcome.Created) outcome).database().identity());
    }

    private void delete(LiveDatabase database) {
        live.databases().delete(database.identity());
    }

    /** One hostile function: what it does, and what its caller hears, as a pattern. */
    record Act(String name, String body, String heard) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String INSERT_ONE = """
            (i64.store (i32.const 65536) (i64.const 7)) (i32.store (i32.const 65544) (i32.const 0)) (i32.store (i32.const 64) (i32.const 12))
            (call $datastore_insert_bsatn (global.get $row) (i32.const 65536) (i32.const 64))
            """;
    private static final String ENDLESS = "(loop $l (br $l)) (unreachable)";
    private static final String WRITE_WITHOUT_END = """
            (i32.store (i32.const 64) (i32.const 1048576))
            (loop $l (drop (call $bytes_sink_write (local.get $sink) (i32.const 65536) (i32.const 64))) (br $l)) (unreachable)
            """;

    /** Says some of its work again and again: {@code $n} counts. */
    private static String repeated(String work) {
        return "(loop $l " + work + " (local.set $n (i32.add (local.get $n) (i32.const 1))) (br $l)) (unreachable)";
    }

    private static String inserted(int bytes) {
        return """
                (i64.store (i32.const 65536) (i64.extend_i32_u (i32.add (local.get $n) (i32.const 1000)))) (i32.store (i32.const 65544) (i32.const %d))
                (i32.store (i32.const 64) (i32.const %d)) (drop (call $datastore_insert_bsatn (global.get $row) (i32.const 65536) (i32.const 64)))
                """.formatted(bytes, bytes + 12);
    }

    static List<Act> codeCalls() {
        List<Act> acts = new ArrayList<>(List.of(
                new Act("endless", ENDLESS, "TIME: .*300 ms.*Divide the work.*"),
                new Act("endless_after_a_change", INSERT_ONE + "(drop) " + ENDLESS, "TIME: .*"),
                new Act("memory", "(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)", "TRAP: .*log says which.*"),
                new Act("deep", "(call $deep)", "TRAP: .*too deeply.*"),
                new Act("error_without_end", WRITE_WITHOUT_END, "MEMORY: .*at most 16777216 bytes.*"),
                new Act("large_error", "(i32.store (i32.const 64) (i32.const 1048576))"
                        + "(drop (call $bytes_sink_write (local.get $sink) (i32.const 65536) (i32.const 64))) (i32.const 1)", "refused: .* … \\(983040 more bytes\\)"),
                new Act("log_without_end", repeated("(call $console_log (i32.const 2) (i32.const 65536) (i32.const 1000000) (i32.const 0) (i32.const 0)"
                        + "(i32.const 0) (i32.const 65536) (i32.const 1000000))"), "TIME: .*"),
                new Act("timers", repeated("(drop (call $console_timer_start (i32.const 65536) (i32.const 1000000)))"), "TRAP: .*"),
                new Act("cursors", repeated("(drop (call $datastore_table_scan_bsatn (global.get $row) (i32.const 64)))"), "TRAP: .*"),
                new Act("frozen_cursors", repeated("(drop (call $datastore_table_scan_bsatn (global.get $row) (i32.const 68)))" + inserted(0)), "(TRAP|TIME|MEMORY): .*"),
                new Act("large_rows", repeated(inserted(1000000)), "MEMORY: One transaction may insert and delete 12582912 bytes.*Divide the work.*"),
                new Act("many_rows", repeated(inserted(0)), "(TIME|MEMORY): .*"),
                new Act("one_giant_row", "(drop (memory.grow (i32.const 300)))" + inserted(17 << 20) + "(i32.const 0)", "MEMORY: A row has at most 16777216 bytes.*"),
                new Act("bad_row", "(i64.store (i32.const 65536) (i64.const 7)) (i32.store (i32.const 65544) (i32.const -1)) (i32.store (i32.const 64) (i32.const 12))"
                        + "(i32.ne (call $datastore_insert_bsatn (global.get $row) (i32.const 65536) (i32.const 64)) (i32.const 3))", "ok"),
                new Act("calls_later_without_end", repeated("(call $volatile_nonatomic_schedule_immediate (i32.const 32) (i32.const 4) (i32.const 65536) (i32.const 1000000))"),
                        "TIME: .*"),
                new Act("panic", "(unreachable)", "TRAP: .*")));
        HostileWasm.FUNCTIONS.forEach(line -> acts.addAll(forged(line)));
        return acts;
    }

    /** Calls of one function of the ABI in which the first few arguments are good and all others forged, in two ways. */
    private static List<Act> forged(String line) {
        String[] parts = line.split(" ", -1);
        String kinds = parts[2].replace("-", "");
        List<Act> acts = new ArrayList<>();
        for (int good = 0; good < kinds.length(); good++) {
            for (int forgery : new int[] {-16, 20 * 65536 - 1}) {
                StringBuilder call = new StringBuilder("(call $").append(parts[1]);
                for (int at = 0; at < kinds.length(); at++) {
                    call.append(' ').append(at < good ? good(kinds.charAt(at)) : "(i32.const " + forgery + ")");
                }
                String made = parts[2].endsWith("-") ? call + ")" : "(drop " + call + "))";
                acts.add(new Act("forged_" + parts[1] + "_" + good + (forgery < 0 ? "" : "_at_the_end"), PREPARED + made + "(i32.const 0)", "(ok|refused.*|TRAP: .*)"));
            }
        }
        return acts;
    }

    /** The index's number at 68, a cursor's at 72, the length 12 at 64. */
    private static final String PREPARED = """
            (i32.store (i32.const 64) (i32.const 12)) (drop (call $index_id_from_name (i32.const 32) (i32.const 16) (i32.const 68)))
            (drop (call $datastore_table_scan_bsatn (global.get $row) (i32.const 72)))
            """;

    private static String good(char kind) {
        return switch (kind) {
            case 't' -> "(global.get $row)";
            case 'i' -> "(i32.load (i32.const 68))";
            case 'c' -> "(i32.load (i32.const 72))";
            case 'h' -> "(i32.const 1)";
            case 'p' -> "(i32.const 64)";
            case 'l' -> "(i32.const 8)";
            default -> "(i32.const 1)";
        };
    }

    static List<Act> pythonCalls() {
        return List.of(
                new Act("endless", "while True: pass", "TIME: .*300 ms.*"),
                new Act("memory", "held = []\nwhile True: held.append(bytearray(1 << 20))", "(TIME: .*|.*MemoryError.*)"),
                new Act("deep", "def f(): return f()\nf()", ".*RecursionError.*"),
                new Act("large_error", "raise ReducerError('e' * (1 << 20))", "refused: e+ … \\(.* more bytes\\)"),
                new Act("prints", "while True: print('p' * 100000)", "TIME: .*"),
                new Act("rows", "n = 0\nwhile True:\n    ctx.db.row.insert(Row(n, 'r' * 100000))\n    n += 1", "(TIME|MEMORY): .*"),
                new Act("leaves", "import sys\nsys.exit(0)", "(refused|TRAP).*"),
                new Act("socket", "import socket\nreached(socket)", ".*ModuleNotFoundError.*socket.*"),
                new Act("ctypes", "import ctypes\nreached(ctypes)", ".*ModuleNotFoundError.*ctypes.*"),
                new Act("subprocess", "import subprocess\nreached(subprocess.run(['id']))", "(?!.*reached).*Error.*"),
                new Act("system", "import os\nreached(os.system('id'))", "(?!.*reached).*Error.*"),
                new Act("posix", "import posix\nreached(posix.listdir('/'))", "(?!.*reached).*Error.*"),
                new Act("directory", "import os\nreached(os.listdir('/'))", "(?!.*reached).*Error.*"),
                new Act("reads", "reached(open('/etc/passwd').read())", "(?!.*reached).*Error.*"),
                new Act("writes", "reached(open('/tmp/x', 'w').write('x'))", "(?!.*reached).*Error.*"),
                new Act("native", "import _host\n_host.insert(4096, b'\\xff' * 10)", "(?!ok).*"));
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("codeCalls")
    void aCallOfCodeEndsIsToldAndTheDatabaseGoesOn(Act act) throws Exception {
        called(code, act);
    }

    @Order(2)
    @ParameterizedTest
    @MethodSource("pythonCalls")
    void aCallOfPythonEndsIsToldAndTheDatabaseGoesOn(Act act) throws Exception {
        called(python, act);
    }

    private void called(LiveDatabase database, Act act) throws Exception {
        HeardClient mallory = connected(database);
        long start = System.nanoTime();

        database.callReducer(mallory, 1, act.name, NOTHING);
        String heard = mallory.next();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(heard).matches("(?s)call 1 " + orOutOfTime(act.heard));
        assertThat(took).isLessThan(PATIENCE);
        assertGoesOn(database, mallory);
        assertNoMistakeOfOurs(database);
        database.disconnect(mallory);
    }

    /** On a machine with other things to do, time may end a call before anything else does. */
    private static String orOutOfTime(String heard) {
        return "(TIME: .*|" + heard + ")";
    }

    private static void assertGoesOn(LiveDatabase database, HeardClient client) throws InterruptedException {
        String heard = "";
        for (int call = 2; call < 7 && !heard.endsWith(" ok"); call++) {
            database.callReducer(client, call, "fine", NOTHING);
            heard = client.next();
        }
        assertThat(heard).endsWith(" ok");
    }

    private static HeardClient connected(LiveDatabase database) throws InterruptedException {
        HeardClient client = new HeardClient("mallory");
        database.connect(client);
        assertThat(client.next()).isEqualTo("opened");
        return client;
    }

    private void assertNoMistakeOfOurs(LiveDatabase database) throws InterruptedException {
        long characters = 0;
        try (DatabaseLog lines = live.databases().log(database.identity(), Optional.empty(), false)) {
            for (Optional<LogLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                assertThat(line.get().message()).doesNotContain("internal error");
                characters += line.get().message().length();
            }
        }
        assertThat(characters).isLessThan(5L << 20);
    }

    static List<Act> procedures() {
        return List.of(
                new Act("endless", ENDLESS, "TIME: .*400 ms.*"),
                new Act("endless in a transaction", "(drop (call $procedure_start_mut_tx (i32.const 64)))" + INSERT_ONE + "(drop) " + ENDLESS, "TIME: .*"),
                new Act("asleep for ever", "(drop (call $procedure_sleep_until (i64.const 0x7fffffffffffffff))) (i32.const 0)", "(TIME|TRAP): .*"),
                new Act("answer without end", WRITE_WITHOUT_END, "MEMORY: .*"),
                new Act("answer of another type", "(i32.store (i32.const 64) (i32.const 3))"
                        + "(drop (call $bytes_sink_write (local.get $sink) (i32.const 65536) (i32.const 64))) (i32.const 0)", "TRAP: .*not of its type.*"),
                new Act("rows", "(drop (call $procedure_start_mut_tx (i32.const 64)))" + repeated(inserted(1000000)), "MEMORY: .*"),
                new Act("forged", "(call $procedure_start_mut_tx (i32.const -16))", "TRAP: .*"),
                new Act("commits nothing", "(call $procedure_commit_mut_tx)", "TRAP: .*"),
                new Act("asks outside", "(call $procedure_http_request (i32.const 64) (i32.const 8) (i32.const 64) (i32.const 8) (i32.const -16))", "TRAP: .*"));
    }

    @Order(3)
    @ParameterizedTest
    @MethodSource("procedures")
    void aProcedureEndsIsToldAndTheDatabaseGoesOn(Act act) throws Exception {
        LiveDatabase database = open("procedure-" + act.name.replace(' ', '-'), new HostileWasm().reducer("fine", INSERT_ONE).procedure(act.body).build());
        HeardClient mallory = connected(database);
        long start = System.nanoTime();

        database.callProcedure(mallory, 1, "act", NOTHING);
        String heard = mallory.next();
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(heard).matches("(?s)procedure 1 " + orOutOfTime(act.heard));
        assertThat(took).isLessThan(PATIENCE);
        assertGoesOn(database, mallory);
        assertNoMistakeOfOurs(database);
        delete(database);
    }

    static List<Act> views() {
        return List.of(
                new Act("endless", ENDLESS, "the view seen failed: .*300 ms.*"),
                new Act("trap", "(unreachable)", "the view seen failed: .*"),
                new Act("rows without end", WRITE_WITHOUT_END, "the view seen failed: .*at most 16777216 bytes.*"),
                new Act("bad rows", "(i32.store (i32.const 64) (i32.const 100)) (i32.store (i32.const 65536) (i32.const -1))"
                        + "(drop (call $bytes_sink_write (local.get $sink) (i32.const 65536) (i32.const 64))) (i32.const 0)", "the view seen failed: its rows cannot be read: .*"),
                new Act("changes rows", "(i32.store (i32.const 64) (i32.const 4)) (i32.store (i32.const 65536) (i32.const 0)) " + INSERT_ONE,
                        "the view seen failed: .*"));
    }

    @Order(4)
    @ParameterizedTest
    @MethodSource("views")
    void aViewEndsIsToldAndTheDatabaseGoesOn(Act act) throws Exception {
        LiveDatabase database = open("view-" + act.name.replace(' ', '-'), new HostileWasm().reducer("fine", INSERT_ONE).view(act.body).build());
        HeardClient mallory = connected(database);

        database.subscribe(mallory, 1, 1, List.of("SELECT * FROM seen"));
        String heard = mallory.next();

        assertThat(heard).matches("(?s)failed 1 (the view seen failed: .*300 ms.*|" + act.heard + ")");
        assertGoesOn(database, mallory);
        assertNoMistakeOfOurs(database);
        delete(database);
    }

    /** A module that must not become a database, and why. */
    record Refused(String name, byte[] module, String why) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Refused> publications() {
        return Stream.of(
                new Refused("trap in init", new HostileWasm().init("(unreachable)").build(), ".*fatal error.*"),
                new Refused("endless init", new HostileWasm().init(ENDLESS).build(), ".*300 ms.*"),
                new Refused("init with too many rows", new HostileWasm().init(repeated(inserted(1000000))).build(), "One transaction may insert.*"),
                new Refused("trap in __preinit__", new HostileWasm().fields("(func (export \"__preinit__10_x\") (unreachable))").build(), ".*__preinit__10_x.*"),
                new Refused("trap in __setup__", new HostileWasm().fields("(func (export \"__setup__\") (param i32) (result i32) (unreachable))").build(), ".*__setup__.*"),
                new Refused("endless __setup__", new HostileWasm().fields("(func (export \"__setup__\") (param i32) (result i32) " + ENDLESS + ")").build(), ".*__setup__.*time-out.*"),
                new Refused("trap while instantiating", new HostileWasm().fields("(func $s (unreachable)) (start $s)").build(), ".*instantiating.*"),
                new Refused("trap in describe", new HostileWasm().describe("(unreachable)").build(), ".*__describe_module__.*"),
                new Refused("endless describe", new HostileWasm().describe("(loop $l (br $l))").build(), ".*__describe_module__.*time-out.*"),
                new Refused("giant definition", new HostileWasm().describe("(i32.store (i32.const 64) (i32.const 1048576)) (loop $l (drop"
                        + " (call $bytes_sink_write (local.get $sink) (i32.const 65536) (i32.const 64))) (br $l))").build(), ".*at most 16777216 bytes.*"),
                new Refused("bad definition", new HostileWasm().describe("(i32.store (i32.const 64) (i32.const 8))"
                        + " (drop (call $bytes_sink_write (local.get $sink) (i32.const 32) (i32.const 64)))").build(), ".*definition cannot be read.*"),
                new Refused("more memory than it may have", new HostileWasm().pages(30_000).build(), ".*67108864.*"),
                new Refused("endless Python", text("while True: pass\n"), ".*time-out.*"),
                new Refused("deep Python", text("def f(): return f()\nf()\n"), ".*module.py\", line 2.*RecursionError.*"),
                new Refused("Python that leaves", text("import sys\nsys.exit(0)\n"), ".*SystemExit.*"),
                new Refused("Python with a socket", text("import socket\n"), ".*module.py\", line 1.*socket.*"));
    }

    @Order(5)
    @ParameterizedTest
    @MethodSource("publications")
    void aPublicationIsRefusedAndLeavesNothing(Refused module) {
        long start = System.nanoTime();

        String why;
        try {
            why = publish("never", module.module) instanceof PublishOutcome.InitFailed(String message) ? message : "it was published";
        } catch (Problem refused) {
            why = refused.detail();
        }

        assertThat(why).matches("(?s)" + module.why);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
        assertThat(live.databases().find("never")).isEmpty();
    }

    @Test
    @Order(6)
    void anEndlessScheduledReducerAndAnEndlessWelcomeLeaveOthersTheirTurn() throws Exception {
        LiveDatabase clock = open("clock", text("""
                from cloche import reducer, scheduled

                @scheduled(interval_ms=10)
                def tick(ctx):
                    while True: pass

                @reducer
                def fine(ctx):
                    pass
                """));
        HeardClient ann = connected(clock);
        for (int call = 1; call <= 3; call++) {
            assertGoesOn(clock, ann);
        }
        delete(clock);
        LiveDatabase door = open("door", text("from cloche import client_connected\n\n@client_connected\ndef welcome(ctx):\n    while True: pass\n"));
        HeardClient bob = new HeardClient("bob");
        door.connect(bob);
        assertThat(bob.next()).matches("refused .*300 ms.*");
        delete(door);
    }

    @Test
    @Order(7)
    void aFullDatabaseRefusesRowsUntilSomeAreDeleted() throws Exception {
        HostileWasm module = new HostileWasm().reducer("fine", INSERT_ONE).reducer("empty", "(call $datastore_clear (global.get $row) (i32.const 64))");
        for (int fill = 1; fill <= 3; fill++) {
            module.reducer("fill_" + fill, "(loop $l " + inserted(1000000).replace("1000)", fill + "000)")
                    + "(local.set $n (i32.add (local.get $n) (i32.const 1))) (br_if $l (i32.lt_u (local.get $n) (i32.const 9)))) (i32.const 0)");
        }
        LiveDatabase database = open("full", module.build());
        HeardClient mallory = connected(database);
        for (int fill = 1; fill <= 2; fill++) {
            database.callReducer(mallory, fill, "fill_" + fill, NOTHING);
            assertThat(mallory.next()).isEqualTo("call " + fill + " ok");
        }

        database.callReducer(mallory, 3, "fill_3", NOTHING);
        database.callReducer(mallory, 4, "empty", NOTHING);
        database.callReducer(mallory, 5, "fill_3", NOTHING);

        assertThat(mallory.next()).matches("call 3 MEMORY: The database is full: its tables may take 25165824 bytes. Delete rows.");
        // what was inserted goes in portions that one transaction may delete
        assertThat(mallory.next()).matches("call 4 MEMORY: One transaction may insert and delete .*");
        assertThat(mallory.next()).matches("call 5 MEMORY: The database is full.*");
        var answer = database.sql(OWNER, true, "DELETE FROM row WHERE id < 2000").toCompletableFuture().join();
        assertThat(answer.deleted()).isEqualTo(9);
        database.callReducer(mallory, 6, "fill_3", NOTHING);
        assertThat(mallory.next()).isEqualTo("call 6 ok");
        delete(database);
    }

    /** Last: it is about all that was done before. A machine that stood still itself gets one more chance. */
    @Test
    @Order(8)
    void theNeighbourDidNotNotice() throws Exception {
        Neighbour.Measured measured = neighbour.measured();
        System.out.println("hostile modules: neighbour " + measured);
        if (measured.p99() >= most(measured)) {
            neighbour.forget();
            for (Act act : codeCalls().subList(0, 16)) {
                called(code, act);
            }
            for (Act act : pythonCalls()) {
                called(python, act);
            }
            measured = neighbour.measured();
            System.out.println("hostile modules again: neighbour " + measured);
        }

        assertThat(measured.calls()).isGreaterThan(100);
        assertThat(measured.p99()).as(measured.toString()).isLessThan(most(measured));
    }

    private static double most(Neighbour.Measured measured) {
        return MOST_MILLISECONDS + BUSY * measured.machine();
    }
}
