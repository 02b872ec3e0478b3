package dev.cloche.workers;

import dev.cloche.outbound.Lookup;
import dev.cloche.outbound.PinnedClient;
import dev.cloche.wasm.Trap;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests of workers to hosts that were granted: http and https, no redirects, bounded in size and time. A name is looked up once for
 * each request; the connection goes to the address that was judged (decision 26). Any thread.
 */
final class OutboundHttp implements AutoCloseable {
    /** Longer than any call. */
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration LONGEST_LOOKUP = Duration.ofSeconds(10);
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
    private static final Pattern NAME = METHOD;
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
    private static final Set<String> NOT_SENT = Set.of("CONNECT", "TRACE");
    /** What the client itself says. */
    private static final Set<String> OURS = Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding", "te", "trailer", "keep-alive", "http2-settings");

    private final Lookup lookup;
    private @Nullable PinnedClient client;
    private boolean closed;

    /** What is asked. */
    record Request(String method, URI target, Map<String, String> headers, byte[] body) {}

    /** What came back. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        static final Answer NONE = new Answer(0, Map.of(), new byte[0]);
    }

    /** What one worker may. */
    record Rules(AllowedHosts hosts, boolean privateAddresses, long largestBody) {}

    OutboundHttp(Lookup lookup) {
        this.lookup = lookup;
    }

    /** Sends and waits until there is an answer, or the guest's call is to end. */
    Answer send(Request request, Rules rules, BooleanSupplier ending) {
        URI target = target(request.target());
        if (!rules.hosts().allow(target.getHost())) {
            throw new Refused("HTTP request to " + target + " is not allowed");
        }
        if (!METHOD.matcher(request.method()).matches() || NOT_SENT.contains(request.method())) {
            throw new Refused("the method '" + request.method() + "' cannot be sent");
        }
        List<PinnedClient.Header> headers = headers(request.headers());
        int largest = (int) Math.min(rules.largestBody(), Integer.MAX_VALUE - 8);
        try {
            InetAddress address = lookup.address(target.getHost(), !rules.privateAddresses(), LONGEST_LOOKUP, ending);
            PinnedClient.Answer answer = client().send(new PinnedClient.Call(request.method(), target, address, headers, request.body(), LONGEST, largest), ending);
            Map<String, String> said = new LinkedHashMap<>();
            answer.headers().forEach(one -> said.merge(one.name().toLowerCase(Locale.ROOT), one.value(), (first, next) -> first + ", " + next));
            return new Answer(answer.status(), said, answer.body());
        } catch (IOException e) {
            if (ending.getAsBoolean()) {
                throw new Trap(Trap.Kind.INTERRUPTED, "no answer from " + target + " before the call was to end");
            }
            throw new Refused("HTTP request to " + target + " failed: " + e.getMessage());
        }
    }

    /** As it is sent: in ASCII, without a fragment. */
    private static URI target(URI given) {
        String scheme = given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT);
        if (given.getHost() == null || !scheme.equals("http") && !scheme.equals("https") || given.getRawUserInfo() != null) {
            throw new Refused("Invalid URL: '" + given + "' is no http or https URL of a host");
        }
        try {
            URI ascii = new URI(given.toASCIIString());
            return new URI(scheme + "://" + ascii.getHost().toLowerCase(Locale.ROOT) + (ascii.getPort() < 0 ? "" : ":" + ascii.getPort()) + ascii.getRawPath()
                    + (ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery()));
        } catch (URISyntaxException e) {
            throw new Refused("Invalid URL: " + e.getMessage());
        }
    }

    private static List<PinnedClient.Header> headers(Map<String, String> given) {
        List<PinnedClient.Header> headers = new ArrayList<>();
        given.forEach((name, value) -> {
            String plain = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
                throw new Refused("the header '" + name + "' cannot be sent");
            }
            if (!OURS.contains(plain) && !plain.startsWith("proxy-")) {
                headers.add(new PinnedClient.Header(plain, value));
            }
        });
        return headers;
    }

    private synchronized PinnedClient client() throws IOException {
        if (closed) {
            throw new IOException("the host stops");
        }
        if (client == null) {
            client = new PinnedClient();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
