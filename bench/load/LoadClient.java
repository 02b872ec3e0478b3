import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A load of reducer calls over WebSockets, cheap enough that the server gets the machine: one thread, frames made once, answers
 * counted and not decoded. Prints one line of JSON.
 *
 * <p>{@code java LoadClient PORT PATH VERSION REDUCER ARGS_HEX CONNECTIONS IN_FLIGHT PER_FRAME SECONDS ECHO DRAWN BELOW}: VERSION is 2
 * or 3; PER_FRAME calls go into a frame (1 for version 2); ECHO is {@code true} against the echo server, whose answers are the calls;
 * the first DRAWN arguments, of 32 bits, are drawn below BELOW for each call.
 */
public final class LoadClient {
    private static final int WARM_UP_PART = 4;
    /** A result without changes: tag, request, time, outcome, empty value, empty update. */
    private static final int RESULT = 1 + 4 + 8 + 1 + 4 + 4;

    private final List<Connection> connections = new ArrayList<>();
    private final boolean echo;
    private final int version;
    private final int perFrame;
    private final byte[] call;
    private final int arguments;
    private final SplittableRandom random = new SplittableRandom();
    private int drawn;
    private int below = 1;
    private final long[] latencies = new long[1 << 20];
    private long samples;
    private long answered;
    private long failed;

    private final class Connection {
        final SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocateDirect(1 << 18);
        final byte[] frame;
        final long[] sentAt = new long[1 << 16];
        ByteBuffer out = ByteBuffer.allocateDirect(1 << 20);
        boolean greeted;
        int requests;
        int answers;
        int outstanding;

        Connection(SocketChannel channel) {
            this.channel = channel;
            this.frame = frame();
        }

        /** Puts frames of calls into the buffer until as many are in flight as may be. */
        void fill(int inFlight) {
            while (outstanding + perFrame <= inFlight && out.remaining() >= frame.length) {
                int head = frame.length - perFrame * call.length;
                int at = out.position();
                out.put(frame);
                for (int i = 0; i < perFrame; i++) {
                    int start = at + head + i * call.length;
                    out.order(ByteOrder.LITTLE_ENDIAN).putInt(start + 1, requests);
                    for (int k = 0; k < drawn; k++) {
                        out.putInt(start + arguments + k * Integer.BYTES, random.nextInt(below));
                    }
                    sentAt[requests & (sentAt.length - 1)] = System.nanoTime();
                    requests++;
                }
                outstanding += perFrame;
            }
        }

        void write() throws IOException {
            out.flip();
            channel.write(out);
            out.compact();
        }

        /** Takes whole frames out of what came. */
        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("the server closed the connection");
            }
            in.flip().order(ByteOrder.BIG_ENDIAN);
            while (in.remaining() >= 2) {
                int start = in.position();
                int opcode = in.get(start) & 15;
                int length = in.get(start + 1) & 127;
                int head = length < 126 ? 2 : length == 126 ? 4 : 10;
                if (in.remaining() < head) {
                    break;
                }
                long size = length < 126 ? length : length == 126 ? in.getShort(start + 2) & 0xffff : in.getLong(start + 2);
                if (in.capacity() < head + size) {
                    throw new IOException("a frame of " + size + " bytes");
                }
                if (in.remaining() < head + size) {
                    break;
                }
                if (opcode == 8) {
                    byte[] reason = new byte[(int) size];
                    in.get(start + head, reason);
                    throw new IOException("closed: " + new String(reason, 2, reason.length - 2, StandardCharsets.UTF_8));
                }
                if (opcode == 2) {
                    heard(start + head, (int) size);
                }
                in.position(start + head + (int) size);
            }
            in.compact();
        }

        private void heard(int at, int size) throws IOException {
            if (!greeted && !echo) {
                greeted = true;
                return;
            }
            int count = echo ? size / call.length : (size - 1) / RESULT;
            if (!echo && (in.get(at) != 0 || (size - 1) % RESULT != 0)) {
                failed++;
                count = 1;
            }
            long now = System.nanoTime();
            for (int i = 0; i < count; i++) {
                latencies[(int) (samples++ & (latencies.length - 1))] = now - sentAt[answers & (sentAt.length - 1)];
                answers++;
            }
            answered += count;
            outstanding -= count;
        }
    }

    private LoadClient(int version, int perFrame, boolean echo, byte[] call, int arguments) {
        this.arguments = call.length - arguments;
        this.version = version;
        this.perFrame = perFrame;
        this.echo = echo;
        this.call = call;
    }

    public static void main(String[] words) throws IOException {
        byte[] arguments = HexFormat.of().parseHex(words[4].equals("-") ? "" : words[4]);
        LoadClient client = new LoadClient(Integer.parseInt(words[2]), Integer.parseInt(words[7]), Boolean.parseBoolean(words[9]), call(words[3], arguments), arguments.length);
        client.drawn = Integer.parseInt(words[10]);
        client.below = Integer.parseInt(words[11]);
        for (int i = 0; i < Integer.parseInt(words[5]); i++) {
            client.connections.add(client.connect(Integer.parseInt(words[0]), words[1]));
        }
        client.run(Integer.parseInt(words[6]), Double.parseDouble(words[8]));
        System.exit(0);
    }

    private static byte[] call(String reducer, byte[] arguments) {
        byte[] name = reducer.getBytes(StandardCharsets.UTF_8);
        ByteBuffer call = ByteBuffer.allocate(1 + 4 + 1 + 4 + name.length + 4 + arguments.length).order(ByteOrder.LITTLE_ENDIAN);
        return call.put((byte) 3).putInt(0).put((byte) 0).putInt(name.length).put(name).putInt(arguments.length).put(arguments).array();
    }

    /** A frame of calls, masked with zeros, which is allowed and costs nothing. */
    private byte[] frame() {
        int size = perFrame * call.length;
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x82);
        if (size < 126) {
            frame.write(0x80 | size);
        } else {
            frame.write(0x80 | 126);
            frame.write(size >> 8);
            frame.write(size);
        }
        frame.writeBytes(new byte[4]);
        for (int i = 0; i < perFrame; i++) {
            frame.writeBytes(call);
        }
        return frame.toByteArray();
    }

    private Connection connect(int port, String path) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        byte[] key = new byte[16];
        new Random().nextBytes(key);
        channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + java.util.Base64.getEncoder().encodeToString(key)
                + "\r\nSec-WebSocket-Protocol: v" + version + ".bsatn.spacetimedb\r\n\r\n").getBytes(StandardCharsets.US_ASCII)));
        StringBuilder head = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0 && channel.read(one.clear()) == 1) {
            head.append((char) one.get(0));
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException(head.toString());
        }
        channel.configureBlocking(false);
        return new Connection(channel);
    }

    private void run(int inFlight, double seconds) throws IOException {
        Selector selector = Selector.open();
        for (Connection connection : connections) {
            connection.channel.register(selector, SelectionKey.OP_READ, connection);
            connection.fill(inFlight);
            connection.write();
        }
        long start = System.nanoTime();
        long counted = start + (long) (seconds * 1e9 / WARM_UP_PART);
        long end = counted + (long) (seconds * 1e9);
        long before = -1;
        long from = 0;
        long now = start;
        while (now < end) {
            selector.select(key -> {
                try {
                    Connection connection = (Connection) key.attachment();
                    if (key.isReadable()) {
                        connection.read();
                    }
                    connection.fill(inFlight);
                    connection.write();
                    key.interestOps(connection.out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
                } catch (IOException e) {
                    System.err.println(e.getMessage());
                    System.exit(1);
                }
            }, 1000);
            now = System.nanoTime();
            if (before < 0 && now >= counted) {
                before = answered;
                from = now;
                samples = 0;
            }
        }
        print((answered - before) / ((now - from) / 1e9));
    }

    private void print(double rate) {
        long[] taken = Arrays.copyOf(latencies, (int) Math.min(samples, latencies.length));
        Arrays.sort(taken);
        double p50 = taken.length == 0 ? 0 : taken[taken.length / 2] / 1e6;
        double p99 = taken.length == 0 ? 0 : taken[(int) (taken.length * 0.99)] / 1e6;
        System.out.printf(java.util.Locale.ROOT, "{\"callsPerSecond\":%.0f,\"p50ms\":%.3f,\"p99ms\":%.3f,\"failed\":%d,\"calls\":%d}%n", rate, p50, p99, failed, answered);
    }
}
