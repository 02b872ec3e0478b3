package dev.cloche.databases;

import dev.cloche.modules.Caller;
import dev.cloche.modules.Module;
import dev.cloche.modules.ModuleHost;
import dev.cloche.modules.ModuleInstance;
import dev.cloche.modules.ModuleLoader;
import dev.cloche.modules.Outside;
import dev.cloche.modules.PythonGuest;
import dev.cloche.tables.Store;
import dev.cloche.values.BsatnWriter;
import dev.cloche.values.ConnectionId;
import dev.cloche.values.Identity;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.GuestThread;
import dev.cloche.wasm.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/**
 * Measures a module without sockets and without PostgreSQL, started by {@code ./cloche bench module}: the calls of one database
 * on its thread, by that thread's processor time, so that other work on the machine changes little; and new instances. Arguments:
 * the built assets, a folder, and files of modules.
 */
final class ModuleBench {
    private static final int ROUNDS = 5;
    private static final int CALLS = 100_000;
    private static final int MANY = 2_000_000;
    private static final int FILL = 20_000;
    private static final int INSTANCES = 200;
    private static final Identity OWNER = Identity.ofClaims("bench", "owner");

    private ModuleBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        LiveDatabases.Settings settings = LiveDatabases.Settings.in(Optional.of(Path.of(arguments[0])), Path.of(arguments[1]));
        try (Engine engine = settings.openEngine();
                ModuleHost host = new ModuleHost(engine);
                PythonGuest python = new PythonGuest(host, () -> read(settings.python().orElseThrow()))) {
            Programs programs = new Programs(new ModuleLoader(host, Optional.of(python)));
            for (String file : Arrays.copyOfRange(arguments, 2, arguments.length)) {
                try (Programs.Loaded loaded = programs.load(read(Path.of(file)), place())) {
                    GuestThread thread = new GuestThread("bench", () -> measure(file.endsWith(".py") ? "Python" : "Rust", loaded.program()));
                    thread.start();
                    thread.join();
                }
            }
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Module.Place place() {
        DatabaseLimits limits = DatabaseLimits.DEFAULT;
        return new Module.Place(OWNER, line -> { }, Outside.NOTHING, new Limits(limits.moduleMemory(), 100_000, limits.callTime()));
    }

    private static void measure(String language, DatabaseParts.Program program) {
        byte[] text = new BsatnWriter().writeString("aaaaaaaaaa").toArray();
        say(language, "insert", calls(program, core -> { }, "send_message", i -> text));
        say(language, "insert, 2 million rows", calls(program, core -> fill(core, "fill_messages", MANY), "send_message", i -> text));
        say(language, "insert, key and index", calls(program, core -> { }, "add_entry", i -> new BsatnWriter().writeU32(i * 7919).toArray()));
        say(language, "insert, key and index, 2 million rows",
                calls(program, core -> fill(core, "fill_entries", MANY), "add_entry", i -> new BsatnWriter().writeU32(i * 7919).toArray()));
        say(language, "transfer", calls(program, core -> fill(core, "open_accounts", CALLS), "transfer",
                i -> new BsatnWriter().writeU32(i * 7 % CALLS).writeU32((i * 13 + 1) % CALLS).writeU32(1).toArray()));
        say(language, "new instance", instances(program));
    }

    private static void say(String language, String figure, double value) {
        System.out.println(String.format(Locale.ROOT, "%s\t%s\t%.3f", language, figure, value));
    }

    /** Calls per second of processor time: the median of the rounds, of which the first does not count. */
    private static double calls(DatabaseParts.Program program, java.util.function.Consumer<DatabaseCore> prepare, String reducer, IntFunction<byte[]> arguments) {
        long[] time = {1_700_000_000_000_000L};
        LongSupplier micros = () -> time[0]++;
        DatabaseParts parts = new DatabaseParts(OWNER, OWNER, program, new Store(program.schema().database()), 0, 0, new UnloggedTransactions(),
                line -> { }, new DatabaseMeter(micros), micros, DatabaseLimits.DEFAULT, SharedMemory.usual(), new OutboundRequests(OutboundSettings.none()));
        try (DatabaseCore core = new DatabaseCore(parts, Outside.NOTHING)) {
            prepare.accept(core);
            double[] rates = new double[ROUNDS + 1];
            for (int round = 0; round <= ROUNDS; round++) {
                long from = cpu();
                for (int i = 0; i < CALLS; i++) {
                    done(core.call(new Caller(OWNER, ConnectionId.ZERO, micros.getAsLong()), i, reducer, arguments.apply(i)));
                }
                rates[round] = CALLS * 1e9 / (cpu() - from);
            }
            Arrays.sort(rates, 1, ROUNDS + 1);
            return rates[1 + ROUNDS / 2];
        }
    }

    private static void fill(DatabaseCore core, String reducer, int rows) {
        for (int first = 0; first < rows; first += FILL) {
            done(core.call(new Caller(OWNER, ConnectionId.ZERO, 0), 0, reducer, new BsatnWriter().writeU32(first).writeU32(FILL).toArray()));
        }
    }

    private static void done(DatabaseCore.Ended ended) {
        if (!(ended.outcome() instanceof ReducerOutcome.Committed)) {
            throw new IllegalStateException(ended.outcome().toString());
        }
    }

    /** Milliseconds of processor time for an instance that is ready for its first call, its end included. */
    private static double instances(DatabaseParts.Program program) {
        double[] times = new double[ROUNDS + 1];
        for (int round = 0; round <= ROUNDS; round++) {
            long from = cpu();
            for (int i = 0; i < INSTANCES; i++) {
                try (ModuleInstance instance = program.module().start(place())) {
                    instance.memory();
                }
            }
            times[round] = (cpu() - from) / 1e6 / INSTANCES;
        }
        Arrays.sort(times, 1, ROUNDS + 1);
        return times[1 + ROUNDS / 2];
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
