package dev.cloche.databases;

import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which servers the procedures and handlers of modules may send requests to.
 *
 * @param hosts those that the administrator allows; none by default
 * @param ownDomain the platform's own, which is never reached that way; empty for none
 * @param anyAddress also addresses that are not public: for tests, which have no other server
 */
public record OutboundSettings(List<Host> hosts, String ownDomain, boolean anyAddress) {
    private static final String KEY = "databases.outbound";
    private static final Pattern HOST = Pattern.compile("(\\*|(?:\\*\\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+])(?::([0-9]{1,5}))?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[.*]");
    private static final int LAST_PORT = 65_535;

    /**
     * A host that is allowed.
     *
     * @param name in lower case: a host, {@code *.} and a domain for all below it, or {@code *} for every name
     * @param port the only one; empty for 80 with http and 443 with https
     */
    public record Host(String name, OptionalInt port) {
        boolean allows(String host, int at, boolean usual) {
            boolean fits = name.equals(host)
                    || (name.equals("*") && !ADDRESS.matcher(host).matches())
                    || (name.startsWith("*.") && host.endsWith(name.substring(1)) && host.length() >= name.length());
            return fits && (port.isPresent() ? port.getAsInt() == at : usual);
        }
    }

    /** Copies the hosts. */
    public OutboundSettings {
        hosts = List.copyOf(hosts);
        ownDomain = ownDomain.toLowerCase(Locale.ROOT);
    }

    /** Nobody. */
    public static OutboundSettings none() {
        return new OutboundSettings(List.of(), "", false);
    }

    /**
     * The setting {@code databases.outbound}: hosts separated by commas, such as {@code api.example.org, *.example.com:8443}; {@code *} for all.
     *
     * @param ownDomain the platform's own
     */
    public static OutboundSettings from(Configuration configuration, String ownDomain) {
        return new OutboundSettings(Arrays.stream(configuration.text(KEY, "").split(",")).map(String::strip).filter(word -> !word.isEmpty())
                .map(OutboundSettings::host).toList(), ownDomain, false);
    }

    /** Reads one host. */
    static Host host(String word) {
        Matcher parts = HOST.matcher(word.toLowerCase(Locale.ROOT));
        if (!parts.matches() || (parts.group(2) != null && (Integer.parseInt(parts.group(2)) > LAST_PORT || Integer.parseInt(parts.group(2)) == 0))) {
            throw Problem.field(KEY, "host", KEY + " are hosts separated by commas, such as api.example.org, *.example.org, example.org:8443 or *; '" + word + "' is none.");
        }
        return new Host(parts.group(1), parts.group(2) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(parts.group(2))));
    }

    /** Whether a URL's host and port are allowed; says nothing of its address. */
    boolean allow(URI target, int port) {
        String host = target.getHost().toLowerCase(Locale.ROOT);
        boolean own = !ownDomain.isEmpty() && (host.equals(ownDomain) || host.endsWith("." + ownDomain));
        boolean usual = port == (target.getScheme().equals("https") ? 443 : 80);
        return !own && hosts.stream().anyMatch(one -> one.allows(host, port, usual));
    }
}
