package dev.cloche.node;

import dev.cloche.kernel.Problem;
import dev.cloche.wasm.Engine;
import dev.cloche.wasm.EngineSettings;
import dev.cloche.wasm.Engines;
import dev.cloche.workers.LentSettings;
import dev.cloche.workers.Worker;
import dev.cloche.workers.WorkerBundle;
import dev.cloche.workers.WorkerSettings;
import dev.cloche.workers.Workers;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A node at work: its engine, its workers, its HTTP and its link. */
public final class Node implements AutoCloseable {
    private final NodeSettings settings;
    private final Engine engine;
    private final Workers opener;
    private final NodeWorkers workers;
    private final Vertx vertx;
    private final NodeServer server;
    private final Optional<CoordinatorLink> link;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Node(NodeSettings settings, Engine engine, Workers opener, List<Worker> own, Vertx vertx) {
        this.settings = settings;
        this.engine = engine;
        this.opener = opener;
        this.workers = new NodeWorkers(own);
        this.vertx = vertx;
        this.link = settings.coordinator().map(where -> new CoordinatorLink(vertx, where, settings.bodyBytes(), this));
        this.server = NodeServer.listen(vertx, settings, workers, link);
        link.ifPresent(CoordinatorLink::open);
    }

    /**
     * Opens the workers and listens.
     *
     * @throws Problem if a file is no worker, or the port is taken
     */
    public static Node start(NodeSettings settings) {
        // the two slow beginnings side by side
        CompletableFuture<Vertx> network = CompletableFuture.supplyAsync(() -> network());
        Engine engine = Engines.open(EngineSettings.of(settings.places().libraries(), settings.places().cache()));
        Workers opener = new Workers(engine);
        WorkerSettings granted = granted(settings);
        List<Worker> own = new ArrayList<>();
        try {
            for (Path file : settings.files()) {
                own.add(opener.open(read(file), granted));
            }
            return new Node(settings, engine, opener, own, network.join());
        } catch (RuntimeException e) {
            own.forEach(Worker::close);
            opener.close();
            engine.close();
            network.join().close().toCompletionStage().toCompletableFuture().join();
            throw e;
        }
    }

    private static WorkerSettings granted(NodeSettings settings) {
        NodeSettings.Grants grants = settings.grants();
        return WorkerSettings.DEFAULT.withSlots(settings.slots(), settings.queue()).withHosts(grants.hosts(), grants.privateAddresses())
                .withPaths(grants.paths()).withConfig(grants.config());
    }

    private static Vertx network() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4))
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
    }

    private static WorkerBundle read(Path file) {
        String name = Optional.ofNullable(file.getFileName()).map(Path::toString).orElse("");
        try {
            if (Files.size(file) > WorkerBundle.LARGEST) {
                throw Problem.field("file", "maxLength", file + " is larger than the " + WorkerBundle.LARGEST + " bytes that a worker may have.");
            }
            return WorkerBundle.read(Files.readAllBytes(file), name);
        } catch (IOException e) {
            throw Problem.field("file", "readable", "Cannot read " + file + ".");
        }
    }

    /** The port that is listened on. */
    public int port() {
        return server.port();
    }

    /** The workers that it has. */
    NodeWorkers workers() {
        return workers;
    }

    /** The engine's name and version. */
    String engine() {
        return engine.name();
    }

    /** Whether the engine runs SIMD builds. */
    boolean simd() {
        return opener.simd();
    }

    /** Calls that run at a time. */
    int slots() {
        return settings.slots();
    }

    /** Whether a coordinator has welcomed it. */
    public boolean isLinked() {
        return link.map(CoordinatorLink::isLinked).orElse(false);
    }

    /** Hosts that workers may ask from here. */
    List<String> hosts() {
        return settings.grants().hosts();
    }

    /**
     * Opens a worker of the coordinator. It gets what its project gives it, of hosts what is granted here as well, and nothing of what
     * the node's own workers have.
     *
     * @throws Problem if it is none, or not the one that was asked for
     */
    void lend(byte[] file, String name, NodeWorkers.Lent wanted) {
        WorkerBundle bundle = WorkerBundle.read(file, name);
        if (!bundle.digest().hex().equals(wanted.digest())) {
            throw Problem.field("digest", "equal", "The worker that came is " + bundle.digest() + ", wanted was " + wanted.digest() + ".");
        }
        LentSettings given = wanted.settings();
        if (!given.isWithin(hosts())) {
            throw Problem.field("hosts", "granted", "The worker may ask hosts that this node does not grant (--allow-host).");
        }
        WorkerSettings usual = WorkerSettings.DEFAULT;
        long most = given.memoryPages().map(pages -> Math.min((long) pages << 16, usual.memoryBytes())).orElse(usual.memoryBytes());
        Worker worker = opener.open(bundle, usual.withSlots(settings.slots(), settings.queue()).withHosts(given.hosts(), false).withConfig(given.config()).withLimits(most, usual.timeout()));
        if (!workers.lend(wanted, worker)) {
            worker.close();
        }
    }

    /** Says that it goes, finishes the calls in progress, and ends; calling it again does nothing. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        server.drain();
        link.ifPresent(one -> one.drain(settings.drain()));
        link.ifPresent(CoordinatorLink::close);
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        workers.close();
        opener.close();
        engine.close();
    }
}
