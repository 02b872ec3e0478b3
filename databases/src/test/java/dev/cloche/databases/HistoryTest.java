package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.databases.LiveDatabase.CallAnswer;
import dev.cloche.kernel.Problem;
import dev.cloche.storage.TestDatabase;
import dev.cloche.tables.Changes;
import dev.cloche.tables.ChangesForm;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Bytes;
import dev.cloche.values.Identity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A random history, with snapshots, another module, a stop and a reset in it: each state of it can be had, and is exact. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HistoryTest {
    private static final Identity OWNER = Identity.ofClaims("test", "owner");
    private static final String FIRST = """
            from cloche import reducer, table

            @table(public=True, primary_key="id", auto_inc="id")
            class Item:
                id: int
                text: str

            @reducer
            def add(ctx, text: str):
                ctx.db.item.insert(Item(id=0, text=text))

            @reducer
            def drop(ctx, id: int):
                row = ctx.db.item.find_by_id(id)
                if row:
                    ctx.db.item.delete(row)
            """;
    private static final String SECOND = FIRST + "\n@table(public=True)\nclass Before:\n    n: int\n";

    private final TestDatabase postgres = TestProject.database();
    private final Random random = new Random(7);
    /** After each transaction: the rows, and the module. */
    private final TreeMap<Long, Set<Bytes>> states = new TreeMap<>();
    private final TreeMap<Long, String> modules = new TreeMap<>();
    /** Times at which the last transaction was this one. */
    private final Map<Instant, Long> moments = new HashMap<>();
    private final Map<Long, Bytes> rows = new HashMap<>();
    private LiveDatabases live;
    private PostgresDatabases databases;
    private Identity identity;
    private long nextId = 1;

    @TempDir
    static Path folder;

    @BeforeAll
    void live() {
        open();
        var made = databases.create(new NewDatabase(Optional.of(new DatabaseName("past")), TestProject.ID, OWNER), module(FIRST));
        identity = ((PublishOutcome.Created) made).database().identity();
        note(0, FIRST);
        calls(60);
        databases.update(identity, module(SECOND), new UpdateRules(OWNER, true, Optional.empty()));
        note(states.lastKey() + 1, SECOND);
        calls(35);
        live.close();
        open();
        calls(35);
        databases.reset(identity, Optional.of(module(FIRST)), OWNER);
        rows.clear();
        nextId = 1;
        note(states.lastKey() + 1, FIRST);
        calls(35);
        written();
    }

    private void open() {
        live = new LiveDatabases(LiveDatabases.Settings.in(Optional.of(Path.of(System.getProperty("cloche.assets"))), folder,
                DatabaseLimits.DEFAULT.withLog(1), SharedMemory.usual(), HistoryLimits.DEFAULT), postgres.database(), Clock.systemUTC());
        databases = (PostgresDatabases) live.databases();
    }

    @AfterAll
    void stop() {
        live.close();
        postgres.close();
    }

    private static ModuleFile module(String source) {
        return new ModuleFile(ModuleFile.Host.WASM, source.getBytes(StandardCharsets.UTF_8));
    }

    private void note(long at, String module) {
        states.put(at, new HashSet<>(rows.values()));
        modules.put(at, module);
    }

    private void calls(int count) {
        LiveDatabase database = databases.open(identity);
        for (int i = 0; i < count; i++) {
            byte[] arguments;
            // few rows and many changes, so that the log outgrows them again and again
            String reducer = rows.size() < 3 && random.nextInt(4) > 0 ? "add" : "drop";
            if (reducer.equals("add")) {
                String text = "x".repeat(random.nextInt(3000)) + i;
                arguments = new BsatnWriter().writeString(text).toArray();
                rows.put(nextId, Bytes.copyOf(new BsatnWriter().writeU64(nextId).writeString(text).toArray()));
                nextId++;
            } else {
                long id = rows.isEmpty() || random.nextInt(10) == 0 ? nextId + 5 : rows.keySet().stream().skip(random.nextInt(rows.size())).findFirst().orElseThrow();
                arguments = new BsatnWriter().writeU64(id).toArray();
                rows.remove(id);
            }
            CallAnswer answer = database.call(OWNER, reducer, arguments).toCompletableFuture().join();
            long at = ((CallAnswer.OfReducer) answer).offset();
            assertThat(((CallAnswer.OfReducer) answer).outcome()).isInstanceOf(ReducerOutcome.Committed.class);
            note(at, modules.lastEntry().getValue());
            if (random.nextInt(20) == 0) {
                written();
                moments.put(Instant.now(), at);
            }
        }
    }

    /** Waits until all is in PostgreSQL. */
    private void written() {
        LiveDatabase database = databases.open(identity);
        while (database.durableOffset() < states.lastKey()) {
            Thread.onSpinWait();
        }
    }

    @Order(1)
    @Test
    void eachStateIsAsItWas() {
        assertThat(databases.history().window(identity).first()).isZero();
        assertThat(databases.history().window(identity).last()).isEqualTo(states.lastKey());
        assertThat(snapshots()).as("snapshots in the history").isGreaterThan(5);
        assertThat(states).hasSizeGreaterThan(130);
        states.keySet().forEach(this::assertState);
    }

    private long snapshots() {
        return postgres.database().read(handle -> handle.createQuery("SELECT count(*) FROM live_state").mapTo(Long.class).one());
    }

    private void assertState(long at) {
        Set<Bytes> found = new HashSet<>();
        databases.history().replay(identity, at, content -> apply(ChangesForm.read(content), found));
        assertThat(found).as("rows after transaction " + at).isEqualTo(states.get(at));
        assertThat(databases.history().module(identity, at)).as("module after transaction " + at).isEqualTo(module(modules.get(at)).content());
    }

    private static void apply(Changes changes, Set<Bytes> rows) {
        for (Changes.TableChange table : changes.tables()) {
            for (int row = 0; row < table.deleted().count(); row++) {
                assertThat(rows.remove(Bytes.copyOf(table.deleted().row(row)))).isTrue();
            }
            for (int row = 0; row < table.inserted().count(); row++) {
                assertThat(rows.add(Bytes.copyOf(table.inserted().row(row)))).isTrue();
            }
        }
    }

    @Order(2)
    @Test
    void aTimeIsTheLastTransactionThatWasWrittenThen() {
        assertThat(moments).hasSizeGreaterThan(3);
        moments.forEach((time, at) -> assertThat(databases.history().at(identity, time)).isEqualTo(at));
        Instant before = databases.history().window(identity).from().minusMillis(1);
        assertThatThrownBy(() -> databases.history().at(identity, before)).isInstanceOf(Problem.class).hasMessageContaining("begins at");
        assertThatThrownBy(() -> databases.backup(identity, states.lastKey() + 1)).isInstanceOf(Problem.class).hasMessageContaining("is not in the history");
    }

    @Order(3)
    @Test
    void aBackupOfThePastBecomesADatabase() throws Exception {
        long at = moments.values().stream().sorted().skip(moments.size() / 2).findFirst().orElseThrow();
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        databases.backup(identity, at).write(file);

        var outcome = databases.restore(new NewDatabase(Optional.of(new DatabaseName("again")), TestProject.ID, OWNER), DatabaseBackup.read(file.toByteArray()));

        Identity again = ((PublishOutcome.Created) outcome).database().identity();
        var answer = databases.open(again).sql(OWNER, true, "SELECT * FROM item").toCompletableFuture().join();
        Set<Bytes> found = new HashSet<>();
        for (int row = 0; row < answer.rows().count(); row++) {
            found.add(Bytes.copyOf(answer.rows().row(row)));
        }
        assertThat(found).isEqualTo(states.get(at));
    }

    @Order(4)
    @Test
    void whatIsTooOldOrTooMuchGoesAndTheRestStays() {
        long before = snapshots();

        assertThat(databases.history().prune(identity, Instant.now().minus(Duration.ofDays(1)), Long.MAX_VALUE)).isZero();
        assertThat(databases.history().prune(identity, Instant.EPOCH, 20_000)).isPositive();

        assertThat(snapshots()).isLessThan(before);
        long first = databases.history().window(identity).first();
        assertThat(first).isPositive();
        assertThatThrownBy(() -> databases.backup(identity, first - 1)).isInstanceOf(Problem.class).hasMessageContaining("does not go back to transaction");
        states.tailMap(first).keySet().forEach(this::assertState);
        databases.history().prune(identity, Instant.now().plus(Duration.ofDays(1)), Long.MAX_VALUE);
        assertThat(databases.history().grown()).doesNotContain(identity);
        live.close();
        open();
        var answer = databases.open(identity).sql(OWNER, true, "SELECT * FROM item").toCompletableFuture().join();
        assertThat(answer.rows().count()).isEqualTo(states.lastEntry().getValue().size());
        states.tailMap(databases.history().window(identity).first()).keySet().forEach(this::assertState);
    }

    @Order(5)
    @Test
    void whatWasKeptGoesWithTheDatabase() {
        databases.delete(identity);

        List<String> left = postgres.database().read(handle -> handle.createQuery(
                "SELECT 'x' FROM live_state WHERE identity = :identity UNION ALL SELECT 'x' FROM live_commit WHERE identity = :identity")
                .bind("identity", DatabaseRows.bytes(identity)).mapTo(String.class).list());
        assertThat(left).isEmpty();
    }
}
