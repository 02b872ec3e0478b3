package dev.cloche.modules;

import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.util.List;

/**
 * An HTTP response without its body, as handlers give it and procedures get it; its form is in decision 0026.
 *
 * @param status a number of 16 bits
 */
public record HttpResponseHead(List<HttpHeader> headers, HttpVersion version, int status) {
    /** Copies the headers. */
    public HttpResponseHead {
        headers = List.copyOf(headers);
    }

    /** Its BSATN. */
    public byte[] encode() {
        BsatnWriter out = new BsatnWriter();
        HttpHeader.write(headers, out);
        return out.writeU8(version.ordinal()).writeU16(status).toArray();
    }

    /**
     * Reads what a handler gave.
     *
     * @throws dev.cloche.values.BsatnException if it has another form
     */
    public static HttpResponseHead decode(byte[] bytes) {
        BsatnReader in = new BsatnReader(bytes);
        HttpResponseHead read = new HttpResponseHead(HttpHeader.read(in), HttpVersion.ofTag(in.readTag(HttpVersion.COUNT, "HttpVersion")), in.readU16());
        in.end();
        return read;
    }
}
