import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Calls {@code transfer} in PostgreSQL, pipelined: bind, execute and sync for each call, so each is a transaction of its own. One
 * thread, as {@link LoadClient}. Prints one line of JSON.
 *
 * <p>{@code java PostgresClient PORT PASSWORD CONFIRMED CONNECTIONS IN_FLIGHT ACCOUNTS SECONDS}: not CONFIRMED is
 * {@code synchronous_commit = off}.
 */
public final class PostgresClient {
    private static final int WARM_UP_PART = 4;
    private static final String USER = "cloche";

    private final List<Connection> connections = new ArrayList<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private final long[] latencies = new long[1 << 20];
    private long samples;
    private long answered;
    private long failed;

    private final class Connection {
        final SocketChannel channel;
        final ByteBuffer in = ByteBuffer.allocateDirect(1 << 16);
        final ByteBuffer out = ByteBuffer.allocateDirect(1 << 16);
        final long[] sentAt = new long[1 << 12];
        int sent;
        int answers;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        void fill(int inFlight, int accounts) {
            while (sent - answers < inFlight && out.remaining() > 128) {
                out.put((byte) 'B').putInt(4 + 1 + 2 + 2 + 2 + 2 + 3 * 8 + 2).put((byte) 0).put((byte) 't').put((byte) 0);
                out.putShort((short) 1).putShort((short) 1).putShort((short) 3);
                out.putInt(4).putInt(random.nextInt(accounts)).putInt(4).putInt(random.nextInt(accounts)).putInt(4).putInt(1).putShort((short) 0);
                out.put((byte) 'E').putInt(9).put((byte) 0).putInt(0).put((byte) 'S').putInt(4);
                sentAt[sent++ & (sentAt.length - 1)] = System.nanoTime();
            }
        }

        void write() throws IOException {
            out.flip();
            channel.write(out);
            out.compact();
        }

        void read() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("PostgreSQL closed the connection");
            }
            in.flip();
            while (in.remaining() >= 5 && in.remaining() >= 1 + in.getInt(in.position() + 1)) {
                byte tag = in.get(in.position());
                in.position(in.position() + 1 + in.getInt(in.position() + 1));
                if (tag == 'E') {
                    failed++;
                } else if (tag == 'Z') {
                    latencies[(int) (samples++ & (latencies.length - 1))] = System.nanoTime() - sentAt[answers++ & (sentAt.length - 1)];
                    answered++;
                }
            }
            in.compact();
        }
    }

    private PostgresClient() {}

    public static void main(String[] words) throws IOException, GeneralSecurityException {
        PostgresClient client = new PostgresClient();
        for (int i = 0; i < Integer.parseInt(words[3]); i++) {
            client.connections.add(client.connect(Integer.parseInt(words[0]), words[1], Boolean.parseBoolean(words[2])));
        }
        client.run(Integer.parseInt(words[4]), Integer.parseInt(words[5]), Double.parseDouble(words[6]));
        System.exit(0);
    }

    private void run(int inFlight, int accounts, double seconds) throws IOException {
        Selector selector = Selector.open();
        for (Connection connection : connections) {
            connection.channel.register(selector, SelectionKey.OP_READ, connection);
            connection.fill(inFlight, accounts);
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
                    connection.fill(inFlight, accounts);
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
        long[] taken = Arrays.copyOf(latencies, (int) Math.min(samples, latencies.length));
        Arrays.sort(taken);
        System.out.printf(Locale.ROOT, "{\"callsPerSecond\":%.0f,\"p50ms\":%.3f,\"p99ms\":%.3f,\"failed\":%d,\"calls\":%d}%n", (answered - before) / ((now - from) / 1e9),
                taken.length == 0 ? 0 : taken[taken.length / 2] / 1e6, taken.length == 0 ? 0 : taken[(int) (taken.length * 0.99)] / 1e6, failed, answered);
    }

    // ---- the beginning of a connection, blocking

    private Connection connect(int port, String password, boolean confirmed) throws IOException, GeneralSecurityException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        DataInputStream in = new DataInputStream(channel.socket().getInputStream());
        byte[] names = text("user", USER, "database", USER, "");
        channel.write(ByteBuffer.allocate(8 + names.length).putInt(8 + names.length).putInt(3 << 16).put(names).flip());
        authenticate(channel, in, password);
        ready(in);
        send(channel, 'Q', text("SET synchronous_commit = " + (confirmed ? "on" : "off")));
        ready(in);
        byte[] parse = text("t", "CALL transfer($1, $2, $3)");
        send(channel, 'P', ByteBuffer.allocate(parse.length + 14).put(parse).putShort((short) 3).putInt(23).putInt(23).putInt(23).array());
        send(channel, 'S', new byte[0]);
        ready(in);
        channel.configureBlocking(false);
        return new Connection(channel);
    }

    /** SCRAM-SHA-256 (RFC 5802, RFC 7677). */
    private static void authenticate(SocketChannel channel, DataInputStream in, String password) throws IOException, GeneralSecurityException {
        body(in, 'R');
        String bare = "n=,r=benchmark";
        byte[] first = ("n,," + bare).getBytes(StandardCharsets.US_ASCII);
        byte[] mechanism = text("SCRAM-SHA-256");
        send(channel, 'p', ByteBuffer.allocate(mechanism.length + 4 + first.length).put(mechanism).putInt(first.length).put(first).array());
        byte[] answer = body(in, 'R');
        String challenge = new String(answer, 4, answer.length - 4, StandardCharsets.US_ASCII);
        String[] parts = challenge.split(",");
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(password.toCharArray(), salt, Integer.parseInt(parts[2].substring(2)), 256)).getEncoded();
        byte[] key = hmac(salted, "Client Key");
        String end = "c=biws," + parts[0];
        byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(key), bare + "," + challenge + "," + end);
        for (int i = 0; i < key.length; i++) {
            key[i] ^= signature[i];
        }
        send(channel, 'p', (end + ",p=" + Base64.getEncoder().encodeToString(key)).getBytes(StandardCharsets.US_ASCII));
        body(in, 'R');
        body(in, 'R');
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] text(String... words) {
        return (String.join("\0", words) + "\0").getBytes(StandardCharsets.UTF_8);
    }

    private static void send(SocketChannel channel, char tag, byte[] content) throws IOException {
        channel.write(ByteBuffer.allocate(5 + content.length).put((byte) tag).putInt(4 + content.length).put(content).flip());
    }

    private static void ready(DataInputStream in) throws IOException {
        while (message(in).tag != 'Z') {
            // what comes before does not matter
        }
    }

    private static byte[] body(DataInputStream in, char tag) throws IOException {
        Message message = message(in);
        if (message.tag != tag) {
            throw new IOException("expected " + tag + ", got " + message.tag);
        }
        return message.content;
    }

    private record Message(char tag, byte[] content) {}

    private static Message message(DataInputStream in) throws IOException {
        char tag = (char) in.readUnsignedByte();
        byte[] content = new byte[in.readInt() - 4];
        in.readFully(content);
        if (tag == 'E') {
            throw new IOException(new String(content, StandardCharsets.UTF_8).replace('\0', ' '));
        }
        return new Message(tag, content);
    }
}
