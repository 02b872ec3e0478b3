package dev.cloche.node;

import dev.cloche.workers.CallOutcome;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts, as the text format of Prometheus. Any thread may use it. */
final class NodeMetrics {
    /** Most functions that are counted one by one; what is asked beyond them counts as {@code other}. */
    private static final int FUNCTIONS = 200;
    private static final double[] BOUNDS = {0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30};

    private final Map<String, Counts> functions = new ConcurrentSkipListMap<>();
    private final LongAdder refused = new LongAdder();

    /** Of one function of one worker. */
    private static final class Counts {
        private final LongAdder answered = new LongAdder();
        private final Map<String, LongAdder> failed = new ConcurrentSkipListMap<>();
        private final AtomicLongArray buckets = new AtomicLongArray(BOUNDS.length + 1);
        private final LongAdder nanos = new LongAdder();
    }

    /** A call has ended, this long after it was asked for. */
    void called(String worker, String function, CallOutcome outcome, long nanos) {
        String key = "worker=\"" + escaped(worker) + "\",function=\"" + escaped(function) + "\"";
        Counts counts = functions.get(key);
        if (counts == null) {
            boolean unknown = outcome instanceof CallOutcome.Failed failed && failed.kind() == dev.cloche.workers.Failure.UNKNOWN_FUNCTION;
            String row = unknown || functions.size() >= FUNCTIONS ? "worker=\"" + escaped(worker) + "\",function=\"other\"" : key;
            counts = functions.computeIfAbsent(row, name -> new Counts());
        }
        switch (outcome) {
            case CallOutcome.Answer answer -> counts.answered.increment();
            case CallOutcome.Failed failed -> counts.failed.computeIfAbsent(failed.kind().text(), kind -> new LongAdder()).increment();
        }
        counts.nanos.add(nanos);
        int bucket = 0;
        while (bucket < BOUNDS.length && nanos > BOUNDS[bucket] * 1e9) {
            bucket++;
        }
        counts.buckets.incrementAndGet(bucket);
    }

    /** A request was refused before it was a call. */
    void refused() {
        refused.increment();
    }

    /** All counts, with these of the moment: calls that run or wait, and slots. */
    String text(int busy, int slots, boolean draining) {
        StringBuilder text = new StringBuilder(4096);
        head(text, "cloche_node_busy", "gauge", "Calls that run or wait.").append("cloche_node_busy ").append(busy).append('\n');
        head(text, "cloche_node_slots", "gauge", "Calls that run at a time.").append("cloche_node_slots ").append(slots).append('\n');
        head(text, "cloche_node_draining", "gauge", "1 while the node stops.").append("cloche_node_draining ").append(draining ? 1 : 0).append('\n');
        head(text, "cloche_node_refused_total", "counter", "Requests that were no calls.").append("cloche_node_refused_total ").append(refused.sum()).append('\n');
        head(text, "cloche_node_calls_total", "counter", "Calls that have ended.");
        functions.forEach((key, counts) -> {
            text.append("cloche_node_calls_total{").append(key).append(",outcome=\"ok\"} ").append(counts.answered.sum()).append('\n');
            counts.failed.forEach((kind, count) ->
                    text.append("cloche_node_calls_total{").append(key).append(",outcome=\"").append(kind).append("\"} ").append(count.sum()).append('\n'));
        });
        head(text, "cloche_node_call_seconds", "histogram", "From the request's last byte to the answer.");
        functions.forEach((key, counts) -> histogram(text, key, counts));
        return text.toString();
    }

    private static void histogram(StringBuilder text, String key, Counts counts) {
        long sum = 0;
        for (int k = 0; k <= BOUNDS.length; k++) {
            sum += counts.buckets.get(k);
            String bound = k < BOUNDS.length ? Double.toString(BOUNDS[k]) : "+Inf";
            text.append("cloche_node_call_seconds_bucket{").append(key).append(",le=\"").append(bound).append("\"} ").append(sum).append('\n');
        }
        text.append("cloche_node_call_seconds_sum{").append(key).append("} ").append(counts.nanos.sum() / 1e9).append('\n');
        text.append("cloche_node_call_seconds_count{").append(key).append("} ").append(sum).append('\n');
    }

    private static StringBuilder head(StringBuilder text, String name, String type, String help) {
        return text.append("# HELP ").append(name).append(' ').append(help).append("\n# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static String escaped(String label) {
        return label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
