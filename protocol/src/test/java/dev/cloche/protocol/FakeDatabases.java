package dev.cloche.protocol;

import dev.cloche.databases.DatabaseEntry;
import dev.cloche.databases.DatabaseLog;
import dev.cloche.databases.DatabaseName;
import dev.cloche.databases.Databases;
import dev.cloche.databases.LiveDatabase;
import dev.cloche.databases.LogLine;
import dev.cloche.databases.MigrationPlan;
import dev.cloche.databases.ModuleFile;
import dev.cloche.databases.NewDatabase;
import dev.cloche.databases.PublishOutcome;
import dev.cloche.databases.UpdateRules;
import dev.cloche.identity.ProjectId;
import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.values.Bytes;
import dev.cloche.values.Identity;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A registry by hand: {@code people} is there and is at work; others can be published, but not opened. */
final class FakeDatabases implements Databases {
    final FakeDatabase database = new FakeDatabase();
    final List<UpdateRules> updates = new ArrayList<>();
    /** What whoever follows the log hears after the lines that are there. */
    final BlockingQueue<LogLine> later = new LinkedBlockingQueue<>();
    private final Map<Identity, DatabaseEntry> entries = new LinkedHashMap<>();

    FakeDatabases(ProjectId project, Identity owner) {
        entries.put(FakeDatabase.IDENTITY, new DatabaseEntry(FakeDatabase.IDENTITY, List.of(new DatabaseName("people")), project, owner, Bytes.copyOf(new byte[32]), false));
    }

    @Override
    public synchronized Optional<DatabaseEntry> find(String nameOrIdentity) {
        return entries.values().stream()
                .filter(one -> one.identity().hex().equals(nameOrIdentity) || one.names().stream().anyMatch(name -> name.value().equals(nameOrIdentity)))
                .findFirst();
    }

    @Override
    public synchronized List<DatabaseEntry> madeBy(Identity owner) {
        return entries.values().stream().filter(one -> one.owner().equals(owner)).toList();
    }

    @Override
    public LiveDatabase open(Identity identity) {
        if (!identity.equals(FakeDatabase.IDENTITY)) {
            throw Problem.of(ErrorCode.UNAVAILABLE, "This one is only a name.");
        }
        return database;
    }

    @Override
    public synchronized PublishOutcome create(NewDatabase wanted, ModuleFile module) {
        return switch (new String(module.content(), StandardCharsets.UTF_8)) {
            case "junk" -> throw Problem.of(ErrorCode.INVALID_REQUEST, "This is no WebAssembly module and no Python.");
            case "bad init" -> new PublishOutcome.InitFailed("not today");
            default -> {
                Identity identity = new Identity(entries.size(), 7, 7, 7);
                DatabaseEntry made = new DatabaseEntry(identity, wanted.name().map(List::of).orElse(List.of()), wanted.project(), wanted.owner(), Bytes.copyOf(new byte[32]), false);
                entries.put(identity, made);
                yield new PublishOutcome.Created(made);
            }
        };
    }

    @Override
    public synchronized PublishOutcome update(Identity database, ModuleFile module, UpdateRules rules) {
        updates.add(rules);
        return switch (new String(module.content(), StandardCharsets.UTF_8)) {
            case "breaking" -> rules.mayBreakClients() ? new PublishOutcome.Updated(entries.get(database))
                    : new PublishOutcome.BreaksClients(new MigrationPlan.Automatic("Remove the table x", true, "t"));
            case "lossy" -> new PublishOutcome.NeedsMigration(new MigrationPlan.Manual("The column name of person would be lost."));
            default -> new PublishOutcome.Updated(entries.get(database));
        };
    }

    @Override
    public MigrationPlan plan(Identity database, ModuleFile module) {
        return new MigrationPlan.Automatic("Add the table x", false, "t");
    }

    @Override
    public synchronized PublishOutcome reset(Identity database, Optional<ModuleFile> module, Identity sender) {
        return new PublishOutcome.Updated(entries.get(database));
    }

    @Override
    public synchronized void delete(Identity database) {
        if (entries.get(database).locked()) {
            throw Problem.of(ErrorCode.CONFLICT, "It is locked.");
        }
        entries.remove(database);
    }

    @Override
    public synchronized void setLocked(Identity database, boolean locked) {
        entries.computeIfPresent(database, (id, one) -> new DatabaseEntry(id, one.names(), one.project(), one.owner(), one.program(), locked));
    }

    @Override
    public synchronized List<DatabaseName> setNames(Identity database, List<DatabaseName> names) {
        List<DatabaseName> taken = names.stream().filter(name -> find(name.value()).filter(one -> !one.identity().equals(database)).isPresent()).toList();
        if (taken.isEmpty()) {
            entries.computeIfPresent(database, (id, one) -> new DatabaseEntry(id, names, one.project(), one.owner(), one.program(), one.locked()));
        }
        return taken;
    }

    @Override
    public byte[] definition(Identity database, int version) {
        return ("{\"version\":" + version + "}").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public DatabaseLog log(Identity database, Optional<Integer> lines, boolean follow) {
        Deque<LogLine> all = new ArrayDeque<>(List.of(
                new LogLine(LogLine.Level.INFO, 1, Optional.of("m"), Optional.of("m.py"), OptionalInt.of(3), Optional.of("add_person"), "hello", List.of()),
                new LogLine(LogLine.Level.PANIC, 2, Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty(), "oh", List.of("f"))));
        return new DatabaseLog() {
            @Override
            public Optional<LogLine> next() throws InterruptedException {
                return all.isEmpty() && follow ? Optional.of(later.take()) : Optional.ofNullable(all.poll());
            }

            @Override
            public boolean ready() {
                return !all.isEmpty();
            }

            @Override
            public void close() {
                all.clear();
            }
        };
    }
}
