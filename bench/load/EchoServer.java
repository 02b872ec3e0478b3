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
import java.util.List;

/** Sends back the frames of {@link LoadClient} through the server's own WebSockets, without any work: what all figures are compared with. */
public final class EchoServer {
    private EchoServer() {}

    public static void main(String[] words) {
        Route echo = Route.get("/echo", request -> Handshake.accept(request, Handshake.offered(request).stream().findFirst(), Echo::new)).anyOrigin();
        HttpServer server = HttpServer.bind(HttpConfig.on("127.0.0.1", 0));
        server.serve(new FrontDoor(Origins.local(server.port()),
                new FrontDoor.Parts(List.of(echo), List.of(), Assets.none(), Authenticator.nobody(), RequestCheck.none())));
        System.out.println(server.port());
    }

    private record Echo(Socket socket) implements SocketListener {
        @Override
        public void binary(byte[] bytes, int from, int length) {
            socket.binary(bytes, from, length);
        }

        @Override
        public void text(String text) {}

        @Override
        public void closed() {}
    }
}
