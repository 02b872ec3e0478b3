package dev.cloche.modules;

import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One header of an HTTP message as modules know it.
 *
 * @param value one character for each byte (ISO 8859-1)
 */
public record HttpHeader(String name, String value) {
    private static final int MOST = 1_000;
    private static final int SMALLEST = 8;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,200}");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

    /** Whether it can stand in a message of HTTP/1.1 (RFC 9110, 5.1 and 5.5); a name has at most 200 characters. */
    public boolean isWellFormed() {
        return NAME.matcher(name).matches() && VALUE.matcher(value).matches();
    }

    static void write(List<HttpHeader> headers, BsatnWriter out) {
        out.writeU32(headers.size());
        headers.forEach(header -> out.writeString(header.name).writeBytes(header.value.getBytes(StandardCharsets.ISO_8859_1)));
    }

    static List<HttpHeader> read(BsatnReader in) {
        int at = in.position();
        int count = in.readCount(SMALLEST);
        if (count > MOST) {
            throw new BsatnException(at, "a message has at most " + MOST + " headers, not " + count);
        }
        List<HttpHeader> headers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            headers.add(new HttpHeader(in.readString(), new String(in.readBytes(), StandardCharsets.ISO_8859_1)));
        }
        return headers;
    }
}
