package dev.cloche.databases;

import dev.cloche.modules.HttpHeader;
import dev.cloche.modules.HttpRequestHead;
import dev.cloche.modules.HttpResponseHead;
import dev.cloche.modules.HttpVersion;
import dev.cloche.modules.Outside.HttpAnswer;
import dev.cloche.outbound.Lookup;
import dev.cloche.outbound.PinnedClient;
import dev.cloche.values.BsatnException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Requests that modules send to other servers, as far as the administrator allows (decision 0026). Any thread; calls block. */
final class OutboundRequests implements AutoCloseable {
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int AT_ONCE = 32;
    private static final int LARGEST_BODY = 8 << 20;
    private static final int LARGEST_HEADERS = 32 * 1024;
    private static final int LONGEST_URL = 8 * 1024;
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
    private static final Set<String> NOT_SENT = Set.of("CONNECT", "TRACE");
    /** What belongs to the connection, and is written by whoever makes it. */
    private static final Set<String> OF_CONNECTION = Set.of(
            "host", "connection", "content-length", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive", "expect", "http2-settings");

    private final OutboundSettings settings;
    private final Lookup lookup;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private @Nullable PinnedClient client;
    private boolean closed;

    /** Why a request is not sent. */
    private static final class NotSent extends Exception {
        private static final long serialVersionUID = 1L;

        NotSent(String message) {
            super(message, null, false, false);
        }
    }

    OutboundRequests(OutboundSettings settings) {
        this(settings, new Lookup());
    }

    OutboundRequests(OutboundSettings settings, Lookup lookup) {
        this.settings = settings;
        this.lookup = lookup;
    }

    /**
     * Sends what a module gave, and waits for the answer.
     *
     * @param request BSATN of a {@link HttpRequestHead}
     * @param ending whether the module's call is to end
     */
    HttpAnswer send(byte[] request, byte[] body, BooleanSupplier ending) {
        HttpRequestHead head;
        try {
            head = HttpRequestHead.decode(request);
        } catch (BsatnException e) {
            return new HttpAnswer.Failed("The request has not the form of the module ABI: " + e.getMessage() + ".");
        }
        try {
            return sent(head, body, ending);
        } catch (NotSent | IOException e) {
            return new HttpAnswer.Failed(head.method() + " " + shown(head.uri()) + ": " + e.getMessage());
        }
    }

    private HttpAnswer sent(HttpRequestHead head, byte[] body, BooleanSupplier ending) throws NotSent, IOException {
        URI target = target(head.uri());
        if (!METHOD.matcher(head.method()).matches() || NOT_SENT.contains(head.method())) {
            throw new NotSent("this method is not sent");
        }
        if (!settings.allow(target, PinnedClient.port(target))) {
            throw new NotSent("this server's administrator does not allow requests to " + target.getHost()
                    + (target.getPort() < 0 ? "" : ":" + target.getPort()) + " (setting databases.outbound)");
        }
        List<PinnedClient.Header> headers = headers(head.headers());
        if (body.length > LARGEST_BODY) {
            throw new NotSent("a body has at most " + LARGEST_BODY + " bytes, not " + body.length);
        }
        long start = System.nanoTime();
        Duration patience = patience(head);
        if (!places.tryAcquire()) {
            throw new NotSent("too many requests are under way; try again");
        }
        try {
            InetAddress address = lookup.address(target.getHost(), !settings.anyAddress(), patience, ending);
            Duration left = patience.minusNanos(System.nanoTime() - start);
            PinnedClient.Answer answer = client().send(new PinnedClient.Call(head.method(), target, address, headers, body, left, LARGEST_BODY), ending);
            List<HttpHeader> said = answer.headers().stream().map(one -> new HttpHeader(one.name().toLowerCase(Locale.ROOT), one.value())).toList();
            return new HttpAnswer.Answered(new HttpResponseHead(said, HttpVersion.HTTP_1_1, answer.status()).encode(), answer.body());
        } finally {
            places.release();
        }
    }

    private static Duration patience(HttpRequestHead head) throws NotSent {
        Duration wanted = head.timeout().orElse(USUAL);
        if (wanted.isNegative() || wanted.isZero()) {
            throw new NotSent("a timeout is more than nothing");
        }
        return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
    }

    private static URI target(String text) throws NotSent {
        if (text.length() > LONGEST_URL) {
            throw new NotSent("a URL has at most " + LONGEST_URL + " characters");
        }
        try {
            URI given = new URI(new URI(text).toASCIIString());
            String scheme = given.getScheme() == null ? "" : given.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https")) {
                throw new NotSent("a URL begins with https:// or http://");
            }
            if (given.getHost() == null || given.getRawUserInfo() != null) {
                throw new NotSent("a URL has a host, and no user");
            }
            String host = given.getHost().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
            String port = given.getPort() < 0 ? "" : ":" + given.getPort();
            String query = given.getRawQuery() == null ? "" : "?" + given.getRawQuery();
            return new URI(scheme + "://" + host + port + given.getRawPath() + query);
        } catch (URISyntaxException e) {
            throw new NotSent("this is no URL: " + e.getReason());
        }
    }

    private static List<PinnedClient.Header> headers(List<HttpHeader> given) throws NotSent {
        List<PinnedClient.Header> headers = new ArrayList<>();
        int size = 0;
        for (HttpHeader header : given) {
            String name = header.name().toLowerCase(Locale.ROOT);
            size += name.length() + header.value().length();
            if (!header.isWellFormed()) {
                throw new NotSent("a header's name or value has characters that cannot stand there");
            }
            if (OF_CONNECTION.contains(name) || name.startsWith("proxy-")) {
                throw new NotSent("the header " + name + " is written by the server itself");
            }
            headers.add(new PinnedClient.Header(name, header.value()));
        }
        if (size > LARGEST_HEADERS) {
            throw new NotSent("all headers together have at most " + LARGEST_HEADERS + " bytes");
        }
        return headers;
    }

    private synchronized PinnedClient client() throws NotSent {
        if (closed) {
            throw new NotSent("the server stops");
        }
        if (client == null) {
            client = new PinnedClient();
        }
        return client;
    }

    private static String shown(String uri) {
        int query = uri.indexOf('?');
        String place = query < 0 ? uri : uri.substring(0, query);
        return place.length() > 200 ? place.substring(0, 200) + "…" : place;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
    }
}
