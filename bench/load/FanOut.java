import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * How long one change takes to all who watch it: one client calls, the others subscribe to a table; each round waits until all
 * have heard. One thread. Prints one line of JSON.
 *
 * <p>{@code java FanOut.java PORT PATH QUERY REDUCER ARGS_HEX SUBSCRIBERS ROUNDS}
 */
public final class FanOut {
    private static final int WARM_UP = 20;
    private static final int UPDATE = 4;

    private FanOut() {}

    public static void main(String[] words) throws IOException {
        int port = Integer.parseInt(words[0]);
        int subscribers = Integer.parseInt(words[5]);
        int rounds = Integer.parseInt(words[6]);
        Selector selector = Selector.open();
        for (int i = 0; i < subscribers; i++) {
            SocketChannel channel = open(port, words[1], frame(subscribe(words[2])), 2);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(4096));
        }
        SocketChannel caller = open(port, words[1], new byte[0], 1);
        byte[] call = frame(call(words[3], HexFormat.of().parseHex(words[4])));
        ByteBuffer answers = ByteBuffer.allocate(4096);
        caller.configureBlocking(false);
        double[] times = new double[rounds * subscribers];
        int[] counted = {0};
        for (int round = -WARM_UP; round < rounds; round++) {
            boolean counts = round >= 0;
            int[] missing = {subscribers};
            long start = System.nanoTime();
            for (ByteBuffer out = ByteBuffer.wrap(call); out.hasRemaining();) {
                caller.write(out);
            }
            while (missing[0] > 0) {
                selector.select(key -> {
                    for (int updates = updates(key); updates > 0; updates--) {
                        missing[0]--;
                        if (counts) {
                            times[counted[0]++] = (System.nanoTime() - start) / 1e6;
                        }
                    }
                });
            }
            caller.read(answers.clear());
        }
        Arrays.sort(times);
        System.out.printf(Locale.ROOT, "{\"p50ms\":%.3f,\"p99ms\":%.3f,\"worstms\":%.3f}%n",
                times[times.length / 2], times[(int) (times.length * 0.99)], times[times.length - 1]);
        System.exit(0);
    }

    /** Reads what is there and counts the updates in it. */
    private static int updates(SelectionKey key) {
        ByteBuffer in = (ByteBuffer) key.attachment();
        int updates = 0;
        try {
            if (((SocketChannel) key.channel()).read(in) < 0) {
                throw new IOException("the server closed a connection");
            }
            in.flip().order(ByteOrder.BIG_ENDIAN);
            while (in.remaining() >= 4) {
                int start = in.position();
                int length = in.get(start + 1) & 127;
                int head = length < 126 ? 2 : 4;
                int size = length < 126 ? length : in.getShort(start + 2) & 0xffff;
                if (in.remaining() < head + size) {
                    break;
                }
                if ((in.get(start) & 15) == 2 && in.get(start + head + 1) == UPDATE) {
                    updates++;
                }
                in.position(start + head + size);
            }
            in.compact();
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
        return updates;
    }

    /** Opens a socket, sends this, and reads the first frames. */
    private static SocketChannel open(int port, String path, byte[] first, int frames) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: v2.bsatn.spacetimedb\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII)));
        DataInputStream in = new DataInputStream(channel.socket().getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException(head.toString());
        }
        channel.write(ByteBuffer.wrap(first));
        for (int i = 0; i < frames; i++) {
            in.readUnsignedByte();
            int length = in.readUnsignedByte();
            in.readFully(new byte[length < 126 ? length : in.readUnsignedShort()]);
        }
        return channel;
    }

    private static byte[] call(String reducer, byte[] arguments) {
        byte[] name = reducer.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(14 + name.length + arguments.length).order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 3).putInt(1).put((byte) 0).putInt(name.length).put(name).putInt(arguments.length).put(arguments).array();
    }

    private static byte[] subscribe(String query) {
        byte[] text = query.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(17 + text.length).order(ByteOrder.LITTLE_ENDIAN).put((byte) 0).putInt(1).putInt(1).putInt(1).putInt(text.length).put(text).array();
    }

    /** A binary frame of less than 126 bytes, masked with zeros. */
    private static byte[] frame(byte[] message) {
        return ByteBuffer.allocate(6 + message.length).put((byte) 0x82).put((byte) (0x80 | message.length)).putInt(0).put(message).array();
    }
}
