import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workers.WorkerSession;
import dev.cloche.workers.WorkerSettings;
import dev.cloche.workers.Workers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Prints nanoseconds, medians of many rounds: from a file whose code is in the cache to the end of its first call ({@code cold}),
 * of that the first call ({@code first}), and a new guest to the end of its first call ({@code instance}).
 * Arguments: folder of libraries, folder for the cache, worker, function, input.
 */
public final class ColdStart {
    private static final int ROUNDS = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private ColdStart() {}

    /** See the class. */
    public static void main(String[] words) throws Exception {
        byte[] file = Files.readAllBytes(Path.of(words[2]));
        byte[] input = words[4].getBytes(StandardCharsets.UTF_8);
        try (Engine engine = Engines.wasmtime(EngineSettings.of(Optional.of(Path.of(words[0])), Optional.of(Path.of(words[1]))));
                Workers workers = new Workers(engine)) {
            WorkerSettings settings = WorkerSettings.DEFAULT.withSlots(1, 10);
            long[] cold = new long[ROUNDS];
            long[] first = new long[ROUNDS];
            for (int round = -20; round < ROUNDS; round++) {
                long from = System.nanoTime();
                try (Worker worker = workers.open(WorkerBundle.read(file, "bench"), settings)) {
                    long opened = System.nanoTime();
                    answered(worker.call(words[3], input, TIMEOUT));
                    if (round >= 0) {
                        cold[round] = System.nanoTime() - from;
                        first[round] = System.nanoTime() - opened;
                    }
                }
            }
            long[] instance = new long[ROUNDS];
            try (Worker worker = workers.open(WorkerBundle.read(file, "bench"), settings)) {
                for (int round = -20; round < ROUNDS; round++) {
                    long from = System.nanoTime();
                    try (WorkerSession session = worker.session()) {
                        answered(session.call(words[3], input, TIMEOUT));
                        if (round >= 0) {
                            instance[round] = System.nanoTime() - from;
                        }
                    }
                }
            }
            System.out.println("cold " + median(cold) + "\nfirst " + median(first) + "\ninstance " + median(instance));
        }
    }

    private static void answered(CallOutcome outcome) {
        if (!(outcome instanceof CallOutcome.Answer)) {
            throw new IllegalStateException(String.valueOf(outcome));
        }
    }

    private static long median(long[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
