package dev.cloche.outbound;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * Sends HTTP/1.1 requests to servers elsewhere, each over a connection of its own to an address that the caller chose: the name in
 * the URL is for the header {@code Host} and the certificate only, and is not looked up again. Redirects are not followed, bodies
 * are not unpacked. Any thread; calls block.
 */
public final class PinnedClient implements AutoCloseable {
    private static final int LARGEST_HEAD = 32 * 1024;
    private static final int LONGEST_LINE = 8 * 1024;
    private static final long LOOK_EVERY_MILLIS = 50;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    private final Vertx vertx;
    private final HttpClient client;

    /** A name and a value; the value one character for each byte. */
    public record Header(String name, String value) {}

    /**
     * What is to be sent.
     *
     * @param target an absolute URL of http or https in ASCII, without user and fragment
     * @param address of the server
     * @param headers a {@code user-agent} is added if there is none
     * @param patience how long all of it may take
     * @param largestBody most bytes of the answer's body
     */
    public record Call(String method, URI target, InetAddress address, List<Header> headers, byte[] body, Duration patience, int largestBody) {
        /** Copies the headers. */
        public Call {
            headers = List.copyOf(headers);
        }
    }

    /** What came back. */
    public record Answer(int status, List<Header> headers, byte[] body) {
        /** Copies the headers. */
        public Answer {
            headers = List.copyOf(headers);
        }
    }

    /** A client that believes the certificates that Java believes. */
    public PinnedClient() {
        this(Optional.empty());
    }

    /** As the other, but believing only the certificates of a PEM file, if one is given. */
    PinnedClient(Optional<Path> certificates) {
        vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAlive(false)
                .setDecompressionSupported(false)
                .setVerifyHost(true)
                .setMaxHeaderSize(LARGEST_HEAD)
                .setMaxInitialLineLength(LONGEST_LINE);
        certificates.ifPresent(file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
        client = vertx.createHttpClient(options);
    }

    /** The port of a URL, also where it names none. */
    public static int port(URI target) {
        if (target.getPort() >= 0) {
            return target.getPort();
        }
        return target.getScheme().equals("https") ? HTTPS_PORT : HTTP_PORT;
    }

    /**
     * Sends a request and waits for the whole answer.
     *
     * @param ending whether the caller wants to wait no longer; asked again and again
     * @throws IOException if there is no answer; the message says why
     */
    public Answer send(Call call, BooleanSupplier ending) throws IOException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        AtomicReference<HttpClientRequest> sent = new AtomicReference<>();
        AtomicBoolean over = new AtomicBoolean();
        client.request(writable(call))
                .compose(request -> {
                    sent.set(request);
                    request.exceptionHandler(answer::completeExceptionally);
                    if (over.get()) {
                        request.connection().close();
                        return Future.failedFuture("too late");
                    }
                    return request.send(Buffer.buffer(call.body()));
                })
                .onSuccess(response -> collect(response, call.largestBody(), answer))
                .onFailure(answer::completeExceptionally);
        try {
            return await(answer, call.patience(), ending);
        } finally {
            over.set(true);
            HttpClientRequest request = sent.get();
            if (request != null) {
                request.connection().close();
            }
        }
    }

    private static RequestOptions writable(Call call) throws IOException {
        try {
            return options(call);
        } catch (IllegalArgumentException e) {
            throw new IOException("it cannot be written: " + e.getMessage(), e);
        }
    }

    private static RequestOptions options(Call call) {
        URI target = call.target();
        String path = target.getRawPath().isEmpty() ? "/" : target.getRawPath();
        String host = target.getHost();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(call.method()))
                .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(call.address(), port(target))))
                .setHost(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)
                .setPort(port(target))
                .setSsl(target.getScheme().equals("https"))
                .setURI(target.getRawQuery() == null ? path : path + "?" + target.getRawQuery())
                .setConnectTimeout(call.patience().toMillis())
                .setFollowRedirects(false);
        call.headers().forEach(header -> options.addHeader(header.name(), header.value()));
        if (call.headers().stream().noneMatch(header -> header.name().equalsIgnoreCase("user-agent"))) {
            options.addHeader("user-agent", "cloche");
        }
        return options;
    }

    private static void collect(HttpClientResponse response, int largest, CompletableFuture<Answer> answer) {
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::completeExceptionally);
        response.handler(part -> {
            if (body.length() + part.length() > largest) {
                answer.completeExceptionally(new IOException("the answer has more than " + largest + " bytes"));
                response.request().connection().close();
            } else if (!answer.isDone()) {
                body.appendBuffer(part);
            }
        });
        response.endHandler(end -> answer.complete(new Answer(response.statusCode(),
                response.headers().entries().stream().map(one -> new Header(one.getKey(), one.getValue())).toList(), body.getBytes())));
    }

    private static Answer await(CompletableFuture<Answer> answer, Duration patience, BooleanSupplier ending) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new IOException("no answer within " + patience.toMillis() + " ms");
            }
            if (ending.getAsBoolean()) {
                throw new IOException("the call is to end");
            }
            try {
                return answer.get(Math.min(left, LOOK_EVERY_MILLIS), TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // looks again whether to wait on
            } catch (ExecutionException e) {
                throw new IOException(told(e), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the server stops", e);
            }
        }
    }

    private static String told(ExecutionException failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        String text = String.valueOf(cause.getMessage());
        return text.isBlank() || text.equals("null") ? cause.getClass().getSimpleName() : text.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        client.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
