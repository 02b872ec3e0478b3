package dev.cloche.packages;

import dev.cloche.kernel.Digest;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the HTML and the JSON form of the simple index have in common. */
final class SimplePage {
    /** So many files a project may have. */
    static final int MOST_FILES = 50_000;

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+!-]{0,299}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private SimplePage() {}

    /** Whether a text may be the name of a file; nothing that could leave a folder or confuse a page. */
    static boolean isFileName(String text) {
        return FILE.matcher(text).matches() && !text.endsWith(".metadata");
    }

    /** The digest of this text, if it is one. */
    static Optional<Digest> digest(String hex) {
        return SHA256.matcher(hex).matches() ? Optional.of(new Digest(hex)) : Optional.empty();
    }

    /** A link on a page as an absolute URL of HTTP without fragment; empty if it is none. */
    static Optional<URI> resolve(URI base, String link) {
        try {
            String plain = link.strip();
            int fragment = plain.indexOf('#');
            URI url = base.resolve(new URI(fragment < 0 ? plain : plain.substring(0, fragment)));
            boolean usable = url.getHost() != null && url.getUserInfo() == null
                    && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()));
            return usable ? Optional.of(url) : Optional.empty();
        } catch (java.net.URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What is said of a page with more files than {@link #MOST_FILES}. */
    static IllegalArgumentException tooMany() {
        return new IllegalArgumentException("it lists more than " + MOST_FILES + " files");
    }
}
