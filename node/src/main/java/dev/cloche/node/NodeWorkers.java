package dev.cloche.node;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.Worker;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The workers that a node has. Any thread may use it. */
final class NodeWorkers implements AutoCloseable {
    /** Lent workers that stay open for the next call. */
    private static final int KEPT = 32;

    private final List<Worker> own;
    /** The one that was used longest ago first; guarded by itself. */
    private final Map<Lent, Worker> lent = new LinkedHashMap<>(16, 0.75f, true);

    /** Those that the node was started with; those of a coordinator come later. */
    NodeWorkers(List<Worker> own) {
        this.own = List.copyOf(own);
    }

    /** Those that the node was started with. */
    List<Worker> own() {
        return own;
    }

    /** A worker of the coordinator: which one, and what it may use. */
    record Lent(String digest, LentSettings settings) {}

    /** One of the coordinator, or one's own of that digest where the coordinator says nothing of settings. */
    Optional<Worker> find(Lent wanted) {
        return Optional.ofNullable(lent(wanted))
                .or(() -> wanted.settings.equals(LentSettings.NONE) ? own.stream().filter(worker -> worker.digest().hex().equals(wanted.digest)).findFirst() : Optional.empty());
    }

    private @Nullable Worker lent(Lent wanted) {
        synchronized (lent) {
            return lent.get(wanted);
        }
    }

    /** Digests of those that the node was started with, and that it grants what it grants; those that were lent it asks for again if it must. */
    List<String> digests() {
        return own.stream().map(worker -> worker.digest().hex()).toList();
    }

    /** Keeps one that came from a coordinator; false if it is there already. */
    boolean lend(Lent wanted, Worker worker) {
        synchronized (lent) {
            return lent.putIfAbsent(wanted, worker) == null;
        }
    }

    /**
     * Takes out lent workers that are of little use since this one came, for the caller to close: the same ones with settings that hold
     * no longer, and those that were used longest ago when there are many.
     *
     * @param inUse those that stay in any case
     */
    List<Worker> retire(Lent newest, Set<Lent> inUse) {
        List<Worker> retired = new ArrayList<>();
        synchronized (lent) {
            int many = lent.size() - KEPT;
            Iterator<Map.Entry<Lent, Worker>> all = lent.entrySet().iterator();
            while (all.hasNext()) {
                Map.Entry<Lent, Worker> one = all.next();
                boolean replaced = one.getKey().digest.equals(newest.digest);
                if (!one.getKey().equals(newest) && (replaced || many > 0) && !inUse.contains(one.getKey())) {
                    retired.add(one.getValue());
                    all.remove();
                    many--;
                }
            }
        }
        return retired;
    }

    /**
     * The worker that a caller means: the one that is named, the only one, or the only one that has the function.
     *
     * @throws Problem that names the field
     */
    Worker meant(Optional<String> name, String function) {
        if (name.isPresent()) {
            return own.stream().filter(worker -> worker.manifest().name().equals(name.get())).findFirst().orElseThrow(() ->
                    Problem.field("worker", "exists", "There is no worker '" + name.get() + "' here; there is " + names() + "."));
        }
        if (own.isEmpty()) {
            throw Problem.field("worker", "exists", "This node was started without workers of its own.");
        }
        if (own.size() == 1) {
            return own.getFirst();
        }
        List<Worker> having = own.stream().filter(worker -> worker.function(function).isPresent()).toList();
        if (having.size() != 1) {
            throw Problem.field("worker", "required", "There are several workers here: name one, " + names() + ".");
        }
        return having.getFirst();
    }

    private String names() {
        return String.join(", ", own.stream().map(worker -> "'" + worker.manifest().name() + "'").toList());
    }

    /** Calls that run or wait. */
    int busy() {
        return Stream.concat(own.stream(), allLent().stream()).mapToInt(worker -> worker.load().running() + worker.load().waiting()).sum();
    }

    private List<Worker> allLent() {
        synchronized (lent) {
            return List.copyOf(lent.values());
        }
    }

    @Override
    public void close() {
        own.forEach(Worker::close);
        allLent().forEach(Worker::close);
    }
}
