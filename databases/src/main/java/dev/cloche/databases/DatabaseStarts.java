package dev.cloche.databases;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import dev.cloche.modules.Caller;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleLoader;
import dev.cloche.modules.ModuleLog;
import dev.cloche.modules.ModuleRefused;
import dev.cloche.modules.Outside;
import dev.cloche.schema.ModuleSchema.Lifecycle;
import dev.cloche.storage.Database;
import dev.cloche.tables.ChangesForm;
import dev.cloche.tables.Store;
import dev.cloche.tables.StoreException;
import dev.cloche.tables.StoreLimits;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import dev.cloche.wasm.GuestThread;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Makes databases run: tables within their limits, filled from the log or by {@code init}, and a thread over them. Any thread. */
final class DatabaseStarts {
    private final Database database;
    private final DatabaseRows rows;
    private final DatabaseLimits limits;
    private final SharedMemory memory;
    private final OutboundRequests outbound;
    private final LongSupplier micros;

    /** Where a database's module is heard, and its calls are counted. */
    record Heard(ModuleLog lines, DatabaseMeter meter) {}

    DatabaseStarts(Database database, DatabaseLimits limits, SharedMemory memory, OutboundRequests outbound, LongSupplier micros) {
        this.database = database;
        rows = new DatabaseRows(database);
        this.limits = limits;
        this.memory = memory;
        this.outbound = outbound;
        this.micros = micros;
    }

    /** Starts a database on its program, which is its own from then on; what it cannot use it gives up. */
    RunningDatabase start(Identity identity, Heard heard, Programs.Loaded loaded) {
        try {
            DatabaseEntry entry = rows.byIdentity(identity).orElseThrow(() -> Problem.of(ErrorCode.NOT_FOUND, "No such database."));
            Store store = store(loaded);
            try {
                return start(entry, store, loaded, heard);
            } catch (RuntimeException | Error e) {
                store.close();
                throw e;
            }
        } catch (StoreException | ModuleRefused refused) {
            loaded.close();
            throw problem(refused);
        } catch (RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }

    private RunningDatabase start(DatabaseEntry entry, Store store, Programs.Loaded loaded, Heard heard) {
        Identity identity = entry.identity();
        long last = rows.replay(identity, content -> store.replay(ChangesForm.read(content)));
        DatabaseParts parts = new DatabaseParts(identity, entry.owner(), loaded.program(), store, last, rows.logSize(identity),
                new PostgresCommitLog(database, identity, last), heard.lines, heard.meter, micros, limits, memory, outbound);
        RunningDatabase running = new RunningDatabase(parts);
        running.start();
        return running;
    }

    /** Empty tables for it, within their limits. */
    Store store(Programs.Loaded loaded) {
        return new Store(loaded.schema().database(), storeLimits());
    }

    StoreLimits storeLimits() {
        return new StoreLimits(memory.tables(), limits.tableMemory(), limits.transaction());
    }

    /** What to tell people when a database cannot be started. */
    static Problem problem(RuntimeException refused) {
        return switch (refused) {
            case ModuleRefused module -> ModuleLoader.problem(module);
            case StoreException store when store.reason() == StoreException.Reason.NO_SPACE ->
                    Problem.of(ErrorCode.UNAVAILABLE, String.valueOf(store.getMessage()));
            default -> Problem.of(ErrorCode.INVALID_REQUEST, String.valueOf(refused.getMessage()));
        };
    }

    Module.Place place(Identity identity, ModuleLog lines) {
        return new Module.Place(identity, lines, Outside.NOTHING, limits.instance());
    }

    /** Tables as {@code init} left them, or why it refused. */
    record Fresh(Optional<String> refusal, List<byte[]> snapshot) {}

    Fresh fresh(Identity identity, Identity owner, Programs.Loaded loaded, Heard heard) {
        Store store = store(loaded);
        DatabaseParts parts = new DatabaseParts(
                identity, owner, loaded.program(), store, 0, 0, new UnloggedTransactions(), heard.lines, heard.meter, micros, limits, memory, outbound);
        return GuestThread.call("module-start", () -> {
            try (store; DatabaseCore core = new DatabaseCore(parts, Outside.NOTHING)) {
                Optional<DatabaseCore.Ended> ended = core.call(Lifecycle.INIT, new Caller(owner, ConnectionId.ZERO, micros.getAsLong()));
                Optional<String> refusal = ended.flatMap(one -> RunningDatabase.refusal(one.outcome()));
                return new Fresh(refusal, refusal.isPresent() ? List.of() : PostgresDatabases.snapshot(store));
            } catch (ModuleRefused refused) {
                throw problem(refused);
            }
        });
    }
}
