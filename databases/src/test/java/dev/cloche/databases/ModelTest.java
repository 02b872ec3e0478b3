package dev.cloche.databases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleHost;
import dev.cloche.modules.ModuleLoader;
import dev.cloche.modules.Outside;
import dev.cloche.modules.PythonGuest;
import dev.cloche.storage.TestDatabase;
import dev.cloche.tables.ChangesForm;
import dev.cloche.tables.Store;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.Identity;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import dev.cloche.wasm.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random calls of fifty clients against a sequential model, with clients that leave and come back and with the power cut in
 * the middle: every client ends with the rows of the server, no confirmed transaction is lost, and none happens twice.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelTest {
    private static final int SEEDS = 200;
    private static final int CLIENTS = 50;
    private static final int STEPS = 200;
    private static final int ACCOUNTS = 20;
    private static final Identity OWNER = Identity.ofClaims("test", "owner");
    private static final byte[] MODULE = """
            from cloche import I64, U32, ReducerError, reducer, table

            @table(public=True, primary_key="id")
            class Account:
                id: U32
                balance: I64

            @reducer
            def add(ctx, id: U32, amount: I64):
                account = ctx.db.account.find_by_id(id)
                if account is None:
                    ctx.db.account.insert(Account(id=id, balance=amount))
                else:
                    account.balance += amount
                    ctx.db.account.update(account)

            @reducer
            def remove(ctx, id: U32):
                account = ctx.db.account.find_by_id(id)
                if account is not None:
                    ctx.db.account.delete(account)

            @reducer
            def move(ctx, one: U32, other: U32, amount: I64):
                add(ctx, one, -amount)
                add(ctx, other, amount)
                if ctx.db.account.find_by_id(one).balance < 0:
                    raise ReducerError("not enough")
            """.getBytes(StandardCharsets.UTF_8);

    /** What a client may watch, and which accounts that shows. */
    private enum Watched {
        ALL("SELECT * FROM account", (id, balance) -> true),
        RICH("SELECT * FROM account WHERE balance > 100", (id, balance) -> balance > 100),
        ONE("SELECT * FROM account WHERE id = 7", (id, balance) -> id == 7);

        final String sql;
        final Shows shows;

        Watched(String sql, Shows shows) {
            this.sql = sql;
            this.shows = shows;
        }
    }

    private interface Shows {
        boolean row(int id, long balance);
    }

    private final TestDatabase postgres = TestProject.database();
    private final DatabaseRows rows = new DatabaseRows(postgres.database());
    private Engine engine;
    private ModuleHost host;
    private PythonGuest python;
    private Programs.Loaded loaded;

    @TempDir
    static Path folder;

    @BeforeAll
    void start() {
        Path assets = Path.of(System.getProperty("cloche.assets"));
        engine = Engines.open(EngineSettings.of(Optional.of(assets.resolve("native")), Optional.of(folder)));
        host = new ModuleHost(engine);
        python = new PythonGuest(host, () -> read(assets.resolve("guest/python.wasm")));
        loaded = new Programs(new ModuleLoader(host, Optional.of(python))).load(MODULE,
                new Module.Place(Identity.ZERO, line -> { }, Outside.NOTHING, Limits.DEFAULT));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    void stop() {
        python.close();
        host.close();
        engine.close();
        postgres.close();
    }

    @Test
    void everyClientEndsWithWhatTheModelSays() {
        for (int seed = 0; seed < SEEDS; seed++) {
            try (Run run = new Run(seed)) {
                run.steps();
            }
        }
    }

    /** A log that forgets what comes after the power was cut. */
    private static final class CutLog implements CommitLog {
        private final CommitLog log;
        private volatile boolean cut;

        CutLog(CommitLog log) {
            this.log = log;
        }

        @Override
        public void append(long offset, byte[] changes) {
            if (!cut) {
                log.append(offset, changes);
            }
        }

        @Override
        public void keep(SnapshotPart part) {
            if (!cut) {
                log.keep(part);
            }
        }

        @Override
        public boolean busy() {
            return log.busy();
        }

        @Override
        public long durable() {
            return log.durable();
        }

        @Override
        public void listen(Listener listener) {
            log.listen(listener);
        }

        @Override
        public void close() {
            log.close();
        }
    }

    /** One database with its clients and its model, by one seed. */
    private final class Run implements AutoCloseable {
        private final int seed;
        private final Random random;
        private final Identity identity;
        private final List<TreeMap<Integer, Long>> states = new ArrayList<>(List.of(new TreeMap<>()));
        private final List<ModelClient> clients = new ArrayList<>();
        private final List<Watched> watched = new ArrayList<>();
        private final List<TreeMap<Integer, String>> expected = new ArrayList<>();
        private final AtomicLong clock = new AtomicLong(1);
        private CutLog log;
        private RunningDatabase database;
        private int request;

        Run(int seed) {
            this.seed = seed;
            random = new Random(seed);
            identity = Identity.ofClaims("model", "database " + seed);
            Publication publication = new Publication(MODULE, false, OWNER, Publication.Kind.CREATED, "", Instant.EPOCH);
            rows.create(new DatabaseRows.Written(identity, new NewDatabase(Optional.empty(), TestProject.ID, OWNER), publication,
                    PostgresDatabases.snapshot(new Store(loaded.schema().database()))));
            open(new Store(loaded.schema().database()), 0);
            for (int number = 0; number < CLIENTS; number++) {
                clients.add(null);
                watched.add(null);
                expected.add(null);
                enter(number);
            }
        }

        private void open(Store store, long last) {
            log = new CutLog(new PostgresCommitLog(postgres.database(), identity, last));
            database = new RunningDatabase(new DatabaseParts(identity, OWNER, loaded.program(), store, last, 0, log, line -> { },
                    new DatabaseMeter(clock::get), clock::incrementAndGet, limits(1 + random.nextInt(4000)), SharedMemory.usual(),
                    new OutboundRequests(OutboundSettings.none())));
            database.start();
        }

        private static DatabaseLimits limits(long logSize) {
            return DatabaseLimits.DEFAULT.withLog(logSize);
        }

        private void enter(int number) {
            ModelClient client = new ModelClient(number);
            clients.set(number, client);
            expected.set(number, new TreeMap<>());
            database.connect(client);
            watch(number);
        }

        private void watch(int number) {
            Watched what = Watched.values()[random.nextInt(Watched.values().length)];
            watched.set(number, what);
            database.subscribe(clients.get(number), ++request, 1, List.of(what.sql));
        }

        void steps() {
            int cut = random.nextInt(STEPS);
            int dark = cut + random.nextInt(20);
            for (int step = 0; step < STEPS; step++) {
                step();
                if (step == cut) {
                    log.cut = true;
                }
                if (step == dark) {
                    recover();
                }
            }
            check();
        }

        private void step() {
            int number = random.nextInt(CLIENTS);
            switch (random.nextInt(10)) {
                case 0 -> {
                    check(number);
                    database.disconnect(clients.get(number));
                    enter(number);
                }
                case 1 -> {
                    database.unsubscribe(clients.get(number), ++request, 1);
                    watch(number);
                }
                default -> call(number);
            }
        }

        private void call(int number) {
            TreeMap<Integer, Long> next = new TreeMap<>(states.getLast());
            int one = random.nextInt(ACCOUNTS);
            int other = (one + 1 + random.nextInt(ACCOUNTS - 1)) % ACCOUNTS;
            long amount = 1 + random.nextInt(200);
            BsatnWriter arguments = new BsatnWriter().writeU32(one);
            String reducer;
            String end = "ok";
            switch (random.nextInt(8)) {
                case 0 -> {
                    reducer = "remove";
                    next.remove(one);
                }
                case 1, 2, 3 -> {
                    reducer = "move";
                    arguments.writeU32(other).writeU64(amount);
                    next.merge(one, -amount, Long::sum);
                    next.merge(other, amount, Long::sum);
                    if (next.get(one) < 0) {
                        next = states.getLast();
                        end = "not enough";
                    }
                }
                case 4 -> {
                    reducer = "add";
                    arguments.writeU8(1);
                    end = "ARGUMENTS";
                }
                default -> {
                    reducer = "add";
                    arguments.writeU64(amount);
                    next.merge(one, amount, Long::sum);
                }
            }
            if (!next.equals(states.getLast())) {
                states.add(next);
            }
            expected.get(number).put(++request, end);
            database.callReducer(clients.get(number), request, reducer, arguments.toArray());
        }

        /** What was confirmed before the power went must be there again, and only what was asked for. */
        private void recover() {
            settle();
            long confirmed = log.durable();
            database.stop("The power was cut.");
            Store store = new Store(loaded.schema().database());
            long last = rows.replay(identity, content -> store.replay(ChangesForm.read(content)));
            assertThat(last).as("seed " + seed + ", transactions kept").isBetween(confirmed, (long) states.size() - 1);
            states.subList((int) last + 1, states.size()).clear();
            open(store, last);
            for (int number = 0; number < CLIENTS; number++) {
                enter(number);
            }
        }

        /** Waits until all that was handed over is done. */
        private void settle() {
            database.status().toCompletableFuture().join();
        }

        private void check(int number) {
            settle();
            ModelClient client = clients.get(number);
            assertThat(client.complaints).as("seed " + seed + ", client " + number).isEmpty();
            assertThat(client.ends).as("seed " + seed + ", calls of client " + number).isEqualTo(expected.get(number));
            assertThat(client.sets.get(1)).as("seed " + seed + ", rows of client " + number).isEqualTo(encoded(watched.get(number)));
        }

        private TreeMap<String, Integer> encoded(Watched what) {
            TreeMap<String, Integer> encoded = new TreeMap<>();
            states.getLast().forEach((id, balance) -> {
                if (what.shows.row(id, balance)) {
                    encoded.put(HexFormat.of().formatHex(new BsatnWriter().writeU32(id).writeU64(balance).toArray()), 1);
                }
            });
            return encoded;
        }

        private void check() {
            for (int number = 0; number < CLIENTS; number++) {
                check(number);
            }
        }

        @Override
        public void close() {
            database.stop("The run is over.");
            rows.delete(identity);
        }
    }
}
