package dev.cloche.modules;

import dev.cloche.values.BsatnException;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * One header of an HTTP message as modules know it.
 *
 * @param value one character for each byte (ISO 8859-1)
 */
public record HttpHeader(String name, String value) {
    private static final int MOST = 1_000;
    private static final int SMALLEST = 8;

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
