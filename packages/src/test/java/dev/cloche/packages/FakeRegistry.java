package dev.cloche.packages;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A package index on this machine that answers what a test tells it to, also what no honest index would. */
final class FakeRegistry implements AutoCloseable {
    private final ServerSocket socket;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    final List<String> heads = new CopyOnWriteArrayList<>();

    /** Writes a whole answer, head included. */
    @FunctionalInterface
    interface Answer {
        void write(OutputStream out) throws IOException;
    }

    FakeRegistry() {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
    }

    FakeRegistry at(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    FakeRegistry page(String project, String html) {
        return at("/simple/" + project + "/", ok("text/html", html.getBytes(StandardCharsets.UTF_8)));
    }

    /** A page in HTML only, and the files behind it. */
    FakeRegistry project(String project, TestWheels.Made... wheels) {
        StringBuilder html = new StringBuilder("<!DOCTYPE html><html><body><h1>Links</h1>\n");
        for (TestWheels.Made wheel : wheels) {
            html.append("<a href=\"../../files/").append(wheel.file()).append("#sha256=").append(wheel.digest())
                    .append("\" data-requires-python=\"&gt;=3.8\">").append(wheel.file()).append("</a><br/>\n");
            at("/files/" + wheel.file(), ok("application/octet-stream", wheel.bytes()));
        }
        return page(project, html + "</body></html>");
    }

    static Answer ok(String type, byte[] body) {
        return out -> {
            out.write(("HTTP/1.1 200 OK\r\ncontent-type: " + type + "\r\ncontent-length: " + body.length + "\r\nconnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(body);
        };
    }

    static Answer status(int status, String... headers) {
        return out -> out.write(("HTTP/1.1 " + status + " X\r\n" + String.join("\r\n", headers) + (headers.length == 0 ? "" : "\r\n")
                + "content-length: 0\r\nconnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    int count(String path) {
        return (int) requests.stream().filter(path::equals).count();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket connection = socket.accept();
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            BufferedReader in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            String first = in.readLine();
            if (first == null) {
                return;
            }
            StringBuilder head = new StringBuilder(first);
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                head.append('\n').append(line);
            }
            String path = first.split(" ")[1];
            requests.add(path);
            heads.add(head.toString());
            answers.getOrDefault(path, status(404)).write(connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (IOException e) {
            // the client went away, which some tests want
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
