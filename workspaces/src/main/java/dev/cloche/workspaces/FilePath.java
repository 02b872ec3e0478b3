package dev.cloche.workspaces;

import dev.cloche.kernel.Problem;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The path of a file or folder in a workspace, from its root.
 *
 * <p>Names are separated by single slashes, none in front or behind. Refused are empty names, {@code .} and {@code ..},
 * backslashes, control characters, text direction marks (they disguise endings), half surrogates, names above 255 and
 * paths above 1,024 bytes of UTF-8. Text must be in Unicode NFC, so that one name has one spelling.
 *
 * @param value the path in NFC
 */
public record FilePath(String value) implements Comparable<FilePath> {
    /** The longest path in bytes of UTF-8. */
    public static final int MAX_BYTES = 1024;

    /** The longest name in bytes of UTF-8, as on common file systems. */
    public static final int MAX_NAME_BYTES = 255;

    /** Checks. */
    public FilePath {
        if (value.isEmpty()) {
            throw refused("required", "A path is missing.");
        }
        // Normalising costs more than linear time on hostile text, so the length is looked at first.
        if (value.length() > MAX_BYTES) {
            throw refused("maxLength", "A path has at most 1,024 bytes.");
        }
        checkCharacters(value);
        if (!Normalizer.isNormalized(value, Normalizer.Form.NFC)) {
            throw refused("nfc", "A path is in Unicode normal form C; this one is spelled with combining characters.");
        }
        if (value.startsWith("/")) {
            throw refused("relative", "A path starts at the workspace's root, without a slash in front.");
        }
        if (bytes(value) > MAX_BYTES) {
            throw refused("maxLength", "A path has at most 1,024 bytes.");
        }
        for (String name : value.split("/", -1)) {
            checkName(name);
        }
    }

    private static void checkCharacters(String text) {
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                throw refused("control", "A path has no control characters.");
            }
            if (c == '\\') {
                throw refused("backslash", "A path has slashes between its names, no backslashes.");
            }
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw refused("encoding", "A path is well-formed Unicode.");
            }
            if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029) {
                throw refused("control", "A path has no marks that turn the direction of text or break lines.");
            }
        });
    }

    private static void checkName(String name) {
        if (name.isEmpty()) {
            throw refused("emptyName", "A path has no empty names: no double slash, none at the end.");
        }
        if (name.equals(".") || name.equals("..")) {
            throw refused("dotName", "A path has no '.' and no '..' in it.");
        }
        if (bytes(name) > MAX_NAME_BYTES) {
            throw refused("maxLength", "A name in a path has at most 255 bytes.");
        }
    }

    private static Problem refused(String rule, String message) {
        return Problem.field("path", rule, message);
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The last name. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    /** The folder in which it lies; none for what lies in the root. */
    public Optional<FilePath> parent() {
        int slash = value.lastIndexOf('/');
        return slash < 0 ? Optional.empty() : Optional.of(new FilePath(value.substring(0, slash)));
    }

    /** All folders above it, from the root down. */
    public List<FilePath> ancestors() {
        List<FilePath> folders = new ArrayList<>();
        for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', slash + 1)) {
            folders.add(new FilePath(value.substring(0, slash)));
        }
        return folders;
    }

    /** Whether it lies somewhere below this folder. */
    public boolean isBelow(FilePath folder) {
        return value.startsWith(folder.value + "/");
    }

    /** The same place after its folder {@code from} became {@code to}. */
    public FilePath moved(FilePath from, FilePath to) {
        return new FilePath(to.value + value.substring(from.value.length()));
    }

    /** The path without case: two paths with the same folded form clash on file systems that ignore case. */
    public String folded() {
        return Arrays.stream(value.split("/"))
                .map(name -> Normalizer.normalize(
                        name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT), Normalizer.Form.NFC))
                .collect(Collectors.joining("/"));
    }

    @Override
    public int compareTo(FilePath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
