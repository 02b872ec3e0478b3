package dev.cloche.http;

import dev.cloche.kernel.RandomIds;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The origins of one server: the control plane at {@code domain}, user content at names below it. Hosts are compared whole,
 * never by a suffix of unknown text.
 *
 * @param scheme {@code http} or {@code https}
 * @param domain the control plane's name in lower case, {@code cloche.localhost} by default
 * @param port the port that browsers use
 */
public record Origins(String scheme, String domain, int port) {
    /** The domain that needs no set-up on the machine itself. */
    public static final String LOCAL_DOMAIN = "cloche.localhost";

    /** The label of the page for WebAssembly workers; no workspace has it, since theirs begin with {@code ws-}. */
    private static final String WORKERS = "workers";

    private static final Pattern APP = Pattern.compile("[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?");
    private static final Pattern HOST = Pattern.compile("(?:([1-9][0-9]{0,4})--)?ws-([0-9a-z]{16})");
    private static final Pattern LOOPBACK = Pattern.compile("(?:localhost|127\\.0\\.0\\.1|\\[::1])(?::[0-9]{1,5})?");

    /** Checks the parts. */
    public Origins {
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("the scheme is http or https, not " + scheme);
        }
        if (!domain.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
            throw new IllegalArgumentException("not a domain in lower case: " + domain);
        }
    }

    /** The origins of a server for this machine only. */
    public static Origins local(int port) {
        return new Origins("http", LOCAL_DOMAIN, port);
    }

    /** The control plane's origin. */
    public String control() {
        return scheme + "://" + domain + portSuffix();
    }

    /** The origin of a workspace's engine host; {@code {id}} makes the pattern that clients fill in. */
    public String engineHost(String workspaceId) {
        return scheme + "://ws-" + workspaceId + ".host." + domain + portSuffix();
    }

    /** The origin of a port of a workspace; {@code {port}} and {@code {id}} make the pattern. */
    public String preview(String workspaceId, String tcpPort) {
        return scheme + "://" + tcpPort + "--ws-" + workspaceId + ".host." + domain + portSuffix();
    }

    /** The origin of the page in which WebAssembly workers run in a tab. */
    public String workerHost() {
        return scheme + "://" + WORKERS + ".host." + domain + portSuffix();
    }

    /** The origin of an app; {@code {name}} makes the pattern. */
    public String app(String name) {
        return scheme + "://" + name + ".app." + domain + portSuffix();
    }

    /** Every engine host and preview, as a source of a content security policy. */
    String anyHost() {
        return engineHost("*").replace("ws-*", "*");
    }

    /** Every app, as a source of a content security policy. */
    String anyApp() {
        return app("*");
    }

    /** The site of a {@code Host} header in lower case; empty for every name that is not exactly one of ours. */
    Optional<Site> site(String host) {
        String end = domain + portSuffix();
        if (host.equals(end)) {
            return Optional.of(new Site.Control());
        }
        return below(host, ".host." + end).flatMap(Origins::hostSite).or(() -> below(host, ".app." + end).flatMap(Origins::appSite));
    }

    /** Whether this is the machine's own loopback address or name, with any port. */
    static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host).matches();
    }

    private static Optional<String> below(String host, String end) {
        return host.endsWith(end) ? Optional.of(host.substring(0, host.length() - end.length())) : Optional.empty();
    }

    private static Optional<Site> hostSite(String label) {
        if (label.equals(WORKERS)) {
            return Optional.of(new Site.WorkerHost());
        }
        Matcher parts = HOST.matcher(label);
        if (!parts.matches() || !RandomIds.isId(parts.group(2))) {
            return Optional.empty();
        }
        if (parts.group(1) == null) {
            return Optional.of(new Site.EngineHost(parts.group(2)));
        }
        int tcpPort = Integer.parseInt(parts.group(1));
        return tcpPort > 65535 ? Optional.empty() : Optional.of(new Site.Preview(parts.group(2), tcpPort));
    }

    private static Optional<Site> appSite(String label) {
        return APP.matcher(label).matches() ? Optional.of(new Site.App(label)) : Optional.empty();
    }

    private String portSuffix() {
        boolean standard = scheme.equals("http") ? port == 80 : port == 443;
        return standard ? "" : ":" + port;
    }
}
