package dev.cloche.packages;

import dev.cloche.packages.PackageSource.Unreachable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** A package index over HTTP that speaks the simple protocol in HTML or JSON. Safe for use by several threads. */
final class HttpUpstream implements Upstream, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpUpstream.class.getName());
    private static final String ACCEPT_PAGE = SimpleJson.MEDIA_TYPE + ", " + SimpleHtml.MEDIA_TYPE + ";q=0.2, text/html;q=0.1";
    private static final int MOST_REDIRECTS = 5;
    private static final int LARGEST_METADATA = 4 * 1024 * 1024;

    private final UpstreamAddress address;
    private final HostPolicy policy;
    private final HttpClient client;
    private final Limits limits;

    /**
     * How long and how much.
     *
     * @param connect to connect
     * @param answer from the request to the head of the answer
     * @param stall without a byte
     * @param wholePage for a whole page or metadata file
     * @param wholeFile for a whole package
     * @param largestPage the largest page in bytes
     */
    record Limits(Duration connect, Duration answer, Duration stall, Duration wholePage, Duration wholeFile, int largestPage) {
        /** 10 s, 30 s, 30 s, 2 min, 30 min, 32 MiB. */
        static final Limits DEFAULT = new Limits(
                Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofMinutes(30), 32 * 1024 * 1024);
    }

    /** The index at this address. */
    HttpUpstream(UpstreamAddress address, SSLContext trust, Limits limits) {
        this.address = address;
        this.policy = new HostPolicy(address);
        this.limits = limits;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .sslContext(trust)
                .connectTimeout(limits.connect())
                .followRedirects(HttpClient.Redirect.NEVER);
        address.proxy().ifPresent(p -> builder.proxy(
                ProxySelector.of(new InetSocketAddress(p.getHost(), p.getPort() < 0 ? 80 : p.getPort()))));
        this.client = builder.build();
    }

    @Override
    public String key() {
        return Documents.keyOf(address.simple().toString());
    }

    @Override
    public Optional<List<IndexFile>> project(ProjectName project) throws Unreachable {
        URI url = address.simple().resolve(project + "/");
        try {
            return exchange(url, ACCEPT_PAGE, limits.wholePage(), (head, base, in) -> switch (head.statusCode()) {
                case 200 -> Optional.of(page(head, base, in));
                case 404, 410 -> Optional.empty();
                default -> throw new IOException("it answered " + head.statusCode());
            });
        } catch (IOException e) {
            throw unreachable(project.value(), e);
        }
    }

    private List<IndexFile> page(HttpResponse<?> head, URI base, InputStream in) throws IOException {
        byte[] bytes = limited(in, limits.largestPage(), "its page");
        String type = head.headers().firstValue("content-type").orElse("").toLowerCase(java.util.Locale.ROOT);
        List<IndexFile> files;
        try {
            files = type.contains("json") ? SimpleJson.read(bytes, base) : SimpleHtml.read(bytes, base);
        } catch (IllegalArgumentException e) {
            throw new IOException("its page cannot be read: " + e.getMessage(), e);
        }
        files.forEach(f -> f.url().ifPresent(policy::name));
        return files;
    }

    @Override
    public Optional<byte[]> metadata(IndexFile wheel) throws Unreachable {
        URI file = url(wheel);
        URI url = URI.create(file + ".metadata");
        try {
            return exchange(url, "*/*", limits.wholePage(), (head, base, in) -> head.statusCode() == 200
                    ? Optional.of(limited(in, LARGEST_METADATA, "its metadata"))
                    : Optional.empty());
        } catch (IOException e) {
            throw unreachable(wheel.file() + ".metadata", e);
        }
    }

    @Override
    public <T> T file(IndexFile file, Receiver<T> receiver) throws Unreachable, IOException {
        try {
            return exchange(url(file), "*/*", limits.wholeFile(), (head, base, in) -> {
                if (head.statusCode() != 200) {
                    throw new IOException("it answered " + head.statusCode());
                }
                return receiver.receive(in);
            });
        } catch (FileStore.WrongDigest | FileStore.TooLarge e) {
            throw e;
        } catch (IOException e) {
            throw unreachable(file.file(), e);
        }
    }

    private URI url(IndexFile file) throws Unreachable {
        URI url = file.url().orElseThrow(() -> new Unreachable(file.file() + " is not in the package index."));
        // Where a file lies is only ever known from a page of this upstream.
        policy.name(url);
        return url;
    }

    /** What to make of an answer. */
    @FunctionalInterface
    private interface Handling<T> {
        T handle(HttpResponse<?> head, URI base, InputStream in) throws IOException;
    }

    private <T> T exchange(URI first, String accept, Duration whole, Handling<T> handling) throws IOException {
        URI url = first;
        for (int hop = 0; hop <= MOST_REDIRECTS; hop++) {
            policy.check(url);
            HttpResponse<InputStream> response = send(url, accept);
            try (InputStream in = new TimedStream(response.body(), limits.stall(), whole)) {
                Optional<String> location = response.headers().firstValue("location");
                if (response.statusCode() < 300 || response.statusCode() > 399 || location.isEmpty()) {
                    return handling.handle(response, url, in);
                }
                url = url.resolve(location.get());
            } catch (IllegalArgumentException e) {
                throw new IOException("it redirects to what is no URL", e);
            }
        }
        throw new IOException("it redirects too often");
    }

    private HttpResponse<InputStream> send(URI url, String accept) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(limits.answer())
                .header("accept", accept)
                .header("user-agent", "cloche-packages");
        if (policy.isUpstream(url)) {
            address.authorization().ifPresent(a -> request.header("authorization", a));
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("cancelled");
        }
    }

    private static byte[] limited(InputStream in, int largest, String what) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            if (bytes.size() + n > largest) {
                throw new IOException(what + " is larger than " + largest + " bytes");
            }
            bytes.write(buffer, 0, n);
        }
        return bytes.toByteArray();
    }

    private static Unreachable unreachable(String what, IOException e) {
        LOG.log(System.Logger.Level.INFO, "event=package-index-failed what={0} cause={1}", what, e);
        return new Unreachable(switch (e) {
            case HostPolicy.Forbidden forbidden -> forbidden.getMessage() == null ? "forbidden" : forbidden.getMessage();
            case UnknownHostException unknown -> "The package index cannot be reached: its name is not known here.";
            case java.net.ConnectException refused -> "The package index cannot be reached: no connection.";
            case java.net.http.HttpTimeoutException slow -> "The package index does not answer in time.";
            case javax.net.ssl.SSLException tls -> "The package index cannot be trusted: its certificate is not accepted on this server.";
            default -> "The package index failed at " + what + ": " + e.getMessage() + ".";
        });
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
