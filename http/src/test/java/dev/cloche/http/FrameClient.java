package dev.cloche.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The client's end of a WebSocket that sends exactly the frames it is told to; for tests of all modules. */
public final class FrameClient implements AutoCloseable {
    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final String head;

    /** A frame as it came. */
    public record Frame(int opcode, byte[] payload) {
        /** The code of a close frame. */
        public int code() {
            return (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
        }

        /** The reason of a close frame. */
        public String reason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }

        /** The payload as text. */
        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    private FrameClient(Socket socket, String target, String... headers) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
        String host = Arrays.stream(headers).anyMatch(header -> header.startsWith("Host: ")) ? "" : "Host: localhost:" + socket.getPort() + "\r\n";
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\n" + host + "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        this.head = readHead();
    }

    /** Opens a WebSocket at a port of this machine; each header as {@code Name: value}. Reads give up after 60 seconds. */
    public static FrameClient open(int port, String target, String... headers) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            socket.setTcpNoDelay(true);
            return new FrameClient(socket, target, headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of the answer to the opening. */
    public int status() {
        return Integer.parseInt(head.split(" ")[1]);
    }

    /** A header of the answer to the opening. */
    public Optional<String> header(String name) {
        return head.lines().filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith(name + ":")).map(line -> line.substring(name.length() + 1).strip()).findFirst();
    }

    /** Sends a whole binary message. */
    public FrameClient binary(byte[] payload) {
        return frame(0x82, payload);
    }

    /** Sends a whole text message. */
    public FrameClient text(String payload) {
        return frame(0x81, payload.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame, masked, with this first byte. */
    public FrameClient frame(int first, byte[] payload) {
        return raw(encoded(first, payload));
    }

    /** The bytes of a masked frame. */
    public static byte[] encoded(int first, byte[] payload) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        int length = payload.length;
        if (length < 126) {
            frame.write(0x80 | length);
        } else {
            int bytes = length < 65536 ? 2 : 8;
            frame.write(0x80 | (bytes == 2 ? 126 : 127));
            for (int i = bytes - 1; i >= 0; i--) {
                frame.write((int) ((long) length >>> 8 * i));
            }
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < length; i++) {
            frame.write(payload[i] ^ MASK[i & 3]);
        }
        return frame.toByteArray();
    }

    /** Sends these bytes as they are. */
    public FrameClient raw(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next frame but pings; fails if the connection ends instead. */
    public Frame next() {
        return nextOrEnd().orElseThrow(() -> new AssertionError("the connection ended without a close frame"));
    }

    /** The next frame but pings; empty if the connection ended. */
    public Optional<Frame> nextOrEnd() {
        while (true) {
            try {
                int first = in.read();
                if (first < 0) {
                    return Optional.empty();
                }
                int second = in.readUnsignedByte();
                long length = second < 126 ? second : second == 126 ? in.readUnsignedShort() : in.readLong();
                byte[] payload = in.readNBytes((int) length);
                if ((first & 15) != 9) {
                    return Optional.of(new Frame(first & 15, payload));
                }
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains("reset")) {
                    return Optional.empty();
                }
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Reads on to the close frame. */
    public Frame closeFrame() {
        Frame frame = next();
        while (frame.opcode() != 8) {
            frame = next();
        }
        return frame;
    }

    /** Ends the connection at once. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String readHead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            bytes.write(next);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** Bytes of a pattern that a shifted copy does not fit. */
    public static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    /** One array of several. */
    public static byte[] joined(byte[]... arrays) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(arrays).forEach(all::writeBytes);
        return all.toByteArray();
    }
}
