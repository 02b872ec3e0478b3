package dev.cloche.http;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP/1.1 server on one port. Each request runs on a virtual thread of its own; Vert.x does the input and output.
 * A connection may become a WebSocket, whose frames are read on the event loop. Close it to stop: no new connections, requests
 * in progress may end, streams are interrupted, WebSockets are told.
 */
public final class HttpServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpServer.class.getName());
    private static final int LINE_BYTES = 16 * 1024;
    /** Bodies are handed on as they are read from the socket, not cut into pieces of 8 KiB. */
    private static final int CHUNK_BYTES = 256 * 1024;
    private static final long WATCH_MILLIS = 500;

    private final HttpConfig config;
    private final Vertx vertx;
    private final io.vertx.core.http.HttpServer server;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());
    private final Map<HttpConnection, Watched> connections = new ConcurrentHashMap<>();
    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();
    private final BodyBudget budget = BodyBudget.ofHeap();
    private volatile @Nullable FrontDoor door;
    private volatile boolean stopping;

    /** What the watch knows of a connection; used by several threads. */
    static final class Watched {
        private int running;
        private boolean used;
        private boolean finished;
        private long since = System.nanoTime();
        private @Nullable SocketConnection socket;

        /** From now on it is a WebSocket. */
        synchronized void become(SocketConnection connection) {
            socket = connection;
        }

        synchronized Optional<SocketConnection> socket() {
            return Optional.ofNullable(socket);
        }

        synchronized void begin() {
            running++;
            used = true;
        }

        /** From now on no request of this connection is heard any more. */
        synchronized void finish() {
            finished = true;
        }

        synchronized boolean isFinished() {
            return finished;
        }

        synchronized void end() {
            running--;
            since = System.nanoTime();
        }

        synchronized boolean overdue(HttpConfig config) {
            Duration limit = used ? config.idleTimeout() : config.headTimeout();
            return running == 0 && System.nanoTime() - since > limit.toNanos();
        }
    }

    private HttpServer(HttpConfig config) {
        this.config = config;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(Math.min(4, Runtime.getRuntime().availableProcessors()))
                .setWorkerPoolSize(4)
                .setInternalBlockingPoolSize(4)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setMaxHeaderSize(config.headerBytes())
                .setMaxInitialLineLength(LINE_BYTES)
                .setMaxChunkSize(CHUNK_BYTES)
                .setHandle100ContinueAutomatically(false)
                .setDecompressionSupported(false)
                .setCompressionSupported(false)
                .setHttp2ClearTextEnabled(false));
        server.connectionHandler(this::connected);
        server.invalidRequestHandler(Exchange::refuseInvalid);
        server.requestHandler(this::accept);
    }

    /** Opens the port and answers 503 until {@link #serve}; the port is then known for {@link Origins}. */
    public static HttpServer bind(HttpConfig config) {
        HttpServer server = new HttpServer(config);
        try {
            server.server.listen(config.port(), config.address()).toCompletionStage().toCompletableFuture().join();
        } catch (RuntimeException e) {
            server.close();
            throw new IllegalStateException("cannot listen on " + config.address() + ":" + config.port() + ": " + rootOf(e).getMessage(), e);
        }
        server.vertx.setPeriodic(WATCH_MILLIS, id -> server.closeOverdue());
        return server;
    }

    /** The port that is listened on. */
    public int port() {
        return server.actualPort();
    }

    /** From now on requests go through this door. */
    public void serve(FrontDoor frontDoor) {
        door = frontDoor;
    }

    /** Stops within about the stop time-out; safe to call twice. */
    @Override
    public void close() {
        stopping = true;
        exchanges.forEach(Exchange::interruptStream);
        try {
            server.shutdown(config.stopTimeout().toMillis(), TimeUnit.MILLISECONDS).toCompletionStage().toCompletableFuture()
                    .get(config.stopTimeout().toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            // the connections are cut below
        }
        threads.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        try {
            // they were interrupted; whoever does not hear that must not keep the process
            if (!threads.awaitTermination(500, TimeUnit.MILLISECONDS)) {
                LOG.log(System.Logger.Level.WARNING, "event=requests-abandoned");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connected(HttpConnection connection) {
        if (stopping || connections.size() >= config.connections()) {
            connection.close();
            return;
        }
        connections.put(connection, new Watched());
        connection.closeHandler(gone -> connections.remove(connection));
    }

    private void accept(HttpServerRequest request) {
        request.pause();
        Watched watched = connections.computeIfAbsent(request.connection(), c -> new Watched());
        if (watched.isFinished()) {
            request.connection().close();
            return;
        }
        Exchange exchange = new Exchange(request, config, watched, Objects.requireNonNull(Vertx.currentContext()), stopping);
        watched.begin();
        exchanges.add(exchange);
        threads.execute(() -> {
            try {
                exchange.run(door, budget);
            } finally {
                exchanges.remove(exchange);
                watched.end();
                // of a WebSocket the server hears no end of the HTTP connection
                watched.socket().ifPresent(socket -> connections.remove(request.connection()));
            }
        });
    }

    private void closeOverdue() {
        connections.forEach((connection, watched) -> {
            watched.socket().ifPresent(SocketConnection::watch);
            if (watched.overdue(config)) {
                connection.close();
            }
        });
    }

    private static Throwable rootOf(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
