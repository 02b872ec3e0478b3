package dev.cloche.packages;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where the upstream index is.
 *
 * @param simple the root of its simple index, ending in a slash, without credentials
 * @param authorization what to send to this host as {@code Authorization}, if credentials were given
 * @param proxy the HTTP proxy on the way, if there is one
 */
record UpstreamAddress(URI simple, Optional<String> authorization, Optional<URI> proxy) {
    /** The address in this text; a text that is no URL of HTTP is an {@link IllegalArgumentException}. */
    static UpstreamAddress of(String url, Optional<URI> proxy) {
        try {
            URI given = new URI(url.strip());
            String scheme = given.getScheme();
            if (given.getHost() == null || !("https".equals(scheme) || "http".equals(scheme))) {
                throw new IllegalArgumentException("the package index is not a URL of HTTP");
            }
            String path = given.getRawPath() == null || given.getRawPath().isEmpty() ? "/" : given.getRawPath();
            URI simple = new URI(scheme + "://" + hostAndPort(given) + (path.endsWith("/") ? path : path + "/"));
            return new UpstreamAddress(simple, Optional.ofNullable(given.getUserInfo()).map(UpstreamAddress::basic), proxy);
        } catch (URISyntaxException e) {
            // The message of the cause may hold a password.
            throw new IllegalArgumentException("the package index is not a URL");
        }
    }

    /** Host and port of a URL as one text, the port always named. */
    static String authority(URI url) {
        int port = url.getPort() >= 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
        return url.getHost().toLowerCase(java.util.Locale.ROOT) + ":" + port;
    }

    private static String hostAndPort(URI url) {
        return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
    }

    private static String basic(String userInfo) {
        String pair = userInfo.contains(":") ? userInfo : userInfo + ":";
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    /** Never the credentials. */
    @Override
    public String toString() {
        return simple.toString();
    }
}
