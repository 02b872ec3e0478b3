package dev.cloche.http;

import dev.cloche.kernel.ErrorCode;
import dev.cloche.kernel.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of a request, cut at its slashes and percent-decoded once. Refused: broken escapes, bytes that are no UTF-8,
 * control characters, and the segments {@code .} and {@code ..} in any spelling.
 *
 * @param segments the decoded text between the slashes; the last is empty if the path ends in a slash
 */
record RawPath(List<String> segments) {
    /** Copies the segments. */
    RawPath {
        segments = List.copyOf(segments);
    }

    /** Reads a raw path, which begins with a slash. */
    static RawPath parse(String path) {
        if (!path.startsWith("/")) {
            throw refused("A path begins with a slash.");
        }
        List<String> segments = new ArrayList<>();
        for (String raw : path.substring(1).split("/", -1)) {
            String text = decode(raw, false);
            // an escaped slash may hide dots as well: a/..%2Fb
            for (String part : text.split("/", -1)) {
                if (part.equals(".") || part.equals("..")) {
                    throw field("relative", "A path must not have the segments '.' and '..'.");
                }
            }
            segments.add(text);
        }
        return new RawPath(segments);
    }

    /** The rest of the path from a segment on, joined by slashes. */
    String from(int index) {
        return String.join("/", segments.subList(index, segments.size()));
    }

    /** Percent-decodes text to strict UTF-8; in queries a plus sign is a space. */
    static String decode(String raw, boolean plusIsSpace) {
        byte[] bytes = new byte[raw.length()];
        int length = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                bytes[length++] = (byte) escaped(raw, i);
                i += 2;
            } else if (c <= 0x20 || c >= 0x7f) {
                throw refused("Characters outside printable ASCII must be percent-encoded.");
            } else {
                bytes[length++] = (byte) (plusIsSpace && c == '+' ? ' ' : c);
            }
        }
        String text = utf8(bytes, length);
        if (!plusIsSpace && text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw field("control", "A path must not have control characters.");
        }
        return text;
    }

    private static Problem field(String rule, String message) {
        return Problem.field("path", rule, message);
    }

    private static int escaped(String raw, int at) {
        int high = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 1), 16) : -1;
        int low = at + 2 < raw.length() ? Character.digit(raw.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw refused("A percent sign must be followed by two hexadecimal digits.");
        }
        return high * 16 + low;
    }

    private static String utf8(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw refused("Percent-encoded bytes must be UTF-8.");
        }
    }

    private static Problem refused(String detail) {
        return Problem.of(ErrorCode.INVALID_REQUEST, detail);
    }
}
