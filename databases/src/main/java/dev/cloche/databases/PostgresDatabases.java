package dev.cloche.databases;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.modules.Module;
import dev.cloche.schema.DefinitionJson;
import dev.cloche.schema.ModuleDefinition;
import dev.cloche.schema.SchemaResolver;
import dev.cloche.storage.Database;
import dev.cloche.tables.ChangesForm;
import dev.cloche.tables.Store;
import dev.cloche.tables.StoreException;
import dev.cloche.values.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The live databases of this server, kept in PostgreSQL and started when they are first used. Any thread; calls block. */
public final class PostgresDatabases implements Databases, AutoCloseable {
    private static final String ISSUER = "cloche-database";

    private final DatabaseRows rows;
    private final Programs programs;
    private final DatabaseStarts starts;
    private final DatabaseHistory history;
    private final HistoryLimits kept;
    private final Clock clock;
    private final LongSupplier micros;
    private final ConcurrentHashMap<Identity, Slot> slots = new ConcurrentHashMap<>();

    /** One database of this server: at most one thread makes, starts, changes or ends it. */
    private static final class Slot {
        final ReentrantLock lock = new ReentrantLock();
        final ModuleLines lines;
        final DatabaseMeter meter;
        volatile Optional<Running> running = Optional.empty();

        Slot(LongSupplier micros) {
            lines = new ModuleLines(micros);
            meter = new DatabaseMeter(micros);
        }

        DatabaseStarts.Heard heard() {
            return new DatabaseStarts.Heard(lines, meter);
        }
    }

    /** A database at work with the definition that its module gave. */
    private record Running(RunningDatabase database, ModuleDefinition definition) {}

    /** What each database may use, what all may, and how much of their past is kept. */
    record Limited(DatabaseLimits each, SharedMemory memory, HistoryLimits history) {}

    /** Over these. */
    PostgresDatabases(Database database, Programs programs, Limited limits, OutboundRequests outbound, Clock clock) {
        rows = new DatabaseRows(database);
        this.programs = programs;
        this.clock = clock;
        micros = () -> {
            Instant now = clock.instant();
            return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        };
        starts = new DatabaseStarts(database, limits.each(), limits.memory(), outbound, micros);
        history = new DatabaseHistory(database);
        kept = limits.history();
    }

    @Override
    public Optional<DatabaseEntry> find(String nameOrIdentity) {
        if (nameOrIdentity.length() == 64) {
            try {
                return rows.byIdentity(Identity.ofHex(nameOrIdentity));
            } catch (IllegalArgumentException noIdentity) {
                return Optional.empty();
            }
        }
        return rows.byName(nameOrIdentity);
    }

    @Override
    public List<DatabaseEntry> madeBy(Identity owner) {
        return rows.madeBy(owner);
    }

    @Override
    public LiveDatabase open(Identity identity) {
        return running(identity).database();
    }

    private Running running(Identity identity) {
        Slot slot = slot(identity);
        Optional<Running> now = slot.running;
        if (now.isPresent() && now.get().database().isRunning()) {
            return now.get();
        }
        return locked(slot, () -> {
            Optional<Running> meanwhile = slot.running;
            if (meanwhile.isPresent() && meanwhile.get().database().isRunning()) {
                return meanwhile.get();
            }
            Running started = start(identity, slot);
            slot.running = Optional.of(started);
            return started;
        });
    }

    /** Starts those that act by themselves; what cannot be started is told in the server's log. Takes as long as that takes. */
    void wake() {
        for (Identity identity : rows.waking()) {
            try {
                running(identity);
            } catch (RuntimeException e) {
                System.getLogger(PostgresDatabases.class.getName()).log(System.Logger.Level.ERROR, "database=" + identity + " cannot be started", e);
            }
        }
    }

    /** Whether there is any database. */
    boolean isAny() {
        return rows.isAny();
    }

    /** Those of these projects, newest first. */
    List<DatabaseRows.Listed> ofProjects(Collection<String> projects) {
        return rows.ofProjects(projects);
    }

    /** One as lists show it. */
    Optional<DatabaseRows.Listed> listed(Identity identity) {
        return rows.listed(identity);
    }

    /** The last publications, newest first. */
    List<Publication.Past> publications(Identity identity, int most) {
        return rows.publications(identity, most);
    }

    /** The database if it runs; it is not started. */
    Optional<RunningDatabase> awake(Identity identity) {
        return Optional.ofNullable(slots.get(identity)).flatMap(slot -> slot.running).map(Running::database).filter(RunningDatabase::isRunning);
    }

    /** The calls of the last minutes. */
    List<DatabaseMeter.Second> calls(Identity identity) {
        return Optional.ofNullable(slots.get(identity)).map(slot -> slot.meter.seconds()).orElse(List.of());
    }

    private Slot slot(Identity identity) {
        return slots.computeIfAbsent(identity, one -> new Slot(micros));
    }

    private static <T> T locked(Slot slot, Supplier<T> work) {
        slot.lock.lock();
        try {
            return work.get();
        } finally {
            slot.lock.unlock();
        }
    }

    private Running start(Identity identity, Slot slot) {
        byte[] file = rows.program(identity).orElseThrow(() -> Problem.of(ErrorCode.UNAVAILABLE, "The module of this database cannot be found."));
        return start(identity, slot, programs.load(file, place(identity, slot)));
    }

    private Running start(Identity identity, Slot slot, Programs.Loaded loaded) {
        return new Running(starts.start(identity, slot.heard(), loaded), loaded.definition());
    }

    private Module.Place place(Identity identity, Slot slot) {
        return starts.place(identity, slot.lines);
    }

    @Override
    public PublishOutcome create(NewDatabase wanted, ModuleFile module) {
        onlyWebAssembly(module);
        if (wanted.name().isPresent() && rows.byName(wanted.name().get().value()).isPresent()) {
            return new PublishOutcome.NameTaken(wanted.name().get());
        }
        Identity identity = Identity.ofClaims(ISSUER, UUID.randomUUID().toString());
        return make(identity, wanted, module.content(), loaded -> {
            DatabaseStarts.Fresh fresh = starts.fresh(identity, wanted.owner(), loaded, slot(identity).heard());
            Publication publication = publication(Publication.Kind.CREATED, module.content(), loaded, wanted.owner(), "");
            return new Made(fresh.refusal(), publication, fresh.snapshot());
        });
    }

    /** What a new database begins with, or why it must not be. */
    private record Made(Optional<String> refusal, Publication publication, List<byte[]> rows) {}

    /** Loads a module, writes a new database and starts it; whatever fails leaves nothing. */
    private PublishOutcome make(Identity identity, NewDatabase wanted, byte[] module, Function<Programs.Loaded, Made> begin) {
        Slot slot = slot(identity);
        Programs.Loaded loaded;
        try {
            loaded = programs.load(module, place(identity, slot));
        } catch (RuntimeException refused) {
            slots.remove(identity);
            throw refused;
        }
        boolean used = false;
        try {
            Made made = begin.apply(loaded);
            if (made.refusal().isPresent()) {
                return new PublishOutcome.InitFailed(made.refusal().get());
            }
            if (!rows.create(new DatabaseRows.Written(identity, wanted, made.publication(), made.rows()))) {
                return new PublishOutcome.NameTaken(wanted.name().orElseThrow());
            }
            used = true;
        } finally {
            if (!used) {
                slots.remove(identity);
                loaded.close();
            }
        }
        locked(slot, () -> {
            if (slot.running.isPresent()) {
                // somebody found it by its name and was faster
                loaded.close();
            } else {
                slot.running = Optional.of(start(identity, slot, loaded));
            }
            return slot.running;
        });
        return new PublishOutcome.Created(rows.byIdentity(identity).orElseThrow());
    }

    private Publication publication(Publication.Kind kind, byte[] file, Programs.Loaded loaded, Identity sender, String plan) {
        boolean wakes = loaded.schema().database().tables().stream().anyMatch(table -> table.schedule().isPresent());
        return new Publication(file, wakes, sender, kind, plan, clock.instant());
    }

    private static void onlyWebAssembly(ModuleFile module) {
        if (module.host() == ModuleFile.Host.JS) {
            throw Problem.of(ErrorCode.NOT_AVAILABLE, "JavaScript modules are not run by this server; publish WebAssembly or Python source.");
        }
    }

    static List<byte[]> snapshot(Store store) {
        List<byte[]> parts = new ArrayList<>();
        store.snapshot(part -> parts.add(ChangesForm.write(part)));
        return parts;
    }

    @Override
    public MigrationPlan plan(Identity identity, ModuleFile module) {
        onlyWebAssembly(module);
        Running now = running(identity);
        try (Programs.Loaded next = programs.load(module.content(), place(identity, slot(identity)))) {
            return plan(now, next, module);
        }
    }

    private static MigrationPlan plan(Running now, Programs.Loaded next, ModuleFile module) {
        var before = now.database().module();
        var after = SchemaResolver.resolve(next.definition(), Optional.of(before));
        var plan = dev.cloche.schema.MigrationPlan.of(before, after);
        List<String> reasons = new ArrayList<>(plan.refusals());
        plan.losses().stream().filter(loss -> now.database().hasRows(loss.table())).forEach(loss -> reasons.add(loss.reason()));
        if (!reasons.isEmpty()) {
            return new MigrationPlan.Manual(String.join("\n", reasons));
        }
        return new MigrationPlan.Automatic(plan.text(), !plan.breaks().isEmpty(), Digest.of((before + "\n" + Digest.of(module.content())).getBytes(StandardCharsets.UTF_8)).hex());
    }

    @Override
    public PublishOutcome update(Identity identity, ModuleFile module, UpdateRules rules) {
        onlyWebAssembly(module);
        Slot slot = slot(identity);
        Running now = running(identity);
        return locked(slot, () -> {
            Programs.Loaded next = programs.load(module.content(), place(identity, slot));
            boolean used = false;
            try {
                switch (plan(now, next, module)) {
                    case MigrationPlan.Manual manual -> {
                        return new PublishOutcome.NeedsMigration(manual);
                    }
                    case MigrationPlan.Automatic plan -> {
                        boolean looked = rules.mayBreakClients() && (rules.planToken().isEmpty() || rules.planToken().get().equals(plan.token()));
                        if (plan.breaksClients() && !looked) {
                            return new PublishOutcome.BreaksClients(plan);
                        }
                        change(identity, slot, now, next, plan.breaksClients(),
                                publication(Publication.Kind.UPDATED, module.content(), next, rules.sender(), plan.text()));
                    }
                }
                used = true;
                return new PublishOutcome.Updated(rows.byIdentity(identity).orElseThrow());
            } finally {
                if (!used) {
                    next.close();
                }
            }
        });
    }

    /** On the database's own thread, so that no transaction is lost; whatever fails leaves the old module in PostgreSQL. */
    private void change(Identity identity, Slot slot, Running now, Programs.Loaded next, boolean breaksClients, Publication publication) {
        var middle = SchemaResolver.resolve(next.definition(), Optional.of(now.database().module())).database();
        now.database().replace(next.program(), breaksClients, core -> {
            core.store.migrate(middle);
            Store store = Renumbering.of(core.store, next.schema().database(), starts.storeLimits());
            rows.replace(identity, publication, core.mark(), snapshot(store));
            return store;
        });
        slot.running = Optional.of(new Running(now.database(), next.definition()));
    }

    @Override
    public PublishOutcome reset(Identity identity, Optional<ModuleFile> module, Identity sender) {
        module.ifPresent(PostgresDatabases::onlyWebAssembly);
        DatabaseEntry entry = rows.byIdentity(identity).orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "No such database."));
        refuseLocked(entry);
        Slot slot = slot(identity);
        return locked(slot, () -> {
            byte[] file = module.map(ModuleFile::content).or(() -> rows.program(identity))
                    .orElseThrow(() -> Problem.of(ErrorCode.UNAVAILABLE, "The module of this database cannot be found."));
            try (Programs.Loaded loaded = programs.load(file, place(identity, slot))) {
                DatabaseStarts.Fresh fresh = starts.fresh(identity, entry.owner(), loaded, slot.heard());
                if (fresh.refusal().isPresent()) {
                    return new PublishOutcome.InitFailed(fresh.refusal().get());
                }
                stop(slot, "The database was cleared.");
                rows.clear(identity, publication(Publication.Kind.RESET, file, loaded, sender, ""), fresh.snapshot());
            }
            slot.running = Optional.of(start(identity, slot));
            return new PublishOutcome.Updated(rows.byIdentity(identity).orElseThrow());
        });
    }

    /** The database as it is after some transaction; it goes on meanwhile. */
    DatabaseBackup backup(Identity identity) {
        Running now = running(identity);
        byte[] module = rows.program(identity).orElseThrow(() -> Problem.of(ErrorCode.UNAVAILABLE, "The module of this database cannot be found."));
        List<String> names = rows.byIdentity(identity).stream().flatMap(entry -> entry.names().stream()).map(DatabaseName::value).toList();
        BackupSnapshot copy = new BackupSnapshot();
        if (!now.database().submit(core -> core.snapshots().ask(copy))) {
            copy.broken();
        }
        return new DatabaseBackup(identity, names, copy.at(), clock.instant(), module, copy.rows());
    }

    /** The database as it was after a transaction, from what is kept of its past; whether it runs does not matter. */
    DatabaseBackup backup(Identity identity, long at) {
        byte[] module = history.module(identity, at);
        List<String> names = rows.byIdentity(identity).stream().flatMap(entry -> entry.names().stream()).map(DatabaseName::value).toList();
        try (Programs.Loaded loaded = programs.load(module, place(identity, new Slot(micros))); Store store = starts.store(loaded)) {
            history.replay(identity, at, content -> store.replay(ChangesForm.read(content)));
            return new DatabaseBackup(identity, names, at, history.time(identity, at).orElseGet(clock::instant), module, snapshot(store));
        } catch (StoreException refused) {
            throw DatabaseStarts.problem(refused);
        }
    }

    DatabaseHistory history() {
        return history;
    }

    /** Removes what is kept longer than it has to be; how many snapshots went. */
    int prune() {
        int gone = 0;
        for (Identity identity : history.grown()) {
            gone += history.prune(identity, clock.instant().minus(kept.time()), kept.bytes());
        }
        return gone;
    }

    /** Makes a database of what a backup holds; {@code init} does not run. */
    PublishOutcome restore(NewDatabase wanted, DatabaseBackup.Content backup) {
        if (wanted.name().isPresent() && rows.byName(wanted.name().get().value()).isPresent()) {
            return new PublishOutcome.NameTaken(wanted.name().get());
        }
        Identity identity = Identity.ofClaims(ISSUER, UUID.randomUUID().toString());
        return make(identity, wanted, backup.module(), loaded -> {
            try (Store store = starts.store(loaded)) {
                backup.rows().forEach(part -> store.replay(ChangesForm.read(part)));
            } catch (RuntimeException e) {
                throw DatabaseBackup.wrong("its rows do not fit the tables of its module: " + e.getMessage());
            }
            return new Made(Optional.empty(), publication(Publication.Kind.RESTORED, backup.module(), loaded, wanted.owner(), ""), backup.rows());
        });
    }

    private static void refuseLocked(DatabaseEntry entry) {
        if (entry.locked()) {
            throw Problem.of(ErrorCode.CONFLICT, "This database is locked; unlock it first.");
        }
    }

    private static void stop(Slot slot, String reason) {
        slot.running.ifPresent(running -> running.database().stop(reason));
        slot.running = Optional.empty();
    }

    @Override
    public void delete(Identity identity) {
        DatabaseEntry entry = rows.byIdentity(identity).orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "No such database."));
        refuseLocked(entry);
        Slot slot = slot(identity);
        locked(slot, () -> {
            stop(slot, "The database was deleted.");
            rows.delete(identity);
            slot.lines.close();
            return null;
        });
        slots.remove(identity);
    }

    @Override
    public void setLocked(Identity identity, boolean locked) {
        rows.lock(identity, locked);
    }

    @Override
    public List<DatabaseName> setNames(Identity identity, List<DatabaseName> names) {
        return rows.names(identity, names);
    }

    @Override
    public byte[] definition(Identity identity, int version) {
        ModuleDefinition definition = running(identity).definition();
        return switch (version) {
            case 9 -> DefinitionJson.nine(definition).getBytes(StandardCharsets.UTF_8);
            case 10 -> DefinitionJson.ten(definition).getBytes(StandardCharsets.UTF_8);
            default -> throw Problem.field("version", "enum", "The version of a definition is 9 or 10.");
        };
    }

    @Override
    public DatabaseLog log(Identity identity, Optional<Integer> count, boolean follow) {
        return slot(identity).lines.read(count, follow);
    }

    /** Stops all databases, at the same time; what was committed is written. */
    @Override
    public void close() {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            slots.values().forEach(slot -> each.execute(() -> {
                locked(slot, () -> {
                    stop(slot, "The server is stopping.");
                    return true;
                });
                slot.lines.close();
            }));
        }
    }
}
