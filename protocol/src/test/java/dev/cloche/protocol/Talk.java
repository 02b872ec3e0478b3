package dev.cloche.protocol;

import dev.cloche.http.FrameClient;
import dev.cloche.values.BsatnReader;
import dev.cloche.values.BsatnWriter;
import java.util.HexFormat;
import java.util.function.Consumer;

/** A client that speaks BSATN by hand, so that each byte on the wire is looked at. */
final class Talk implements AutoCloseable {
    final FrameClient frames;

    Talk(ProtocolServer server, String protocol, String query) {
        frames = FrameClient.open(server.port(), "/v1/database/people/subscribe?" + query, "Sec-WebSocket-Protocol: " + protocol);
    }

    static Talk v2(ProtocolServer server) {
        Talk talk = new Talk(server, "v2.bsatn.spacetimedb", "compression=None");
        talk.next();
        return talk;
    }

    static Talk v1(ProtocolServer server) {
        Talk talk = new Talk(server, "v1.bsatn.spacetimedb", "compression=None");
        talk.next();
        return talk;
    }

    Talk say(Consumer<BsatnWriter> message) {
        frames.binary(bytes(message));
        return this;
    }

    static byte[] bytes(Consumer<BsatnWriter> message) {
        BsatnWriter out = new BsatnWriter();
        message.accept(out);
        return out.toArray();
    }

    static byte[] call(int requestId, String reducer, Consumer<BsatnWriter> arguments) {
        return bytes(out -> out.writeU8(3).writeU32(requestId).writeU8(0).writeString(reducer).writeBytes(bytes(arguments)));
    }

    static byte[] subscribe(int requestId, int set, String... queries) {
        return bytes(out -> {
            out.writeU8(0).writeU32(requestId).writeU32(set).writeU32(queries.length);
            for (String query : queries) {
                out.writeString(query);
            }
        });
    }

    /** The body of the next frame, which must not be compressed. */
    BsatnReader next() {
        byte[] frame = frames.next().payload();
        if (frame[0] != 0) {
            throw new AssertionError("compressed: " + frame[0]);
        }
        return new BsatnReader(frame, 1, frame.length);
    }

    /** The body of the next frame in hexadecimal digits. */
    String hex() {
        BsatnReader body = next();
        return HexFormat.of().formatHex(body.array(), 1, body.array().length);
    }

    @Override
    public void close() {
        frames.close();
    }
}
