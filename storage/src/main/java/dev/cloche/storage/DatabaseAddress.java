package dev.cloche.storage;

import dev.cloche.kernel.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * How a database is reached.
 *
 * @param url for JDBC, without user and password
 * @param user empty if the URL or the driver's defaults say
 * @param password empty if none
 */
public record DatabaseAddress(String url, String user, String password) {
    /** Reads {@code jdbc:postgresql:…} or {@code postgresql://USER:PASSWORD@HOST:PORT/NAME?OPTIONS} (also {@code postgres:}). */
    public static DatabaseAddress parse(String text) {
        if (text.startsWith("jdbc:postgresql:")) {
            return new DatabaseAddress(text, "", "");
        }
        try {
            URI uri = new URI(text);
            String scheme = uri.getScheme();
            if (uri.getHost() == null || !("postgresql".equals(scheme) || "postgres".equals(scheme))) {
                throw malformed();
            }
            String[] login = uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return new DatabaseAddress("jdbc:postgresql://" + uri.getHost() + port + uri.getRawPath() + query,
                    login.length > 0 ? decoded(login[0]) : "", login.length > 1 ? decoded(login[1]) : "");
        } catch (URISyntaxException e) {
            throw malformed();
        }
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + url.replaceAll("\\?.*", "") + "]"; // never a password
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** The text may hold a password: it is not repeated. */
    private static Problem malformed() {
        return Problem.field("database.url", "pattern",
                "The database's URL is jdbc:postgresql://HOST:PORT/NAME or postgresql://USER:PASSWORD@HOST:PORT/NAME.");
    }
}
