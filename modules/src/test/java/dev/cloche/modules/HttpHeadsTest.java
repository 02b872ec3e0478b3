package dev.cloche.modules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cloche.values.BsatnException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Heads of HTTP messages against bytes that a module of the Rust crate gave and took. */
class HttpHeadsTest {
    private static final String ASKED = "02000000" + "07000000782d61736b6564" + "03000000796573" + "07000000782d61736b6564" + "050000007477696365";
    private static final List<HttpHeader> HEADERS = List.of(new HttpHeader("x-asked", "yes"), new HttpHeader("x-asked", "twice"));

    @Test
    void aRequestWithATimeout() {
        String seen = "02" + ASKED + "0090d0030000000000" + "14000000687474703a2f2f6578616d706c652e746573742f" + "02";
        HttpRequestHead head = new HttpRequestHead("POST", HEADERS, Optional.of(Duration.ofMillis(250)), "http://example.test/", HttpVersion.HTTP_1_1);

        assertThat(HttpRequestHead.decode(HexFormat.of().parseHex(seen))).isEqualTo(head);
        assertThat(HexFormat.of().formatHex(head.encode())).isEqualTo(seen);
    }

    @Test
    void aRequestOfAnotherMethodWithoutTimeout() {
        String seen = "090500000051554552590200000007000000782d61736b65640300000079657307000000782d61736b6564050000007477696365"
                + "0114000000687474703a2f2f6578616d706c652e746573742f02";
        HttpRequestHead head = new HttpRequestHead("QUERY", HEADERS, Optional.empty(), "http://example.test/", HttpVersion.HTTP_1_1);

        assertThat(HttpRequestHead.decode(HexFormat.of().parseHex(seen))).isEqualTo(head);
        assertThat(HexFormat.of().formatHex(head.encode())).isEqualTo(seen);
    }

    @Test
    void aResponse() {
        String seen = "03000000" + "05000000782d6f6e650100000031" + "05000000782d6f6e650100000032" + "0a0000007365742d636f6f6b696503000000613d62" + "02cb00";
        HttpResponseHead head = new HttpResponseHead(
                List.of(new HttpHeader("x-one", "1"), new HttpHeader("x-one", "2"), new HttpHeader("set-cookie", "a=b")), HttpVersion.HTTP_1_1, 203);

        assertThat(HttpResponseHead.decode(HexFormat.of().parseHex(seen))).isEqualTo(head);
        assertThat(HexFormat.of().formatHex(head.encode())).isEqualTo(seen);
    }

    @Test
    void otherBytesAreRefused() {
        byte[] request = new HttpRequestHead("GET", HEADERS, Optional.empty(), "/", HttpVersion.HTTP_2).encode();
        for (int length = 0; length < request.length; length++) {
            byte[] part = Arrays.copyOf(request, length);
            assertThatThrownBy(() -> HttpRequestHead.decode(part)).isInstanceOf(BsatnException.class);
        }
        assertThatThrownBy(() -> HttpRequestHead.decode(Arrays.copyOf(request, request.length + 1))).isInstanceOf(BsatnException.class);
        assertThatThrownBy(() -> HttpResponseHead.decode(HexFormat.of().parseHex("ffffffff02c800"))).isInstanceOf(BsatnException.class);
        assertThatThrownBy(() -> HttpResponseHead.decode(HexFormat.of().parseHex("0000000005c800"))).isInstanceOf(BsatnException.class);
    }
}
