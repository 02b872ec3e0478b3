package dev.cloche.workers;

import dev.cloche.kernel.Problem;
import java.util.List;
import java.util.Locale;

/** Which hosts may be asked: those that both the worker names and the one who runs it grants. */
record AllowedHosts(List<String> wanted, List<String> granted) {
    AllowedHosts {
        wanted = List.copyOf(wanted);
        granted = List.copyOf(granted);
    }

    /** Whether a host, as it stands in a URL, may be asked. */
    boolean allow(String host) {
        String plain = host.toLowerCase(Locale.ROOT);
        return wanted.stream().anyMatch(pattern -> matches(pattern, plain)) && granted.stream().anyMatch(pattern -> matches(pattern, plain));
    }

    /** A pattern of hosts: a name in which {@code *} stands for any characters. */
    static String pattern(String text, String field) {
        if (!text.matches("[A-Za-z0-9.*:\\[\\]_-]{1,253}")) {
            throw Problem.field(field, "pattern", "A host is a name or an address without scheme, port and path, in which '*' stands for any part; this is '" + text + "'.");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** {@code *} matches any characters, none too. */
    static boolean matches(String pattern, String host) {
        int p = 0;
        int h = 0;
        int star = -1;
        int from = 0;
        while (h < host.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                from = h;
            } else if (p < pattern.length() && pattern.charAt(p) == host.charAt(h)) {
                p++;
                h++;
            } else if (star >= 0) {
                p = star + 1;
                h = ++from;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
