package dev.cloche.modules;

import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * An HTTP request without its body, as handlers get it and procedures give it; its form is in decision 0026.
 *
 * @param method in capitals, or any other word
 * @param timeout how long a procedure wants to wait
 * @param uri a path with its query for handlers, a whole URL from procedures
 */
public record HttpRequestHead(String method, List<HttpHeader> headers, Optional<Duration> timeout, String uri, HttpVersion version) {
    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    private static final int NONE = 1;

    /** Copies the headers. */
    public HttpRequestHead {
        headers = List.copyOf(headers);
    }

    /** Its BSATN. */
    public byte[] encode() {
        BsatnWriter out = new BsatnWriter();
        int tag = METHODS.indexOf(method);
        out.writeU8(tag >= 0 ? tag : METHODS.size());
        if (tag < 0) {
            out.writeString(method);
        }
        HttpHeader.write(headers, out);
        timeout.ifPresentOrElse(time -> out.writeU8(0).writeU64(time.toNanos() / 1_000), () -> out.writeU8(NONE));
        return out.writeString(uri).writeU8(version.ordinal()).toArray();
    }

    /**
     * Reads what a procedure gave.
     *
     * @throws dev.cloche.values.BsatnException if it has another form
     */
    public static HttpRequestHead decode(byte[] bytes) {
        BsatnReader in = new BsatnReader(bytes);
        int tag = in.readTag(METHODS.size() + 1, "HttpMethod");
        String method = tag < METHODS.size() ? METHODS.get(tag) : in.readString();
        List<HttpHeader> headers = HttpHeader.read(in);
        Optional<Duration> timeout = in.readTag(2, "option") == NONE ? Optional.empty() : Optional.of(ofMicros(in.readI64()));
        HttpRequestHead read = new HttpRequestHead(method, headers, timeout, in.readString(), HttpVersion.ofTag(in.readTag(HttpVersion.COUNT, "HttpVersion")));
        in.end();
        return read;
    }

    private static Duration ofMicros(long micros) {
        return Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1_000);
    }
}
