package dev.cloche.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The opening of a WebSocket (RFC 6455, section 4.2). */
public final class Handshake {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Handshake() {}

    /** The protocols that the client offers, in its order; possibly none. */
    public static List<String> offered(Request request) {
        return words(request, "sec-websocket-protocol");
    }

    /** Whether the client asks for a WebSocket. */
    public static boolean isAsked(Request request) {
        return words(request, "connection").stream().anyMatch("upgrade"::equalsIgnoreCase)
                && words(request, "upgrade").stream().anyMatch("websocket"::equalsIgnoreCase);
    }

    /**
     * The answer that opens a WebSocket.
     *
     * @param protocol one of those that were offered, or empty
     * @throws Refused 426 if the request asks for no WebSocket or another version, 400 if its key is none
     */
    public static Response accept(Request request, Optional<String> protocol, SocketOpener opener) {
        if (!isAsked(request) || !request.method().equals("GET")) {
            throw new Refused(ProblemJson.refusal(426, "WebSocket only", "This path is for WebSockets.").with("upgrade", "websocket"));
        }
        if (!request.header("sec-websocket-version").orElse("").equals("13")) {
            throw new Refused(ProblemJson.refusal(426, "WebSocket version", "There is version 13 only.").with("sec-websocket-version", "13"));
        }
        String key = request.header("sec-websocket-key").orElse("");
        if (!isKey(key)) {
            throw new Refused(ProblemJson.refusal(400, "Invalid request", "Sec-WebSocket-Key is 16 bytes in base64."));
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        headers.put("upgrade", List.of("websocket"));
        headers.put("connection", List.of("Upgrade"));
        headers.put("sec-websocket-accept", List.of(proof(key)));
        protocol.ifPresent(name -> headers.put("sec-websocket-protocol", List.of(name)));
        return new Response(101, headers, new Response.Body.Upgrade(opener));
    }

    private static boolean isKey(String key) {
        try {
            return Base64.getDecoder().decode(key).length == 16;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** What a server says to such a key. */
    static String proof(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    private static List<String> words(Request request, String header) {
        return request.headers(header).stream()
                .flatMap(line -> Arrays.stream(line.split(",")))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .map(word -> header.equals("sec-websocket-protocol") ? word : word.toLowerCase(Locale.ROOT))
                .toList();
    }
}
