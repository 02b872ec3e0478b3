package dev.cloche.workers;

import dev.cloche.kernel.PublicAddress;
import dev.cloche.wasm.Trap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Requests of workers to hosts that were granted: http and https, no redirects, bounded in size and time. Any thread. */
final class OutboundHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_MILLIS = 20;
    /** What the client itself says. */
    private static final Set<String> OURS = Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "te", "trailer", "keep-alive", "proxy-connection", "http2-settings");

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** What is asked. */
    record Request(String method, URI target, Map<String, String> headers, byte[] body) {}

    /** What came back. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        static final Answer NONE = new Answer(0, Map.of(), new byte[0]);
    }

    /** What one worker may. */
    record Rules(AllowedHosts hosts, boolean privateAddresses, long largestBody) {}

    /** Sends and waits until there is an answer, or the guest's call is to end. */
    Answer send(Request request, Rules rules, BooleanSupplier ending) {
        URI target = request.target();
        String host = target.getHost();
        String scheme = target.getScheme() == null ? "" : target.getScheme().toLowerCase(Locale.ROOT);
        if (host == null || !scheme.equals("http") && !scheme.equals("https") || target.getRawUserInfo() != null) {
            throw new Refused("Invalid URL: '" + target + "' is no http or https URL of a host");
        }
        if (!rules.hosts().allow(host)) {
            throw new Refused("HTTP request to " + target + " is not allowed");
        }
        if (!rules.privateAddresses()) {
            refusePrivate(host);
        }
        HttpRequest.Builder built = HttpRequest.newBuilder(target);
        request.headers().forEach((name, value) -> {
            if (!OURS.contains(name.toLowerCase(Locale.ROOT))) {
                header(built, name, value);
            }
        });
        try {
            built.method(request.method(), request.body().length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(request.body()));
        } catch (IllegalArgumentException e) {
            throw new Refused("the method '" + request.method() + "' cannot be sent");
        }
        HttpResponse<byte[]> response = await(client.sendAsync(built.build(),
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), rules.largestBody())), target, ending);
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
        return new Answer(response.statusCode(), headers, response.body());
    }

    private static void header(HttpRequest.Builder built, String name, String value) {
        try {
            built.header(name, value);
        } catch (IllegalArgumentException e) {
            throw new Refused("the header '" + name + "' cannot be sent");
        }
    }

    /** The addresses are those that the client connects to: Java keeps what a name was resolved to for 30 seconds. */
    private static void refusePrivate(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host.startsWith("[") ? host.substring(1, host.length() - 1) : host)) {
                if (!PublicAddress.is(address)) {
                    throw new Refused("HTTP request to " + host + " is not allowed: its address is not public");
                }
            }
        } catch (UnknownHostException e) {
            throw new Refused("the host " + host + " is not known");
        }
    }

    private static HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> sent, URI target, BooleanSupplier ending) {
        while (true) {
            if (ending.getAsBoolean()) {
                sent.cancel(true);
                throw new Trap(Trap.Kind.INTERRUPTED, "no answer from " + target + " before the call was to end");
            }
            try {
                return sent.get(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // looks again whether to wait on
            } catch (ExecutionException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw new Refused("HTTP request to " + target + " failed: "
                        + (cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.getClass().getSimpleName()));
            } catch (InterruptedException e) {
                sent.cancel(true);
                Thread.currentThread().interrupt();
                throw new Refused("the host stops");
            }
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
