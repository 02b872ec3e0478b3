package dev.cloche.protocol;

import dev.cloche.kernel.Configuration;
import dev.cloche.kernel.Problem;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Whose tokens are believed besides our own.
 *
 * @param issuers URLs, exactly as their tokens name them
 * @param audiences one of them must be named by a token; any token of an issuer is believed if there are none
 */
public record OidcSettings(List<String> issuers, Set<String> audiences) {
    /** Copies the lists. */
    public OidcSettings {
        issuers = List.copyOf(issuers);
        audiences = Set.copyOf(audiences);
    }

    /** Nobody's. */
    public static OidcSettings none() {
        return new OidcSettings(List.of(), Set.of());
    }

    /** The settings {@code databases.issuers} and {@code databases.audiences}, each a list separated by commas. */
    public static OidcSettings from(Configuration configuration) {
        List<String> issuers = words(configuration, "databases.issuers");
        for (String issuer : issuers) {
            if (!isAddress(issuer)) {
                throw Problem.field("databases.issuers", "url", "databases.issuers are https URLs separated by commas; '" + issuer + "' is none.");
            }
        }
        return new OidcSettings(issuers, Set.copyOf(words(configuration, "databases.audiences")));
    }

    /** Whether keys may be fetched from there: by https, or from this machine. */
    static boolean mayBeAsked(URI place) {
        boolean local = "localhost".equals(place.getHost()) || "127.0.0.1".equals(place.getHost());
        return place.getHost() != null && ("https".equals(place.getScheme()) || ("http".equals(place.getScheme()) && local));
    }

    private static boolean isAddress(String issuer) {
        try {
            return mayBeAsked(URI.create(issuer));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> words(Configuration configuration, String key) {
        return Arrays.stream(configuration.text(key, "").split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }
}
