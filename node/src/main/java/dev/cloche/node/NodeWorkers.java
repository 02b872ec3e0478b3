package dev.cloche.node;

import dev.cloche.kernel.Problem;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.Worker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The workers that a node has. Any thread may use it. */
final class NodeWorkers implements AutoCloseable {
    private final List<Worker> own;
    private final Map<Lent, Worker> lent = new ConcurrentHashMap<>();

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
        return Optional.ofNullable(lent.get(wanted))
                .or(() -> wanted.settings.equals(LentSettings.NONE) ? own.stream().filter(worker -> worker.digest().hex().equals(wanted.digest)).findFirst() : Optional.empty());
    }

    /** Digests of those that the node was started with, and that it grants what it grants; those that were lent it asks for again if it must. */
    List<String> digests() {
        return own.stream().map(worker -> worker.digest().hex()).toList();
    }

    /** Keeps one that came from a coordinator; false if it is there already. */
    boolean lend(Lent wanted, Worker worker) {
        return lent.putIfAbsent(wanted, worker) == null;
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
        return java.util.stream.Stream.concat(own.stream(), lent.values().stream()).mapToInt(worker -> worker.load().running() + worker.load().waiting()).sum();
    }

    @Override
    public void close() {
        own.forEach(Worker::close);
        lent.values().forEach(Worker::close);
    }
}
