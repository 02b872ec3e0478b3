package dev.cloche.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cloche.kernel.Digest;
import dev.cloche.kernel.Problem;
import dev.cloche.workers.CallOutcome;
import dev.cloche.workers.CallRequest;
import dev.cloche.workers.Failure;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workers.WorkerFunction;
import dev.cloche.workers.WorkerManifest;
import dev.cloche.workers.WorkerSession;
import dev.cloche.workers.WorkerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Workers whose functions are Java: the same for each file. */
final class FakeWorkers implements WorkerOpener {
    static final List<String> FUNCTIONS = List.of("echo", "reverse", "bad", "fail", "wait", "settings", "count", "sum", "sum_split", "sum_join");

    /** Calls of {@code wait} end when this is counted down. */
    volatile CountDownLatch gate = new CountDownLatch(1);
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger counted = new AtomicInteger();

    /** A module that is none but looks like one; each number is another version. */
    static byte[] module(int number) {
        return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).put(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0}).putInt(number).array();
    }

    /** A bundle with this manifest and one module {@code main.wasm}. */
    static byte[] bundle(String manifest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("worker.json"));
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("main.wasm"));
            zip.write(module(0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public Worker open(WorkerBundle bundle, WorkerSettings settings) {
        if (bundle.digest().equals(Digest.of(module(666)))) {
            throw Problem.field("wasm[0]", "module", "This module cannot be compiled: bad magic in section 3.");
        }
        return new Fake(bundle, settings);
    }

    @Override
    public String engine() {
        return "fake 1";
    }

    @Override
    public boolean simd() {
        return false;
    }

    @Override
    public void close() {
        assertThat(open.get()).as("workers that are open").isZero();
    }

    private final class Fake implements Worker {
        private final WorkerBundle bundle;
        private final WorkerSettings settings;
        private final ExecutorService threads;
        private final AtomicInteger running = new AtomicInteger();

        Fake(WorkerBundle bundle, WorkerSettings settings) {
            this.bundle = bundle;
            this.settings = settings;
            threads = Executors.newFixedThreadPool(settings.slots());
            open.incrementAndGet();
        }

        @Override
        public WorkerManifest manifest() {
            return bundle.manifest();
        }

        @Override
        public Digest digest() {
            return bundle.digest();
        }

        @Override
        public List<WorkerFunction> functions() {
            return FUNCTIONS.stream().map(name -> bundle.manifest().functions().getOrDefault(name, WorkerFunction.named(name))).toList();
        }

        @Override
        public CallOutcome call(String function, byte[] input, Duration timeout) {
            return submit(new CallRequest(function, input, timeout)).join();
        }

        @Override
        public CompletableFuture<CallOutcome> submit(CallRequest request) {
            running.incrementAndGet();
            return CompletableFuture.supplyAsync(() -> run(request, settings), threads).whenComplete((outcome, thrown) -> running.decrementAndGet());
        }

        @Override
        public WorkerSession session() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Load load() {
            return new Load(settings.slots(), running.get(), 0);
        }

        @Override
        public void close() {
            threads.shutdownNow();
            open.decrementAndGet();
        }
    }

    private CallOutcome run(CallRequest request, WorkerSettings settings) {
        byte[] in = request.input();
        return switch (request.function()) {
            case "echo" -> new CallOutcome.Answer(in, 1000);
            case "reverse" -> new CallOutcome.Answer(new StringBuilder(new String(in, StandardCharsets.UTF_8)).reverse().toString().getBytes(StandardCharsets.UTF_8), 1000);
            case "bad" -> new CallOutcome.Failed(Failure.BAD_INPUT, "B must have as many rows as A has columns.", Optional.of("B"), Optional.of("shape"));
            case "fail" -> CallOutcome.Failed.of(Failure.FAILED, "out of luck");
            case "wait" -> {
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    yield CallOutcome.Failed.of(Failure.CANCELLED, "interrupted");
                }
                yield new CallOutcome.Answer(in, 1000);
            }
            case "count" -> new CallOutcome.Answer(Integer.toString(counted.incrementAndGet()).getBytes(StandardCharsets.UTF_8), 1000);
            case "settings" -> new CallOutcome.Answer((settings.hosts() + " " + new java.util.TreeMap<>(settings.config()) + " " + settings.memoryBytes()).getBytes(StandardCharsets.UTF_8), 1000);
            case "sum" -> number(sum(in));
            case "sum_split" -> split(in);
            case "sum_join" -> number(PartList.read(in).stream().mapToLong(part -> Long.parseLong(new String(part, StandardCharsets.UTF_8))).sum());
            default -> CallOutcome.Failed.of(Failure.UNKNOWN_FUNCTION, "There is no function '" + request.function() + "'.");
        };
    }

    private static long sum(byte[] bytes) {
        long sum = 0;
        for (byte one : bytes) {
            sum += one;
        }
        return sum;
    }

    private static CallOutcome number(long value) {
        return new CallOutcome.Answer(Long.toString(value).getBytes(StandardCharsets.UTF_8), 1000);
    }

    private static CallOutcome split(byte[] in) {
        ByteBuffer input = ByteBuffer.wrap(in).order(ByteOrder.LITTLE_ENDIAN);
        int parts = input.getInt();
        List<byte[]> all = new ArrayList<>();
        int length = input.remaining();
        for (int k = 0; k < parts; k++) {
            byte[] part = new byte[length * (k + 1) / parts - length * k / parts];
            input.get(part);
            all.add(part);
        }
        return new CallOutcome.Answer(PartList.write(all), 1000);
    }

    /** The manifest of a worker whose sums are divided. */
    static String divisible() {
        return "{\"name\":\"sums\",\"description\":\"Adds bytes.\",\"wasm\":[{\"path\":\"main.wasm\"}],\"functions\":{\"sum\":{\"description\":\"Adds.\",\"divide\":{\"split\":\"sum_split\",\"join\":\"sum_join\"}}}}";
    }

    /** A manifest with these further members. */
    static String manifest(Map<String, Object> members) {
        Map<String, Object> all = new java.util.LinkedHashMap<>(Map.of("name", "any", "wasm", List.of(Map.of("path", "main.wasm"))));
        all.putAll(members);
        return dev.cloche.kernel.Json.text(all);
    }
}
