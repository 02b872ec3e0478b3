import dev.cloche.http.Assets;
import dev.cloche.http.Authenticator;
import dev.cloche.http.FrontDoor;
import dev.cloche.http.Handshake;
import dev.cloche.http.HttpConfig;
import dev.cloche.http.HttpServer;
import dev.cloche.http.Origins;
import dev.cloche.http.RequestCheck;
import dev.cloche.http.Route;
import dev.cloche.http.Socket;
import dev.cloche.http.SocketListener;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What people build without a live database: a server that does each call of {@link LoadClient} as a transaction in a file of
 * SQLite with a write-ahead log, and sends the frame back. By the same WebSockets as {@link EchoServer}.
 *
 * <p>{@code java SqlitePeer.java FILE ACCOUNTS}: clients of {@code /confirmed} are answered when a transaction is on disk
 * ({@code synchronous = FULL}), those of {@code /quick} when it is in the log ({@code NORMAL}).
 */
public final class SqlitePeer {
    /** Where the arguments of a call of {@code transfer} begin. */
    private static final int ARGUMENTS = 1 + 4 + 1 + 4 + "transfer".length() + 4;
    private static final int CALL = ARGUMENTS + 12;

    private final Connection connection;
    private final PreparedStatement read;
    private final PreparedStatement write;

    private SqlitePeer(Connection connection) throws SQLException {
        this.connection = connection;
        read = connection.prepareStatement("SELECT balance FROM account WHERE id = ?");
        write = connection.prepareStatement("UPDATE account SET balance = ? WHERE id = ?");
    }

    public static void main(String[] words) throws SQLException {
        SqlitePeer confirmed = open(words[0], "FULL");
        try (Statement statement = confirmed.connection.createStatement()) {
            statement.execute("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " + words[1] + " - 1) INSERT INTO account SELECT i, 1000000 FROM n");
            confirmed.connection.commit();
        }
        SqlitePeer quick = open(words[0], "NORMAL");
        HttpServer server = HttpServer.bind(HttpConfig.on("127.0.0.1", 0));
        server.serve(new FrontDoor(Origins.local(server.port()),
                new FrontDoor.Parts(List.of(route("/confirmed", confirmed), route("/quick", quick)), List.of(), Assets.none(), Authenticator.nobody(), RequestCheck.none())));
        System.out.println(server.port());
    }

    private static SqlitePeer open(String file, String synchronous) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + synchronous);
            statement.execute("CREATE TABLE IF NOT EXISTS account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL)");
        }
        connection.setAutoCommit(false);
        return new SqlitePeer(connection);
    }

    private static Route route(String path, SqlitePeer peer) {
        return Route.get(path, request -> Handshake.accept(request, Handshake.offered(request).stream().findFirst(), socket -> new Calls(socket, peer))).anyOrigin();
    }

    private record Calls(Socket socket, SqlitePeer peer) implements SocketListener {
        @Override
        public void binary(byte[] bytes, int from, int length) {
            ByteBuffer calls = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = from; at < from + length; at += CALL) {
                peer.transfer(calls.getInt(at + ARGUMENTS), calls.getInt(at + ARGUMENTS + 4), calls.getInt(at + ARGUMENTS + 8));
            }
            socket.binary(bytes, from, length);
        }

        @Override
        public void text(String text) {}

        @Override
        public void closed() {}
    }

    private synchronized void transfer(int source, int target, int amount) {
        if (source == target) {
            return;
        }
        try {
            long giver = balance(source);
            long taker = balance(target);
            if (giver < amount) {
                throw new IllegalStateException("not enough money");
            }
            set(source, giver - amount);
            set(target, taker + amount);
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private long balance(int account) throws SQLException {
        read.setInt(1, account);
        try (ResultSet rows = read.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void set(int account, long balance) throws SQLException {
        write.setLong(1, balance);
        write.setInt(2, account);
        write.executeUpdate();
    }
}
