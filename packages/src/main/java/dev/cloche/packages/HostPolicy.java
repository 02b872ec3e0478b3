package dev.cloche.packages;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which hosts may be asked on behalf of package requests: the upstream's own, and those that its pages name for files.
 * HTTPS only, unless the upstream itself is configured with HTTP. An address inside a private network is taken only if
 * the administrator's upstream lies in one itself. Safe for use by several threads.
 */
final class HostPolicy {
    private static final int MOST_HOSTS = 1_000;

    private final URI upstream;
    private final boolean resolves;
    private final Set<String> named = Collections.newSetFromMap(new ConcurrentHashMap<>());

    /** The policy for this upstream; behind a proxy addresses are the proxy's business and are not looked up. */
    HostPolicy(UpstreamAddress address) {
        this.upstream = address.simple();
        this.resolves = address.proxy().isEmpty();
    }

    /** A URL may not be asked; the message is for people. */
    static final class Forbidden extends java.io.IOException {
        private static final long serialVersionUID = 1L;

        Forbidden(String message) {
            super(message);
        }
    }

    /** Notes that a page of the upstream names this URL for a file. */
    void name(URI file) {
        if (named.size() < MOST_HOSTS && file.getHost() != null) {
            named.add(UpstreamAddress.authority(file));
        }
    }

    /** Returns if the URL may be asked. */
    void check(URI url) throws Forbidden, UnknownHostException {
        if (url.getHost() == null || url.getUserInfo() != null) {
            throw new Forbidden("The package index points to an address that is not used.");
        }
        boolean scheme = "https".equals(url.getScheme()) || ("http".equals(url.getScheme()) && "http".equals(upstream.getScheme()));
        if (!scheme) {
            throw new Forbidden("The package index points from HTTPS to " + url.getScheme() + ", which is not followed.");
        }
        String authority = UpstreamAddress.authority(url);
        if (isUpstream(url)) {
            return;
        }
        if (!named.contains(authority)) {
            throw new Forbidden("The package index points to the host " + url.getHost() + ", which none of its pages names.");
        }
        // The platform remembers the addresses for some seconds, so the connection goes to those checked here.
        if (resolves && isPrivate(url.getHost()) && !isPrivate(upstream.getHost())) {
            throw new Forbidden("The package index points to a private address, which is not followed.");
        }
    }

    /** Whether the URL is on the upstream's own host, which alone gets its credentials. */
    boolean isUpstream(URI url) {
        return upstream.getScheme().equals(url.getScheme()) && UpstreamAddress.authority(url).equals(UpstreamAddress.authority(upstream));
    }

    private static boolean isPrivate(String host) throws UnknownHostException {
        for (InetAddress address : InetAddress.getAllByName(host)) {
            if (isPrivate(address)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an address is not for the public Internet: loopback, link-local, private, shared (RFC 6598), unique local. */
    static boolean isPrivate(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
        boolean uniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
        boolean zero = bytes.length == 4 && bytes[0] == 0;
        return shared || uniqueLocal || zero || address.isLoopbackAddress() || address.isAnyLocalAddress()
                || address.isLinkLocalAddress() || address.isSiteLocalAddress() || address.isMulticastAddress();
    }
}
