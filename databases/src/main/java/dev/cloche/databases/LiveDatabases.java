package dev.cloche.databases;

import dev.cloche.http.Route;
import dev.cloche.identity.Access;
import dev.cloche.identity.PersonId;
import dev.cloche.kernel.Configuration;
import dev.cloche.modules.ModuleHost;
import dev.cloche.modules.ModuleLoader;
import dev.cloche.modules.PythonGuest;
import dev.cloche.storage.Database;
import dev.cloche.values.Identity;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Live databases as a whole: the engine that runs modules, the interpreter for those in Python, and the databases. */
public final class LiveDatabases implements AutoCloseable {
    private final Engine engine;
    private final ModuleHost host;
    private final Optional<PythonGuest> python;
    private final OutboundRequests outbound;
    private final PostgresDatabases databases;
    private final SharedMemory memory;

    /**
     * What they stand on.
     *
     * @param natives folder with wasmtime's library; without it modules run on the slower engine
     * @param codeCache folder for compiled code, for this server alone
     * @param python file with the interpreter for Python modules; without it those are refused with an explanation
     * @param limits of each database
     * @param memory of all together
     * @param history how much of their past is kept
     * @param outbound which servers modules may ask
     */
    public record Settings(
            Optional<Path> natives,
            Path codeCache,
            Optional<Path> python,
            DatabaseLimits limits,
            SharedMemory memory,
            HistoryLimits history,
            OutboundSettings outbound) {
        /** In a folder of built assets, if there is one, and a data directory. */
        public static Settings in(Optional<Path> assets, Path data) {
            return in(assets, data, DatabaseLimits.DEFAULT, SharedMemory.usual(), HistoryLimits.DEFAULT);
        }

        /**
         * The settings in this configuration: {@code databases.tables} and {@code databases.modules} are what tables and modules of all
         * databases may take together, in MiB; {@code databases.history.days} and {@code databases.history.size} (MiB, for each) how
         * much of their past is kept.
         */
        public static Settings from(Configuration configuration, Optional<Path> assets, Path data) {
            return in(assets, data, DatabaseLimits.DEFAULT, SharedMemory.of(
                    mebibytes(configuration, "databases.tables", SharedMemory.TABLES), mebibytes(configuration, "databases.modules", SharedMemory.MODULES)),
                    new HistoryLimits(Duration.ofDays(configuration.integer("databases.history.days", (int) HistoryLimits.DEFAULT.time().toDays(), 0, 10_000)),
                            (long) configuration.integer("databases.history.size", (int) (HistoryLimits.DEFAULT.bytes() >> 20), 0, 10_000_000) << 20));
        }

        private static long mebibytes(Configuration configuration, String key, long usual) {
            return (long) configuration.integer(key, (int) (usual >> 20), 64, 10_000_000) << 20;
        }

        /** The same with other limits. */
        static Settings in(Optional<Path> assets, Path data, DatabaseLimits limits, SharedMemory memory, HistoryLimits history) {
            return new Settings(
                    assets.map(folder -> folder.resolve("native")).filter(Files::isDirectory),
                    data.resolve("code"),
                    assets.map(folder -> folder.resolve("guest/python.wasm")).filter(Files::isRegularFile),
                    limits, memory, history, OutboundSettings.none());
        }

        /** The same with other servers that modules may ask. */
        public Settings reaching(OutboundSettings others) {
            return new Settings(natives, codeCache, python, limits, memory, history, others);
        }

        /** The engine that runs modules; it takes a moment and needs nothing else. */
        public Engine openEngine() {
            return Engines.open(EngineSettings.of(natives, Optional.of(codeCache)));
        }
    }

    /** Opens the engine; the interpreter for Python is started with the first module that needs it. */
    public LiveDatabases(Settings settings, Database database, Clock clock) {
        this(settings, settings.openEngine(), database, clock);
    }

    /** On an engine that was opened for it, and is closed with it. */
    public LiveDatabases(Settings settings, Engine engine, Database database, Clock clock) {
        this.engine = engine;
        memory = settings.memory();
        host = new ModuleHost(engine);
        python = settings.python().map(file -> new PythonGuest(host, () -> read(file)));
        outbound = new OutboundRequests(settings.outbound());
        PostgresDatabases.Limited limited = new PostgresDatabases.Limited(settings.limits(), settings.memory(), settings.history());
        databases = new PostgresDatabases(database, new Programs(new ModuleLoader(host, python)), limited, outbound, clock);
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the interpreter for Python databases cannot be read", e);
        }
    }

    /** The databases. */
    public Databases databases() {
        return databases;
    }

    /**
     * Starts those that act by themselves, such as by scheduled reducers, one after another, and the interpreter for Python if
     * there is any database; returns at once.
     */
    public void wake() {
        Thread.ofVirtual().name("databases-wake").start(() -> {
            if (databases.isAny()) {
                python.ifPresent(PythonGuest::start);
            }
            databases.wake();
        });
    }

    /**
     * The API of the screens and the command; the public protocol is another room's.
     *
     * @param people the identity by which modules know a person
     */
    public List<Route> routes(Access access, Function<PersonId, Identity> people) {
        return new DatabaseRoutes(databases, access, people, new DatabaseRoutes.Host(engine.name(), memory)).routes();
    }

    /** Removes what is kept of the past for longer than it has to be; how many snapshots went. */
    public int prune() {
        return databases.prune();
    }

    /** Name and version of the engine that runs modules. */
    public String engine() {
        return engine.name();
    }

    @Override
    public void close() {
        databases.close();
        outbound.close();
        python.ifPresent(PythonGuest::close);
        host.close();
        engine.close();
    }
}
