package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Takes credentials from the headers of a request. */
public final class CredentialReader {
    /** The one cookie that is ever read. The prefix keeps pages of sub-domains from setting it. */
    public static final String COOKIE = "__Host-cloche";

    private CredentialReader() {}

    /** The token of {@code Authorization: Bearer}; on package indexes also the password of {@code Basic}, for pip. */
    static Optional<Credentials.Bearer> token(Request request) {
        List<String> lines = request.headers("authorization");
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String[] words = lines.getFirst().strip().split("\\s+");
        if (lines.size() > 1 || words.length != 2) {
            throw unreadable();
        }
        String scheme = words[0].toLowerCase(Locale.ROOT);
        if (scheme.equals("bearer")) {
            return Optional.of(new Credentials.Bearer(words[1]));
        }
        if (scheme.equals("basic") && request.path().startsWith("/pypi/")) {
            return Optional.of(new Credentials.Bearer(password(words[1])));
        }
        throw unreadable();
    }

    /** The session's secret from the cookie; none if there are several of that name. */
    static Optional<Credentials.Session> session(Request request) {
        List<String> values = request.headers("cookie").stream()
                .flatMap(line -> Arrays.stream(line.split(";")))
                .map(String::strip)
                .filter(pair -> pair.startsWith(COOKIE + "="))
                .map(pair -> pair.substring(COOKIE.length() + 1))
                .toList();
        return values.size() == 1 && !values.getFirst().isEmpty() ? Optional.of(new Credentials.Session(values.getFirst())) : Optional.empty();
    }

    private static String password(String base64) {
        try {
            String pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            if (colon >= 0) {
                return pair.substring(colon + 1);
            }
        } catch (IllegalArgumentException e) {
            // answered below, like a pair without a colon
        }
        throw unreadable();
    }

    private static Problem unreadable() {
        return Problem.of(ErrorCode.UNAUTHENTICATED, "Send a token as Authorization: Bearer TOKEN.");
    }
}
