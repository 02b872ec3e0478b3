package dev.cloche.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a representation that {@code Range} asks for (RFC 9110, section 14).
 *
 * @param offset of the first byte
 * @param length in bytes; 0 if no byte of the range exists
 */
record ByteRange(long offset, long length) {
    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,15})-([0-9]{0,15})");

    /** The one range of a request; none if there is no such header, several ranges, or a form that is not understood. */
    static Optional<ByteRange> of(String header, long size) {
        Matcher parts = ONE.matcher(header.strip());
        if (!parts.matches() || (parts.group(1).isEmpty() && parts.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (parts.group(1).isEmpty()) {
            long last = Math.min(size, Long.parseLong(parts.group(2)));
            return Optional.of(new ByteRange(size - last, last));
        }
        long first = Long.parseLong(parts.group(1));
        long end = parts.group(2).isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(parts.group(2)));
        if (!parts.group(2).isEmpty() && Long.parseLong(parts.group(2)) < first) {
            return Optional.empty();
        }
        return Optional.of(first >= size ? new ByteRange(0, 0) : new ByteRange(first, end - first + 1));
    }
}
